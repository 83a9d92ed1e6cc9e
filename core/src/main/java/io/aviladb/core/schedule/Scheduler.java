package io.aviladb.core.schedule;

import java.time.Duration;

/** The seam for work that is done later. Production uses one thread; the simulator its event queue. */
public interface Scheduler {
    /** Runs the task once, after the delay. The task must not block. */
    Task schedule(Duration delay, Runnable task);

    /** A scheduled task. */
    interface Task {
        /** Does nothing where the task has run. */
        void cancel();
    }
}
