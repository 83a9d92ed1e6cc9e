package io.aviladb.client.internal;

import java.util.function.LongSupplier;

/**
 * Bounds retries by a share of the traffic, so that clients don't keep down a cluster that is overloaded. Thread-safe.
 *
 * <p>A retry costs a token. Each operation brings a tenth of one and each second ten; at most 100 are kept, which is also what is there at
 * first.
 */
public final class RetryBudget {
    static final double PER_OPERATION = 0.1;
    static final double PER_SECOND = 10;
    static final double MOST = 100;

    private final LongSupplier nanoTime;
    private double tokens = MOST; // Invariant: 0 <= tokens <= MOST
    private long filledAt;

    public RetryBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.filledAt = nanoTime.getAsLong();
    }

    synchronized void operationBegan() {
        tokens = Math.min(MOST, tokens + PER_OPERATION);
    }

    /** Whether a retry may be made; takes its token. */
    synchronized boolean tryRetry() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(MOST, tokens + (now - filledAt) / 1e9 * PER_SECOND);
        filledAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }
}
