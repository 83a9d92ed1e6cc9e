package io.aviladb.router.route;

import io.aviladb.core.time.Clock;
import java.time.Duration;

/** Until when an operation may take, on the monotonic clock, and for whom. */
public record Deadline(Clock clock, long atNanos, Caller caller) {
    public Deadline(Clock clock, long atNanos) {
        this(clock, atNanos, Caller.unknown());
    }

    public static Deadline in(Clock clock, Duration time) {
        return new Deadline(clock, clock.nanos() + time.toNanos());
    }

    /** 0 where it is over. */
    public long remainingMillis() {
        return Math.max(0, (atNanos - clock.nanos()) / 1_000_000);
    }

    public boolean isOver() {
        return atNanos - clock.nanos() <= 0;
    }

    /** The earlier of this and so long from now. */
    public Deadline atMost(Duration time) {
        long sooner = clock.nanos() + time.toNanos();
        return sooner - atNanos < 0 ? new Deadline(clock, sooner, caller) : this;
    }
}
