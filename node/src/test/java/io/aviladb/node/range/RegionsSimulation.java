package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random schedules of three regions: writes and retries, batches that come late, twice, out of order or never, collecting, restarts. {@code
 * -Davila.seeds=N} runs more of them, {@code -Davila.seed=N} begins elsewhere.
 */
class RegionsSimulation {
    private static final int STEPS = 160;
    private static final SharedEngine ENGINE = Regions.engine();

    @TempDir
    Path directory;

    private long pastRead;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void regionsConvergeWhateverTheSchedule() {
        long first = Long.getLong("avila.seed", 1);
        long seeds = Long.getLong("avila.seeds", 300);
        for (long seed = first; seed < first + seeds; seed++) {
            run(seed, directory.resolve("seed" + seed));
        }
        assertThat(pastRead).as("states of the past that were compared").isGreaterThan(seeds * STEPS / 4);
    }

    @Test
    void oneSeedIsOneExecution() {
        assertThat(run(77, directory.resolve("once"))).isEqualTo(run(77, directory.resolve("again")));
    }

    @Test
    void regionsConvergeWhateverPoliciesTheyLearnOfMeanwhile() {
        long first = Long.getLong("avila.seed", 1);
        long seeds = Long.getLong("avila.seeds", 150);
        for (long seed = first; seed < first + seeds; seed++) {
            run(seed, directory.resolve("policies" + seed), true);
        }
    }

    private int run(long seed, Path where) {
        return run(seed, where, false);
    }

    private int run(long seed, Path where, boolean policies) {
        int step = 0;
        try (RegionWorld world = new RegionWorld(seed, where, ENGINE, policies)) {
            for (; step < STEPS; step++) {
                world.step();
            }
            world.heal();
            world.checkEnd();
            world.checkADayLater();
            pastRead += world.pastRead();
            return world.fingerprint();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
    }
}
