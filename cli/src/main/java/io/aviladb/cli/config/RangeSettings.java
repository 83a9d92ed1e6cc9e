package io.aviladb.cli.config;

import io.aviladb.node.controller.RangeThresholds;
import java.time.Duration;
import java.util.List;

/** When ranges split and merge by themselves: {@code ranges} in {@code node.yaml}. */
final class RangeSettings {
    static final List<String> KEYS = List.of("ranges.automatic", "ranges.period-ms", "ranges.split-bytes", "ranges.split-ops",
            "ranges.merge-bytes", "ranges.merge-ops", "ranges.merge-after-seconds");
    private static final long MOST_BYTES = 1L << 40;
    private static final long MOST_OPS = 1_000_000_000;

    private RangeSettings() {
    }

    static RangeThresholds read(Settings settings) {
        RangeThresholds defaults = RangeThresholds.DEFAULTS;
        long splitBytes = settings.number("ranges.split-bytes", defaults.splitBytes(), 4_096, MOST_BYTES);
        long splitOps = settings.number("ranges.split-ops", defaults.splitOps(), 1, MOST_OPS);
        long mergeBytes = settings.number("ranges.merge-bytes", Math.min(defaults.mergeBytes(), splitBytes / 4), 0, MOST_BYTES);
        long mergeOps = settings.number("ranges.merge-ops", Math.min(defaults.mergeOps(), splitOps / 10), 0, MOST_OPS);
        if (mergeBytes > splitBytes / 2) {
            throw settings.wrong("ranges.merge-bytes", "at most half of ranges.split-bytes: else what was cut is united again");
        }
        if (mergeOps > splitOps / 2) {
            throw settings.wrong("ranges.merge-ops", "at most half of ranges.split-ops: else what was cut is united again");
        }
        return new RangeThresholds(settings.flag("ranges.automatic", defaults.automatic()),
                Duration.ofMillis(settings.number("ranges.period-ms", defaults.period().toMillis(), 100, 3_600_000)), splitBytes, splitOps,
                mergeBytes, mergeOps,
                Duration.ofSeconds(settings.number("ranges.merge-after-seconds", defaults.mergeAfter().toSeconds(), 0, 30 * 86_400L)));
    }
}
