package io.aviladb.router.topology;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.time.Clock;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each node is: a moving average of round trips, from the requests themselves and from probes. A node that failed counts as farthest
 * for a second.
 */
public final class RoundTrips {
    /** What is not known yet stands behind what is measured and before what failed. */
    private static final long UNKNOWN_MICROS = 10_000_000;
    private static final long SUSPECT_NANOS = 1_000_000_000;
    /** One measurement moves the average by an eighth. */
    private static final int WEIGHT = 8;

    private record Estimate(long micros, long measuredAt, boolean failed) {}

    private final ConcurrentHashMap<NodeId, Estimate> estimates = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<NodeId, Long> ways = new ConcurrentHashMap<>(); // averages of probes, in microseconds
    private final Clock clock;

    public RoundTrips(Clock clock) {
        this.clock = clock;
    }

    public void measured(NodeId node, long nanos) {
        long micros = Math.max(1, nanos / 1_000);
        long now = clock.nanos();
        Estimate before = estimates.get(node);
        long average = before == null || before.micros == UNKNOWN_MICROS ? micros : before.micros + (micros - before.micros) / WEIGHT;
        estimates.put(node, new Estimate(average, now, false));
    }

    /** A probe, which does no work at the node, was answered. */
    void probed(NodeId node, long nanos) {
        long micros = Math.max(1, nanos / 1_000);
        ways.merge(node, micros, (before, now) -> before + (now - before) / WEIGHT);
        if (!estimates.containsKey(node)) {
            measured(node, nanos);
        }
    }

    /** The way to the node and back alone, in microseconds; 0 where no probe was answered yet. */
    long wayMicros(NodeId node) {
        return ways.getOrDefault(node, 0L);
    }

    public void failed(NodeId node) {
        long now = clock.nanos();
        estimates.compute(node,
                (name, before) -> new Estimate(before == null ? UNKNOWN_MICROS : before.micros, now, true));
    }

    /** Whether the node failed less than a second ago. */
    public boolean isSuspect(NodeId node) {
        Estimate estimate = estimates.get(node);
        return estimate != null && estimate.failed && clock.nanos() - estimate.measuredAt < SUSPECT_NANOS;
    }

    /** Whether nothing was measured for so long. */
    public boolean isStale(NodeId node, long nanos) {
        Estimate estimate = estimates.get(node);
        return estimate == null || clock.nanos() - estimate.measuredAt >= nanos;
    }

    /** The average, in microseconds. */
    public long micros(NodeId node) {
        Estimate estimate = estimates.get(node);
        return estimate == null ? UNKNOWN_MICROS : estimate.micros;
    }

    /** Nearest first; suspects last. */
    public Comparator<NodeId> nearestFirst() {
        return Comparator.comparing(this::isSuspect).thenComparing(this::micros).thenComparing(Comparator.naturalOrder());
    }
}
