package io.aviladb.node.controller;

import java.time.Duration;

/**
 * When ranges split and merge by themselves.
 *
 * <p>Invariants: {@code 2 * mergeBytes <= splitBytes} and {@code 2 * mergeOps <= splitOps}. What was just united doesn't split, and what was just cut
 * isn't united, unless what it holds or is asked has changed by half.
 *
 * @param automatic whether they do at all
 * @param period between two looks at the ranges. Too small: sizes are asked for all the time; too large: a growing range is cut late
 * @param splitBytes a range that takes more is cut at the middle of its bytes. Too small: many ranges, each with its entry in the map; too large: a
 *     range takes long to move, and work is spread coarsely
 * @param splitOps a range that is asked more per second is cut at the middle of its load
 * @param mergeBytes neighbours in one group that together take less may be united
 * @param mergeOps neighbours that together are asked less per second may be united
 * @param mergeAfter how long neighbours have to be small and cold before they are united. Too small: ranges come and go with the time of day
 */
public record RangeThresholds(boolean automatic, Duration period, long splitBytes, long splitOps, long mergeBytes, long mergeOps,
        Duration mergeAfter) {
    public static final RangeThresholds DEFAULTS = new RangeThresholds(true, Duration.ofSeconds(5), 64L << 20, 2_000, 16L << 20, 200,
            Duration.ofMinutes(5));
    /** Ranges change only where somebody asks for it. */
    public static final RangeThresholds OFF = new RangeThresholds(false, DEFAULTS.period, DEFAULTS.splitBytes, DEFAULTS.splitOps,
            DEFAULTS.mergeBytes, DEFAULTS.mergeOps, DEFAULTS.mergeAfter);

    public RangeThresholds {
        if (period.toMillis() < 1 || splitBytes < 1 || splitOps < 1 || mergeBytes < 0 || mergeOps < 0 || mergeAfter.isNegative()) {
            throw new IllegalArgumentException("thresholds of ranges are positive");
        }
        if (mergeBytes > splitBytes / 2) {
            throw new IllegalArgumentException("mergeBytes is at most half of splitBytes, else what was cut is united again");
        }
        if (mergeOps > splitOps / 2) {
            throw new IllegalArgumentException("mergeOps is at most half of splitOps, else what was cut is united again");
        }
    }
}
