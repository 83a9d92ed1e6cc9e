package io.aviladb.chaos.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tlc2.TLC;

/**
 * TLC goes through every state of three specifications within small bounds. Each rule that they hold by is a constant: without it TLC has to find a
 * state that breaks an invariant, or the rule, or the specification, says nothing.
 */
class SpecificationsTest {
    private static final long LONGEST_MINUTES = 5;
    private static final Map<String, String> INVARIANTS = Map.of("SessionTokens", "SessionSeesWhatItKnows", "ClosedMarks",
            "CursorPassesNothing FeedAscends", "RangeSplit", "OneOwner NothingIsLost ReadsAreFresh");
    private static final Map<String, Map<String, String>> BOUNDS = Map.of("SessionTokens",
            Map.of("Regions", "{a, b, c}", "Sessions", "{s1, s2}", "Keys", "{x, y}", "MostWrites", "2", "MostStamp", "2", "Waits", "TRUE",
                    "Inherits", "TRUE"),
            "ClosedMarks",
            Map.of("MostTime", "3", "MostWrites", "2", "RaisesAboveClosed", "TRUE", "MindsProposed", "TRUE", "RestoresFromLog", "TRUE"),
            "RangeSplit",
            Map.of("Last", "2", "Routers", "{r1, r2}", "MostWrites", "2", "MostEpoch", "3", "ChecksEpoch", "TRUE", "MovesAll", "TRUE"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"SessionTokens", "ClosedMarks", "RangeSplit"})
    void everyInvariantHoldsInEveryState(String specification) throws Exception {
        assertThat(checked(specification, "")).contains("Model checking completed. No error has been found.");
    }

    @ParameterizedTest
    @CsvSource({"SessionTokens, Waits, SessionSeesWhatItKnows", "SessionTokens, Inherits, SessionSeesWhatItKnows",
            "ClosedMarks, RaisesAboveClosed, CursorPassesNothing", "ClosedMarks, MindsProposed, CursorPassesNothing",
            "ClosedMarks, RestoresFromLog, FeedAscends", "RangeSplit, ChecksEpoch, ReadsAreFresh", "RangeSplit, MovesAll, NothingIsLost"})
    void withoutTheRuleAnInvariantBreaks(String specification, String rule, String invariant) throws Exception {
        assertThat(checked(specification, rule)).contains("Invariant " + invariant + " is violated.");
    }

    /** @return what TLC printed; it runs in a process of its own, since its state is static */
    private String checked(String specification, String withoutRule) throws Exception {
        try (InputStream text = Objects.requireNonNull(SpecificationsTest.class.getResourceAsStream("/tla/" + specification + ".tla"))) {
            Files.copy(text, folder.resolve(specification + ".tla"));
        }
        Files.writeString(folder.resolve(specification + ".cfg"), configuration(specification, withoutRule));
        Path out = folder.resolve("out");
        Process tlc = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-XX:+UseSerialGC", "-cp", tools(), TLC.class.getName(), "-deadlock", "-workers", "1", "-metadir",
                folder.resolve("states").toString(), "-config", specification + ".cfg", specification + ".tla"))
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(tlc.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).as("TLC ends in time; it printed %s", read(out)).isTrue();
        } finally {
            tlc.destroyForcibly();
        }
        return read(out);
    }

    private static String configuration(String specification, String withoutRule) {
        Map<String, String> constants = new TreeMap<>(Objects.requireNonNull(BOUNDS.get(specification)));
        if (!withoutRule.isEmpty()) {
            assertThat(constants.put(withoutRule, "FALSE")).as("the rule is in force otherwise").isEqualTo("TRUE");
        }
        return "SPECIFICATION Spec\nCONSTANTS\n"
                + constants.entrySet().stream().map(entry -> "  " + entry.getKey() + " = " + entry.getValue() + "\n")
                        .collect(Collectors.joining())
                + "INVARIANTS " + INVARIANTS.get(specification) + "\n";
    }

    private static String tools() throws URISyntaxException {
        return Path.of(TLC.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }
}
