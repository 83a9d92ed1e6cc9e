package io.aviladb.node.consensus.ratis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs actions one at a time and in order, each after its delay. Without delays and a queue they run at once, on the caller's thread. */
final class DelayLine {
    private record Item(long due, Runnable action) {}

    private final ScheduledExecutorService timer;
    private final Executor workers;
    private final Queue<Item> queue = new ArrayDeque<>();
    private long lastDue = Long.MIN_VALUE;
    private boolean busy;

    DelayLine(ScheduledExecutorService timer, Executor workers) {
        this.timer = timer;
        this.workers = workers;
    }

    void pass(Duration delay, Runnable action) {
        synchronized (this) {
            if (busy || !delay.isZero()) {
                long now = System.nanoTime();
                lastDue = lastDue == Long.MIN_VALUE ? now + delay.toNanos() : Math.max(lastDue, now + delay.toNanos());
                queue.add(new Item(lastDue, action));
                if (!busy) {
                    busy = true;
                    schedule();
                }
                return;
            }
            busy = true;
        }
        run(action);
    }

    private void run(Runnable action) {
        try {
            action.run();
        } finally {
            synchronized (this) {
                if (queue.isEmpty()) {
                    busy = false;
                } else {
                    schedule();
                }
            }
        }
    }

    private void schedule() {
        Item head = queue.element();
        timer.schedule(() -> workers.execute(this::runHead), head.due() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void runHead() {
        Item head;
        synchronized (this) {
            head = queue.remove();
        }
        run(head.action());
    }
}
