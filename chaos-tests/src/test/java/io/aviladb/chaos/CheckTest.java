package io.aviladb.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command prints, and how it ends. */
class CheckTest {
    private record Ended(int status, String out, String err) {}

    @ParameterizedTest
    @CsvSource({"register-good, register, 0, VALID", "register-bad-stale, register, 1, VIOLATED", "idle, register, 2, UNDECIDED",
            "wr-bad-fractured, register, 2, REFUSED", "malformed-overlap, register, 2, REFUSED", "bank-good, bank:20, 0, VALID",
            "bank-good, bank:21, 1, VIOLATED"})
    void theStatusTellsTheVerdict(String history, String model, int status, String word) {
        Ended ended = run(file(history), "--model", model);
        assertThat(ended.status).as("%s", ended).isEqualTo(status);
        assertThat(ended.out).contains(word, history + ".edn").endsWith("\n");
        assertThat(ended.err).isEmpty();
    }

    @Test
    void aViolationIsToldWithTheOperationsThatProveIt() {
        assertThat(run(file("register-bad-reapplied")).out.lines()).hasSize(4)
                .anyMatch(line -> line.contains("register  VIOLATED: key \"x\" isn't linearizable"))
                .anyMatch(line -> line.startsWith("    process 2: read [\"x\" 1] (asked at 6"));
    }

    @Test
    void programsReadTheSameAsJson() {
        Ended ended = run("--json", file("register-bad-reapplied"), file("register-good"));
        assertThat(ended.status).isEqualTo(1);
        List<JsonObject> lines = ended.out.lines().map(line -> (JsonObject) JsonParser.parse(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
        assertThat(lines).extracting(line -> line.getOrNull("verdict")).hasToString("[\"violated\", \"valid\"]");
        assertThat(((JsonArray) Objects.requireNonNull(lines.getFirst().getOrNull("operations"))).elements()).hasSize(3);
        assertThat(((JsonArray) Objects.requireNonNull(lines.getLast().getOrNull("operations"))).elements()).isEmpty();
        assertThat(lines.getLast().getOrNull("judged")).hasToString("10");
    }

    @Test
    void theWorstOfAllDecides() {
        assertThat(run(file("register-bad-stale"), file("idle"), "--model", "register").status).isEqualTo(1);
        assertThat(run(file("idle"), file("register-good"), "--model", "register").status).isEqualTo(2);
        assertThat(run(file("staleness-10ms"), "--model", "staleness:15", "--model", "register").status).isEqualTo(1);
    }

    @Test
    void aFileSaysHowItWantsToBeJudged(@TempDir Path folder) throws Exception {
        Path asking = folder.resolve("asking.edn");
        String judge = "{:index -1, :type :info, :process :lab, :f :judge, :value [\"sessions:monotonic-reads\" \"lagging:1\"], :time -1}\n";
        Files.writeString(asking, judge + Files.readString(Path.of(file("staleness-back-in-time"))));
        Ended ended = run(asking.toString());
        assertThat(ended.status).isEqualTo(1);
        assertThat(ended.out).contains("sessions:monotonic-reads  VIOLATED", "lagging:1  VALID");
    }

    @Test
    void wrongUsageIsNoVerdict(@TempDir Path folder) {
        assertThat(run()).isEqualTo(new Ended(2, "", "no file is named; --help lists what there is\n"));
        assertThat(run(file("idle"), "--model", "none")).extracting(Ended::status, Ended::err)
                .containsExactly(2, "no checker is called none; --help lists what there is\n");
        assertThat(run(file("idle"), "--model").err).contains("--model lacks its name");
        assertThat(run(file("idle"), "--fast").err).contains("unknown option --fast");
        assertThat(run(folder.resolve("none.edn").toString())).extracting(Ended::status).isEqualTo(2);
        assertThat(run(folder.resolve("none.edn").toString()).out).contains("none.edn  REFUSED: can't be read");
    }

    @Test
    void helpNamesEveryModel() {
        assertThat(run("--help")).extracting(Ended::status).isEqualTo(0);
        assertThat(run("--help").out).contains("--model", "--json", "register", "ids-ascending", "bank:TOTAL");
    }

    private static Ended run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Check.run(new ArrayList<>(List.of(arguments)), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ended(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String file(String name) {
        try {
            return Path.of(Objects.requireNonNull(CheckTest.class.getResource("/histories/" + name + ".edn")).toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
