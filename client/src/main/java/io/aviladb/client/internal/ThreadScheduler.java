package io.aviladb.client.internal;

import io.aviladb.core.schedule.Scheduler;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread that starts retries. */
public final class ThreadScheduler implements Scheduler, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "aviladb-client-retry");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public Task schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** Tasks that wait are run now: what they retry fails, since the connections are closed, and nobody waits in vain. */
    @Override
    public void close() {
        for (Runnable waiting : executor.shutdownNow()) {
            waiting.run();
        }
    }
}
