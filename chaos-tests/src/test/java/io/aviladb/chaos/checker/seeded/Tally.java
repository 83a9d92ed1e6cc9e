package io.aviladb.chaos.checker.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.History;
import java.util.stream.LongStream;

/** Counts verdicts, and fails with the seed where one isn't the oracle's. */
final class Tally {
    /** What the oracle says. */
    enum Expected {
        VALID, VIOLATED, UNDECIDED
    }

    private static final long FIRST = Long.getLong("avila.seed", System.nanoTime());
    private final String name;
    private int valid;
    private int violated;

    Tally(String name) {
        this.name = name;
    }

    /** Seeds of this run: others each time, unless the first is given. */
    static long[] seeds(int usually) {
        return LongStream.range(FIRST, FIRST + Long.getLong("avila.seeds", usually)).toArray();
    }

    void require(long seed, History history, Verdict verdict, Expected expected) {
        String found = verdict instanceof Verdict.Violated violation ? violation.describe() : verdict.toString();
        assertThat(verdict.getClass().getSimpleName()).as("seed %d (-Davila.seed=%d -Davila.seeds=1), %s: %s%n%s", seed, seed, name, found,
                history.text()).isEqualToIgnoringCase(expected.name());
        valid += expected == Expected.VALID ? 1 : 0;
        violated += expected == Expected.VIOLATED ? 1 : 0;
    }

    /** A run that never said one of the two proves nothing. */
    void requireBoth() {
        System.out.println(name + ": first seed " + FIRST + ", " + valid + " valid, " + violated + " violated, as the oracle says");
        if (Long.getLong("avila.seeds", 100) >= 100) {
            assertThat(valid).as("%s: valid histories", name).isGreaterThan(40);
            assertThat(violated).as("%s: violated histories", name).isGreaterThan(40);
        }
    }
}
