package io.aviladb.router.fake;

import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** A clock and a timer that stand still until a test lets them go on. One thread. */
public final class VirtualTime implements Clock, Scheduler {
    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    private record Due(long atNanos, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long now;
    private long order;

    @Override
    public long millis() {
        return BEGIN_MILLIS + now / 1_000_000;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public Task schedule(Duration delay, Runnable task) {
        Due due = new Due(now + Math.max(0, delay.toNanos()), order++, task);
        queue.add(due);
        return () -> queue.remove(due);
    }

    /** Lets so much time pass. */
    public void run(Duration time) {
        long end = now + time.toNanos();
        for (Due next = queue.peek(); next != null && next.atNanos <= end; next = queue.peek()) {
            step();
        }
        now = end;
    }

    /** The process stops for so long: nothing that was due happens before the end. */
    public void stop(Duration time) {
        now += time.toNanos();
    }

    /** Lets time pass until the condition holds. @throws AssertionError where it doesn't within the time */
    public Duration until(BooleanSupplier condition, Duration atMost) {
        long begin = now;
        while (!condition.getAsBoolean()) {
            if (queue.isEmpty() || queue.peek().atNanos - begin > atMost.toNanos()) {
                throw new AssertionError("it didn't happen within " + atMost);
            }
            step();
        }
        return Duration.ofNanos(now - begin);
    }

    private void step() {
        Due next = queue.remove();
        now = Math.max(now, next.atNanos);
        next.task.run();
    }
}
