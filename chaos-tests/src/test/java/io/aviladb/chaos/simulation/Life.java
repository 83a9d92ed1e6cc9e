package io.aviladb.chaos.simulation;

import io.aviladb.core.schedule.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process's time on the machine, from its start to its crash: its threads and timers end with it. */
final class Life extends AbstractExecutorService implements ScheduledExecutorService {
    /** A task waits so long for a thread, at most. */
    private static final int LONGEST_WAIT_NANOS = 300_000;

    private final String name;
    private final Agenda agenda;
    private final Random random;
    private boolean over;

    Life(String name, Agenda agenda, Random random) {
        this.name = name;
        this.agenda = agenda;
        this.random = random;
    }

    String name() {
        return name;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    @Override
    public void execute(Runnable task) {
        agenda.after(random.nextInt(LONGEST_WAIT_NANOS), unlessOver(task));
    }

    private Runnable unlessOver(Runnable task) {
        return () -> {
            if (!over) {
                task.run();
            }
        };
    }

    Scheduler scheduler() {
        return (delay, task) -> later(delay, task);
    }

    private Scheduler.Task later(Duration delay, Runnable task) {
        boolean[] cancelled = new boolean[1];
        agenda.after(delay.toNanos(), unlessOver(() -> {
            if (!cancelled[0]) {
                task.run();
            }
        }));
        return () -> cancelled[0] = true;
    }

    /** Again and again, at about this distance, while the process lives. */
    void every(long nanos, Runnable task) {
        agenda.afterUncounted(nanos + random.nextInt((int) (nanos / 4)), unlessOver(() -> {
            task.run();
            every(nanos, task);
        }));
    }

    @Override
    @SuppressWarnings("NullAway") // nobody cancels what was asked for
    public @Nullable ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        agenda.after(unit.toNanos(delay), unlessOver(command));
        return null;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("no result is asked for later");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing repeats");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nothing repeats");
    }

    @Override
    public void shutdown() {
        end();
    }

    @Override
    public List<Runnable> shutdownNow() {
        end();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return over;
    }

    @Override
    public boolean isTerminated() {
        return over;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return over;
    }
}
