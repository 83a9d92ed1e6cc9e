package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Clients record what they ask and are told while a nemesis kills leaders, cuts and delays; the checkers judge the histories, each at the level that
 * was promised. {@code -Davila.seed=N} draws the same faults again (the machine's timing doesn't repeat); {@code -Psoak} goes on for minutes.
 */
class HistoriesIT {
    private static final boolean SOAK = Boolean.getBoolean("avila.soak");
    private static final Duration DWELL = Duration.ofSeconds(SOAK ? 10 : 3);
    private static final int ROUNDS = SOAK ? 6 : 1;
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final List<String> NAMES = List.of("sa-east-1", "us-east-1");

    @Test
    void historiesUnderFaultsAreValidAtTheLevelThatWasPromised() {
        long seed = Long.getLong("avila.seed", System.nanoTime());
        Random random = new Random(seed);
        Path folder = Repository.folder("histories");
        try (DevProcess cluster = DevProcess.start("dev", folder, "--temporary", "--rtt", "none", "--regions", String.join(",", NAMES))) {
            List<String> lines = run(cluster, random, folder, seed);
            System.out.println("seed " + seed + "\n  " + String.join("\n  ", lines));
            cluster.stopCleanly();
        }
    }

    private static List<String> run(DevProcess cluster, Random random, Path folder, long seed) {
        CounterWorkload counter = new CounterWorkload(
                collection(cluster, "counter", "{\"default\":\"lww\",\"fields\":{\"/wins\":\"counter\"}}"),
                NAMES);
        List<CollectionRest> registers = collection(cluster, "register", "\"lww\"");
        List<Workload> workloads = List.of(new RegisterWorkload(registers.getFirst()),
                new SessionWorkload(collection(cluster, "session", "\"lww\"")), counter,
                new InsertWorkload(collection(cluster, "insert", "\"lww\"")));
        Nemesis nemesis = new Nemesis(NAMES, collection(cluster, "probe", "\"lww\""), registers.getFirst(), workloads, DWELL);
        counter.create();
        Convergence.awaitCount(counter.regions, 1);
        try {
            workloads.forEach(workload -> workload.start(workload instanceof RegisterWorkload ? 3 : 2, random));
            for (int round = 0; round < ROUNDS; round++) {
                List<Nemesis.Fault> faults = new ArrayList<>(Arrays.asList(Nemesis.Fault.values()));
                Collections.shuffle(faults, random);
                for (Nemesis.Fault fault : faults) {
                    awaitProgress(workloads, seed, fault.name());
                    nemesis.play(fault, random);
                }
            }
            awaitProgress(workloads, seed, "the end");
            workloads.forEach(Workload::stop);
        } finally {
            workloads.forEach(Workload::close);
        }
        nemesis.heal();
        workloads.forEach(workload -> Convergence.awaitSameBytes(workload.regions));
        workloads.forEach(Workload::last);
        return workloads.stream().map(workload -> workload.judge(folder)).toList();
    }

    /** A fault that meets nobody proves nothing; nor does one that nobody outlives. */
    private static void awaitProgress(List<Workload> workloads, long seed, String next) {
        List<Long> before = workloads.stream().map(Workload::acknowledged).toList();
        await().alias("seed " + seed + ": all go on before " + next).atMost(SOON).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            for (int n = 0; n < workloads.size(); n++) {
                assertThat(workloads.get(n).acknowledged()).as("%s", workloads.get(n)).isGreaterThan(before.get(n) + 10);
            }
        });
    }

    private static List<CollectionRest> collection(DevProcess cluster, String name, String policy) {
        List<CollectionRest> everywhere = cluster.everywhere("lab-" + name, name);
        everywhere.getFirst().create(policy);
        Convergence.awaitCount(everywhere, 0);
        return everywhere;
    }
}
