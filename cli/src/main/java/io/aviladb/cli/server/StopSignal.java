package io.aviladb.cli.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM end a server cleanly, with status 0. A stop that takes too long is cut short: data are safe at any moment, and whoever
 * sent the signal shall not wait.
 */
public final class StopSignal {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(8);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook;

    private StopSignal(Runnable stop) {
        hook = new Thread(() -> {
            Thread stopping = new Thread(stop, "stop");
            stopping.setDaemon(true);
            stopping.start();
            try {
                stopping.join(LONGEST_STOP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            stopped.countDown();
            Runtime.getRuntime().halt(0);
        }, "stop-signal");
    }

    public static StopSignal onStop(Runnable stop) {
        StopSignal signal = new StopSignal(stop);
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Waits for the process' end. */
    public void await() throws InterruptedException {
        while (!stopped.await(1, TimeUnit.HOURS)) {
            continue;
        }
    }

    /** For a start that failed: the process ends with the failure's status. */
    public void cancel() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            return; // the signal has come already, and its status stands
        }
    }
}
