package io.aviladb.node.server;

import io.aviladb.node.consensus.ratis.Tuning;
import io.aviladb.node.controller.RangeThresholds;
import io.aviladb.storage.engine.EngineOptions;
import java.time.Duration;

/**
 * What a node may use.
 *
 * @param minFreeBytes below this free disk space writes are refused (507), reads and deletes go on. Too small: the log fails; too large: space
 *     is wasted
 * @param feedRetention how long changes are kept for links at least. Too small: short outages re-base; too large: disk
 * @param engine caches and buffers of the stores, for the whole process
 * @param ranges when ranges split and merge by themselves; the node that leads the region's controller goes by its own
 */
public record NodeLimits(long minFreeBytes, Duration feedRetention, EngineOptions engine, Tuning raft, RangeThresholds ranges) {
    public static final NodeLimits DEFAULTS = new NodeLimits(512L << 20, Duration.ofSeconds(60), EngineOptions.DEFAULT, Tuning.DEFAULTS,
            RangeThresholds.DEFAULTS);
    /** Many nodes in one process on one machine. */
    public static final NodeLimits DEV = new NodeLimits(256L << 20, Duration.ofSeconds(60),
            new EngineOptions(32L << 20, 64L << 20, 1, 48L << 20),
            Tuning.DEFAULTS, RangeThresholds.DEFAULTS);

    public NodeLimits withRanges(RangeThresholds other) {
        return new NodeLimits(minFreeBytes, feedRetention, engine, raft, other);
    }
}
