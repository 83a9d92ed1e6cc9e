package io.aviladb.node.server;

import io.aviladb.core.schedule.Scheduler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The scheduler's seam over a pool. After the pool's end nothing is done any more. */
record PoolScheduler(ScheduledExecutorService pool) implements Scheduler {
    @Override
    public Task schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> future = pool.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException over) {
            return () -> {};
        }
    }
}
