package io.aviladb.core.time;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives readings that never go back, whatever the wall clock does. A leader puts a reading into each log entry; apply assigns the stamp.
 *
 * <p>Thread-safe. HAZARD: a wall clock that is far ahead drags every later reading along; quarantine (node.clock) keeps such a reading out
 * of the log.
 */
public final class HybridLogicalClock {
    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    public HybridLogicalClock(Clock clock) {
        this.clock = clock;
    }

    /** A reading above every earlier one and every observed one. */
    public HybridTimestamp now() {
        long wall = HybridTimestamp.ofMillis(Math.max(0, clock.millis())).bits();
        long reading = last.updateAndGet(previous -> Long.compareUnsigned(wall, previous) > 0 ? wall : previous + 1);
        return new HybridTimestamp(reading);
    }

    /** Raises the clock to at least the reading of somebody else. */
    public void observe(HybridTimestamp seen) {
        last.accumulateAndGet(seen.bits(), (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b);
    }
}
