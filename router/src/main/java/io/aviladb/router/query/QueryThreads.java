package io.aviladb.router.query;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Where rows are computed: not on the threads that move bytes. As many as half the processors, so that queries can't take them all. */
final class QueryThreads {
    static final Executor POOL = Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            Thread.ofPlatform().daemon().name("query-", 0).factory());

    private QueryThreads() {
    }
}
