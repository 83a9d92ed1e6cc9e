package io.aviladb.router.query;

import java.util.concurrent.CompletableFuture;

/** Whether somebody still waits for a result. What works on it ends when nobody does. Thread-safe. */
public final class Interest {
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    /** Nobody waits any more. */
    public void lose() {
        lost.complete(null);
    }

    public boolean isLost() {
        return lost.isDone();
    }

    /** Runs once, when nobody waits any more; at once where that is so already. */
    void onLoss(Runnable end) {
        var unused = lost.thenRun(end);
    }
}
