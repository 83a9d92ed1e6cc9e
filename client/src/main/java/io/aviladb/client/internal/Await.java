package io.aviladb.client.internal;

import io.aviladb.client.error.AvilaException;
import io.aviladb.client.error.ErrorDetails;
import io.aviladb.client.error.IndeterminateException;
import io.aviladb.core.error.ErrorCode.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for an operation, for callers without futures. */
public final class Await {
    private static final ThreadLocal<Boolean> COMPLETING = ThreadLocal.withInitial(() -> false);

    private Await() {
    }

    /** Runs what completes a future: what hangs on it runs on the same thread, which must not wait for another answer. */
    static void completing(Runnable completion) {
        COMPLETING.set(true);
        try {
            completion.run();
        } finally {
            COMPLETING.remove();
        }
    }

    /** @throws AvilaException with the caller's stack, not the network thread's */
    public static <T> T get(CompletableFuture<T> future) {
        if (COMPLETING.get() && !future.isDone()) {
            throw new IllegalStateException("a future's continuation would wait on the network thread: use thenApplyAsync or async()");
        }
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new IndeterminateException(new ErrorDetails("", "INTERRUPTED", "the thread was interrupted while it waited", "", false,
                    Outcome.MAYBE_APPLIED, Duration.ZERO), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AvilaException failure) {
                failure.fillInStackTrace();
                throw failure;
            }
            throw new IllegalStateException("operations fail with an AvilaException", e);
        }
    }
}
