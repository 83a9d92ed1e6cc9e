package io.aviladb.core.time;

/** The seam for time. Production reads the system's clocks; the simulator gives its own. */
public interface Clock {
    /** Wall-clock milliseconds since 1970. May jump; only stamps and expiry are made of it. */
    long millis();

    /** Nanoseconds of a monotonic clock with an arbitrary beginning. Durations are made of it, and nothing else. */
    long nanos();

    static Clock system() {
        return new Clock() {
            @Override
            public long millis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
