package io.aviladb.chaos.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import io.aviladb.chaos.history.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdicts are the known ones of the small histories. */
class LinearizabilityTest {
    private static final Map<String, Model<?>> MODELS = Map.of("register", new Models.Register(false), "refusals",
            new Models.Register(true), "list", new Models.Appended(), "counter", new Models.Counter(), "set", new Models.Elements(), "lock",
            new Models.Lock());

    @ParameterizedTest
    @CsvSource({"register, register-good, Valid", "register, register-bad-stale, Violated", "register, register-bad-lost, Violated",
            "register, register-bad-failed-applied, Violated", "register, register-bad-reapplied, Violated",
            "register, register-bad-first-write-lost, Violated", "register, idle, Undecided", "register, cas-refused-bad, Valid",
            "register, staleness-10ms, Violated", "register, staleness-3ms, Violated", "register, staleness-back-in-time, Violated",
            "refusals, cas-refused-bad, Violated", "refusals, cas-refused-good, Valid", "refusals, register-good, Valid",
            "list, k-list-good, Valid", "list, k-list-bad-reapplied, Violated", "counter, k-counter-good, Valid",
            "counter, k-counter-bad-double, Violated", "set, k-set-good, Valid", "set, k-set-bad-resurrected, Violated",
            "set, k-set-bad-duplicate, Violated", "lock, k-lock-good, Valid", "lock, k-lock-bad-two-holders, Violated",
            "lock, k-lock-bad-token, Violated"})
    void knownHistoriesGetTheirVerdict(String model, String history, String verdict) throws Exception {
        assertThat(judged(model, history).getClass().getSimpleName()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"register-nil-read", "wr-bad-fractured"})
    void whatIsNotForTheModelIsRefused(String history) {
        assertThatThrownBy(() -> judged("register", history)).isInstanceOf(MalformedHistoryException.class);
    }

    @Test
    void aViolationNamesOnlyWhatProvesIt() throws Exception {
        assertThat(judged("register", "register-bad-reapplied")).isInstanceOfSatisfying(Verdict.Violated.class, violated -> {
            assertThat(violated.offending()).extracting(Operation::began).containsExactly(0L, 2L, 6L);
            assertThat(violated.describe()).contains("key \"x\" isn't linearizable", "process 2: read [\"x\" 1] (asked at 6");
        });
    }

    @Test
    void anUnknownOutcomeMayMeanNever() {
        Recorder recorder = new Recorder();
        Recorder.Client client = recorder.client(Map.of());
        client.invoke("write", Edn.vector(Edn.of("x"), Edn.of(1)));
        client.ok(Edn.vector(Edn.of("x"), Edn.of(1)), Map.of());
        client.invoke("cas", Edn.vector(Edn.of("x"), Edn.vector(Edn.of(7), Edn.of(8)))); // nobody ever wrote 7
        client.info("timeout");
        assertThat(new Linearizability<>(new Models.Register(false)).check(recorder.history())).isInstanceOf(Verdict.Valid.class);
    }

    @Test
    void aBudgetThatIsUsedUpDecidesNothing() {
        Recorder recorder = new Recorder();
        List<Recorder.Client> clients = IntStream.range(0, 12).mapToObj(n -> recorder.client(Map.of())).toList();
        for (int n = 0; n < clients.size(); n++) {
            clients.get(n).invoke("add", Edn.vector(Edn.of("x"), Edn.of(1L << n)));
        }
        clients.forEach(client -> client.info("timeout"));
        Recorder.Client reader = recorder.client(Map.of());
        reader.invoke("read", Edn.vector(Edn.of("x"), Edn.NIL));
        reader.ok(Edn.vector(Edn.of("x"), Edn.of(-1)), Map.of());
        History history = recorder.history();
        assertThat(new Linearizability<>(new Models.Counter(), 1_000, Duration.ZERO).check(history)).isInstanceOf(Verdict.Undecided.class);
        assertThat(new Linearizability<>(new Models.Counter()).check(history)).isInstanceOf(Verdict.Violated.class);
    }

    private static Verdict judged(String model, String history) throws Exception {
        Path file = Path.of(Objects.requireNonNull(LinearizabilityTest.class.getResource("/histories/" + history + ".edn")).toURI());
        return new Linearizability<>(Objects.requireNonNull(MODELS.get(model))).check(History.read(file));
    }
}
