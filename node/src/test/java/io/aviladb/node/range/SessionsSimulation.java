package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sessions in three regions: read your writes, monotonic reads, writes that follow reads, under random schedules. The same schedules with something
 * done wrong find it: a simulation that nothing can fail proves nothing. {@code -Davila.seeds=N} runs more of them, {@code -Davila.seed=N} begins
 * elsewhere.
 */
class SessionsSimulation {
    private static final int STEPS = 120;
    /** Within so many schedules a fault shows. */
    private static final int SOON = 1_000;
    private static final Pattern GUARANTEE = Pattern.compile("SessionsNeverGoBack|WritesFollowReads");
    private static final SharedEngine ENGINE = Regions.engine();

    @TempDir
    Path directory;

    private long answered;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void sessionsNeverGoBackWhateverTheSchedule() {
        long first = Long.getLong("avila.seed", 1);
        long seeds = Long.getLong("avila.seeds", 200);
        for (long seed = first; seed < first + seeds; seed++) {
            long now = seed;
            violation(seed, SessionWorld.Fault.NONE).ifPresent(found -> {
                throw new AssertionError("seed " + now + ": " + found.getMessage(), found);
            });
        }
        assertThat(answered).as("reads that were answered").isGreaterThan(seeds * STEPS / 10);
    }

    @ParameterizedTest
    @EnumSource(value = SessionWorld.Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void whatIsDoneWrongIsFoundSoon(SessionWorld.Fault fault) {
        for (long seed = 1; seed <= SOON; seed++) {
            if (violation(seed, fault).isPresent()) {
                return;
            }
        }
        throw new AssertionError("none of " + SOON + " schedules found " + fault);
    }

    /** What the schedule of the seed finds; an error that is no violation of a guarantee is thrown. */
    private Optional<AssertionError> violation(long seed, SessionWorld.Fault fault) {
        try (SessionWorld world = new SessionWorld(seed, fault, directory.resolve(fault + "-" + seed), ENGINE)) {
            for (int step = 0; step < STEPS; step++) {
                world.step();
            }
            answered += world.answered();
            return Optional.empty();
        } catch (AssertionError found) {
            if (!GUARANTEE.matcher(String.valueOf(found.getMessage())).find()) {
                throw found; // the world itself is broken
            }
            return Optional.of(found);
        }
    }
}
