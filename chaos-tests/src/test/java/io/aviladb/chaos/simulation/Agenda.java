package io.aviladb.chaos.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What is to happen, by its time and, at the same time, in the order in which it was put here. */
final class Agenda {
    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private long nanos = 1_000_000_000L;
    private long number;
    private long events;

    private record Due(long at, long number, boolean counts, Runnable task) {}

    /** The simulation's monotonic clock. */
    long nanos() {
        return nanos;
    }

    /** How many events there were; what merely repeats doesn't count. */
    long events() {
        return events;
    }

    void after(long delayNanos, Runnable task) {
        queue.add(new Due(nanos + Math.max(0, delayNanos), number++, true, task));
    }

    /** As {@link #after}, for what comes again and again though nothing happens. */
    void afterUncounted(long delayNanos, Runnable task) {
        queue.add(new Due(nanos + Math.max(0, delayNanos), number++, false, task));
    }

    /** The next event. @throws IllegalStateException where nothing is to happen any more */
    void step() {
        Due due = queue.poll();
        if (due == null) {
            throw new IllegalStateException("nothing is to happen any more");
        }
        nanos = due.at();
        events += due.counts() ? 1 : 0;
        due.task().run();
    }
}
