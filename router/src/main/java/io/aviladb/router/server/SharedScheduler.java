package io.aviladb.router.server;

import io.aviladb.core.schedule.Scheduler;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One daemon thread for the retries and polls of all routers of a process. */
final class SharedScheduler implements Scheduler {
    private static final Logger log = LoggerFactory.getLogger(SharedScheduler.class);
    static final Scheduler INSTANCE = new SharedScheduler();

    private final ScheduledThreadPoolExecutor executor;

    private SharedScheduler() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "router-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Task schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> future = executor.schedule(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("Scheduled task failed");
            }
        }, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
