package io.aviladb.client.internal;

import io.aviladb.core.random.RandomSource;
import io.aviladb.core.schedule.Scheduler;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** What all operations of a client share. Thread-safe. */
public record Transport(Hosts hosts, Session session, RetryBudget budget, Scheduler scheduler, RandomSource random,
        LongSupplier nanoTime) implements AutoCloseable {
    /** The future fails with an {@link io.aviladb.client.error.AvilaException}; cancelling it cancels the attempt under way. */
    <Q, A> CompletableFuture<Reply<A>> call(Operation<Q, A> operation) {
        return new Invocation<>(this, operation).start();
    }

    @Override
    public void close() {
        hosts.close();
        if (scheduler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("the scheduler doesn't stop", e);
            }
        }
    }
}
