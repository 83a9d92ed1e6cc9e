package io.aviladb.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.cycle.Cycles;
import io.aviladb.chaos.checker.cycle.Level;
import io.aviladb.chaos.checker.session.Guarantee;
import io.aviladb.chaos.checker.session.Sessions;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.EdnReader;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every case of {@code cases.edn}: the verdicts of established checkers, except where those are blind and the truth is known
 * ({@link #BLIND}).
 */
class KnownVerdictsTest {
    private static final Set<String> GUARANTEES = Set.of("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads",
            "causal");
    /** Where the established verdict is "valid" and ours must be "violated". */
    private static final Set<String> BLIND = Set.of("append session-bad-ryw {:models [:read-your-writes]}",
            "append session-bad-monotonic {:models [:monotonic-reads]}", "append session-bad-monotonic {:models [:causal]}",
            "wr wr-bad-fractured {:models [:read-atomic]}", "wr wr-bad-lww-order {:models [:strong-session-snapshot-isolation]}",
            "set set-bad-duplicate {}", "set set-bad-never-added {}", "pn-counter pn-bad-diverged {}");

    private record Case(String workload, String history, Edn options, Edn expected) {
        static Case of(Edn line) {
            List<Edn> parts = line.items();
            return new Case(text(parts.get(0)), text(parts.get(1)), parts.get(2), parts.get(3));
        }

        String name() {
            return workload + " " + history + " " + options.text();
        }

        Edn option(String name, Edn otherwise) {
            return options instanceof Edn.Dict(Map<Edn, Edn> entries) ? entries.getOrDefault(Edn.keyword(name), otherwise) : otherwise;
        }

        boolean is(String name) {
            return option(name, Edn.NIL).equals(new Edn.Bool(true));
        }

        String model(String otherwise) {
            List<Edn> models = option("models", Edn.NIL).items();
            return models.isEmpty() ? otherwise : models.getFirst().text().substring(1);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCaseGetsItsVerdict() {
        return cases().stream().map(known -> DynamicTest.dynamicTest(known.name(), () -> judge(known)));
    }

    @Test
    void everyHistoryIsJudged() throws Exception {
        Set<String> judged = cases().stream().map(Case::history).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(Objects.requireNonNull(file("cases").getParent()))) {
            Set<String> byModel = Set.of("cas-refused-bad", "cas-refused-good");
            assertThat(files.map(path -> path.getFileName().toString().replace(".edn", ""))
                    .filter(name -> !name.equals("cases") && !name.startsWith("k-") && !name.startsWith("staleness-")
                            && !byModel.contains(name)))
                    .allMatch(judged::contains).hasSizeGreaterThan(50);
        }
    }

    @ParameterizedTest
    @CsvSource({"staleness:0, staleness-10ms, Violated", "staleness:5, staleness-10ms, Violated", "staleness:15, staleness-10ms, Valid",
            "staleness:10, staleness-10ms, Valid", "lagging:1, staleness-10ms, Valid", "lagging:0, staleness-10ms, Violated",
            "staleness:0, staleness-3ms, Violated", "staleness:1, staleness-3ms, Valid", "staleness:3, staleness-3ms, Valid",
            "lagging:1, staleness-back-in-time, Valid", "sessions:monotonic-reads, staleness-back-in-time, Violated",
            "converge, k-converge-good, Valid", "converge, k-converge-bad-diverged, Violated", "converge, k-converge-bad-lost, Violated",
            "converge, k-lww-bad-loser-won, Valid", "lww, k-lww-good, Valid", "lww, k-lww-bad-loser-won, Violated",
            "zones, staleness-back-in-time, Violated", "zones, staleness-10ms, Violated", "zones, register-bad-stale, Violated",
            "zones, register-bad-first-write-lost, Violated", "zones, register-bad-failed-applied, Violated",
            "zones, register-bad-reapplied, Violated", "zones, idle, Undecided", "refusals, cas-refused-bad, Violated",
            "refusals, cas-refused-good, Valid", "list, k-list-good, Valid", "list, k-list-bad-reapplied, Violated",
            "counter-linear, k-counter-good, Valid", "counter-linear, k-counter-bad-double, Violated", "elements, k-set-good, Valid",
            "elements, k-set-bad-resurrected, Violated", "elements, k-set-bad-duplicate, Violated", "lock, k-lock-good, Valid",
            "lock, k-lock-bad-two-holders, Violated", "lock, k-lock-bad-token, Violated"})
    void namedCheckersAgreeWithTheTable(String checker, String history, String verdict) throws Exception {
        assertThat(Checkers.of(checker).check(History.read(file(history))).getClass().getSimpleName()).isEqualTo(verdict);
    }

    private static void judge(Case known) throws IOException {
        Edn expected = BLIND.contains(known.name()) ? new Edn.Bool(false) : known.expected();
        assertThat(verdict(known)).as("%s", known.name()).isEqualTo(switch (expected) {
            case Edn.Bool(boolean valid) -> valid ? "Valid" : "Violated";
            case Edn.Keyword(String name) when name.equals("unknown") -> "Undecided";
            default -> "refused";
        });
    }

    private static String verdict(Case known) throws IOException {
        try {
            Verdict verdict = checker(known).check(History.read(file(known.history())));
            if (verdict instanceof Verdict.Violated violated) {
                assertThat(violated.offending()).as("what proves it").isNotEmpty();
            }
            return verdict.getClass().getSimpleName();
        } catch (MalformedHistoryException e) {
            return "refused";
        }
    }

    private static Checker checker(Case known) {
        return switch (known.workload()) {
            case "register" -> Checkers.of("register");
            case "append" -> GUARANTEES.contains(known.model(""))
                    ? new Sessions(Guarantee.of(known.model("")))
                    : new Cycles(Level.of(known.model("strict-serializable")), false);
            case "wr" -> new Cycles(Level.of(known.model("strict-serializable")), known.is("per-key"));
            case "set" -> new SetFull(known.is("linearizable"));
            case "set-final" -> new SetFull(false);
            case "counter" -> new Counters(true);
            case "pn-counter" -> new Counters(false);
            case "bank" -> new Bank(Set.copyOf(known.option("accounts", Edn.NIL).items()), known.option("total", Edn.NIL).number());
            case "long-fork" -> new Cycles(Level.of("snapshot-isolation"), false);
            case "causal-reverse" -> new Prefix();
            case "unique-ids" -> new UniqueIds(false);
            case "log" -> new Logs();
            case "queue" -> new Queues();
            default -> throw new IllegalArgumentException("no checker for " + known.workload());
        };
    }

    private static List<Case> cases() {
        try {
            return EdnReader.readAll(Files.readString(file("cases"))).getFirst().items().stream().map(Case::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Edn value) {
        return value instanceof Edn.Text(String text) ? text : value.text();
    }

    private static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(KnownVerdictsTest.class.getResource("/histories/" + name + ".edn")).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
