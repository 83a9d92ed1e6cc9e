package io.aviladb.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole clusters under random faults. A seed that fails is shrunk and printed as a plan, which {@code -Davila.plan=...} repeats; it belongs into
 * {@code simulation/plans.txt}, which always runs. {@code -Davila.seeds=N} runs more seeds, {@code -Davila.seed=N} begins elsewhere, {@code
 * -Davila.events=N} makes them longer.
 */
class ClusterSimulation {
    private static final int EVENTS = Integer.getInteger("avila.events", 1_000);
    private static final long FIRST = Long.getLong("avila.seed", 1);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Simulator simulator;

    @BeforeEach
    void open() {
        simulator = new Simulator(directory.resolve("simulator"));
    }

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void everySeedKeepsWhatIsPromised() {
        long seeds = Long.getLong("avila.seeds", 60);
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        long events = 0;
        long operations = 0;
        long acknowledged = 0;
        for (long seed = FIRST; seed < FIRST + seeds; seed++) {
            Run.Result result = simulator.runOrExplain(Plan.of(seed, EVENTS));
            result.faults().forEach((fault, times) -> faults.merge(fault, times, Integer::sum));
            events += result.events();
            operations += result.operations();
            acknowledged += result.acknowledged();
        }
        System.out.println(seeds + " seeds from " + FIRST + ", " + events + " events, " + operations + " operations judged, " + acknowledged
                + " acknowledged, faults that took effect: " + faults);
        assertThat(acknowledged).as("operations that went well").isGreaterThan(operations / 2);
        if (seeds >= 60) {
            assertThat(faults).as("all faults took effect").containsOnlyKeys(Fault.values());
        }
    }

    @Test
    void plansThatOnceFailedHold() throws IOException {
        String given = System.getProperty("avila.plan");
        List<String> lines = given == null ? kept() : List.of(given);
        assertThat(lines).isNotEmpty();
        for (String line : lines) {
            simulator.runOrExplain(Plan.parse(line));
        }
    }

    private static List<String> kept() throws IOException {
        try (InputStream in = Objects.requireNonNull(ClusterSimulation.class.getResourceAsStream("/simulation/plans.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    /** Whatever a process's own order, salt or time would change shows in a digest. */
    @Test
    void twoProcessesDoTheSame() throws IOException, InterruptedException {
        long seeds = Long.getLong("avila.seeds", 12);
        List<String> here = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + seeds; seed++) {
            Plan plan = Plan.of(seed, EVENTS);
            here.add(Simulator.line(plan, simulator.run(plan)));
        }
        assertThat(elsewhere(seeds)).isEqualTo(here);
    }

    private List<String> elsewhere(long seeds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+Use")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Simulator.class.getName(), directory.resolve("elsewhere").toString(), Long.toString(FIRST), Long.toString(seeds),
                Integer.toString(EVENTS)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("v=")).toList();
        assertThat(process.waitFor()).as("the other process's exit").isZero();
        return lines;
    }
}
