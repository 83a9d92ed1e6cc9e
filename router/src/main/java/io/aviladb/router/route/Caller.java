package io.aviladb.router.route;

import java.util.concurrent.CompletableFuture;

/**
 * On whose behalf something is asked.
 *
 * @param traceparent what calls to nodes carry, as W3C Trace Context writes it; empty where the caller has no trace
 * @param gone completes when nobody waits for the answer any longer; never, where that can't be known
 */
public record Caller(String traceparent, CompletableFuture<Void> gone) {
    /** Nothing is known: made anew each time, because it would keep what waits for it. */
    public static Caller unknown() {
        return new Caller("", new CompletableFuture<>());
    }
}
