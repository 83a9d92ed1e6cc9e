package io.aviladb.router.route;

import io.aviladb.core.time.Clock;

/**
 * How much may be asked beyond what clients asked for: hedges and retries help one request and cost all others, and in an overload they make it worse.
 * Source: Dean, Barroso, <em>The Tail at Scale</em>, CACM 2013; Finagle's {@code RetryBudget}.
 *
 * <p>Invariant: taken and of no use ≤ burst + share × ordinary + a second's rate × seconds + of use. Thread-safe.
 */
public final class Budget {
    private final Clock clock;
    private final double share;
    private final int burst;
    private final double perSecond;
    private final long begunAt;
    private double left; // guarded by this, as are the following
    private long filledAt;
    private long ordinary;
    private long taken;
    private long useful;

    /**
     * @param share of the ordinary requests
     * @param burst at once; also the most that is saved up
     * @param perSecond whatever the load is
     */
    Budget(Clock clock, double share, int burst, double perSecond) {
        this.clock = clock;
        this.share = share;
        this.burst = burst;
        this.perSecond = perSecond;
        this.begunAt = clock.nanos();
        this.left = burst;
        this.filledAt = begunAt;
    }

    /** A second question for a read whose first answer is late: 5 % of the reads. */
    static Budget hedges(Clock clock) {
        return new Budget(clock, 0.05, 10, 0);
    }

    /** Another attempt where the one before was lost: 20 % of the requests, and 10 a second for those who come rarely. */
    static Budget retries(Clock clock) {
        return new Budget(clock, 0.2, 100, 10);
    }

    /** A request that was asked for. */
    synchronized void ordinary() {
        ordinary++;
        fill(share);
    }

    /** Whether one more may be sent. */
    synchronized boolean take() {
        fill(0);
        if (left < 1) {
            return false;
        }
        left--;
        taken++;
        assert taken <= limit() : "more was taken than there was";
        return true;
    }

    /**
     * What was taken was of use: an answer came. It may be taken again, and one more, so that what has waited for a leader goes out in
     * doubling numbers once there is one. Source: Jacobson, <em>Congestion Avoidance and Control</em>, 1988, "slow start".
     */
    synchronized void giveBack() {
        left = Math.min(burst, left + 2);
        taken--;
        useful++;
    }

    private void fill(double more) {
        long now = clock.nanos();
        left = Math.min(burst, left + more + (now - filledAt) * perSecond / 1e9);
        filledAt = now;
    }

    private double limit() {
        return burst + useful + share * ordinary + perSecond * (clock.nanos() - begunAt) / 1e9 + 1e-6;
    }

    /** What was taken and not given back. */
    public synchronized long taken() {
        return taken;
    }

    public synchronized long requests() {
        return ordinary;
    }
}
