package io.aviladb.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.MalformedHistoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Checkers that nobody has seen refuse what they are for prove nothing. Each case of {@code verdicts/small.txt} is a line
 * {@code = CHECKER | VERDICT | what it shows} and the lines of its history, as {@link Told} reads them. A verdict {@code Violated: words} must give
 * these words, and name operations.
 */
class SmallVerdictsTest {
    private record Case(String checker, String verdict, String what, List<String> lines) {
        String name() {
            return checker + ": " + what;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCaseGetsItsVerdict() throws IOException {
        return cases().stream().map(known -> DynamicTest.dynamicTest(known.name(), () -> judge(known)));
    }

    @Test
    void everyCheckerOfTheFileSaysYesAndNo() throws IOException {
        List<Case> cases = cases();
        assertThat(cases.stream().map(Case::checker).distinct().filter(name -> !name.contains("cycles:"))).hasSizeGreaterThan(15)
                .filteredOn(name -> cases.stream().filter(known -> known.checker.equals(name))
                        .map(known -> known.verdict.replaceAll(":.*", "")).distinct().count() < 2)
                .isEmpty();
    }

    @Test
    void aReadThatLacksOneOfTheAccountsIsNoSnapshot() {
        Bank bank = new Bank(Set.of(Edn.of(0), Edn.of(1)), 20);
        assertThat(bank.check(Told.history(List.of("0 did read {0 20}")))).isInstanceOf(Verdict.Violated.class);
        assertThat(bank.check(Told.history(List.of("0 did read {0 20, 1 0}")))).isInstanceOf(Verdict.Valid.class);
    }

    private static void judge(Case known) {
        Verdict verdict;
        try {
            verdict = Checkers.of(known.checker).check(Told.history(known.lines));
        } catch (MalformedHistoryException e) {
            assertThat(known.verdict).as("%s", e.getMessage()).isEqualTo("Malformed");
            return;
        }
        if (verdict instanceof Verdict.Violated violated) {
            assertThat(known.verdict).as("%s", violated.describe()).startsWith("Violated: ");
            assertThat(violated.why()).contains(known.verdict.substring("Violated: ".length()));
            assertThat(violated.offending()).isNotEmpty();
        } else {
            assertThat(verdict.getClass().getSimpleName()).isEqualTo(known.verdict);
        }
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line : text().lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList()) {
            if (line.startsWith("= ")) {
                String[] parts = line.substring(2).split(" \\| ");
                cases.add(new Case(parts[0], parts[1], parts[2], new ArrayList<>()));
            } else {
                cases.getLast().lines.add(line);
            }
        }
        return cases;
    }

    private static String text() throws IOException {
        try (InputStream file = Objects.requireNonNull(SmallVerdictsTest.class.getResourceAsStream("/verdicts/small.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
