package io.aviladb.benchmarks.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits until something holds. */
public final class Waiting {
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final long BETWEEN_NANOS = 20_000_000;

    private Waiting() {
    }

    /** Returns once it holds. @throws IllegalStateException where it doesn't within a minute */
    public static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(what + " did not come within " + AT_MOST.toSeconds() + " s");
            }
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }
}
