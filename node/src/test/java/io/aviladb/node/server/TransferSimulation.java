package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.proto.node.RangeRequest;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash table of splits, merges and transfers: at each step, on either side, requests and answers are lost, groups crash and drivers are deposed.
 * {@code -Davila.seeds=N} runs more seeds, {@code -Davila.seed=N} begins elsewhere.
 */
class TransferSimulation {
    private static final int SEEDS = 30;
    private static final int STEPS = 250;
    private static final SharedEngine ENGINE = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));

    @TempDir
    Path directory;

    private final Map<String, Integer> covered = new TreeMap<>();

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void nothingIsLostDoubledOrBackWhateverCrashesAtWhicheverStep() {
        long first = Long.getLong("avila.seed", 1);
        long seeds = Long.getLong("avila.seeds", SEEDS);
        for (long seed = first; seed < first + seeds; seed++) {
            run(seed, directory.resolve("seed" + seed));
        }
        if (seeds >= SEEDS) {
            boolean many = seeds >= 1_000;
            for (String cell : cells()) {
                int least = many ? 100 : cell.startsWith("MERGE") ? 0 : 1; // few seeds have few neighbours in one group
                assertThat(covered.getOrDefault(cell, 0)).as("how often it happened: %s, of %s", cell, covered)
                        .isGreaterThanOrEqualTo(least);
            }
        }
    }

    private static List<String> cells() {
        List<String> cells = new ArrayList<>(List.of("piece lost"));
        List<String> events = List.of("request lost", "answer lost", "old group crashes", "driver is deposed");
        for (RangeRequest.Step step : RangeRequest.Step.values()) {
            events.forEach(event -> cells.add(step + ": " + event));
            cells.add(step + ": new group crashes");
        }
        for (String kind : List.of("SPLIT", "MERGE")) {
            events.forEach(event -> cells.add(kind + ": " + event));
        }
        for (String entry : List.of("Decide", "Finish")) {
            cells.add(entry + ": entry lost");
            cells.add(entry + ": answer lost");
        }
        return cells;
    }

    @Test
    void oneSeedIsOneExecution() {
        assertThat(run(77, directory.resolve("once"))).isEqualTo(run(77, directory.resolve("again")));
    }

    private int run(long seed, Path where) {
        int step = 0;
        try (TransferWorld world = new TransferWorld(seed, where, ENGINE, covered)) {
            for (; step < STEPS; step++) {
                world.step();
            }
            world.heal();
            return world.fingerprint();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
    }
}
