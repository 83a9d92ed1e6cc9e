package io.aviladb.client;

import io.aviladb.client.internal.DocumentCalls;
import io.aviladb.client.internal.Guard;
import io.aviladb.client.internal.Key;
import io.aviladb.core.document.Document;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * As {@link Collection}, with futures: many operations in flight without a thread for each. Futures fail with an
 * {@link io.aviladb.client.error.AvilaException}. Thread-safe.
 *
 * <p><b>HAZARD:</b> continuations run on the network thread and must not block; {@code thenApplyAsync} moves them elsewhere. A blocking call
 * of this client in one is refused with {@link IllegalStateException}.
 */
public final class AsyncCollection {
    private final DocumentCalls calls;

    AsyncCollection(DocumentCalls calls) {
        this.calls = calls;
    }

    public CompletableFuture<InsertResult> insert(Document document) {
        return calls.insert(document);
    }

    /** Each document on its own; at most 100. */
    public CompletableFuture<BatchResult> insertAll(List<Document> documents) {
        return calls.batch(documents, false);
    }

    /** All or none. */
    public CompletableFuture<BatchResult> insertAtomic(List<Document> documents) {
        return calls.batch(documents, true);
    }

    public CompletableFuture<StoredDocument> get(String id, @Nullable Object... partition) {
        return calls.get(Key.of(id, partition));
    }

    public CompletableFuture<WriteResult> replace(Document body) {
        return calls.put(Key.of(body), body, Guard.PRESENT);
    }

    public CompletableFuture<WriteResult> replace(StoredDocument base, Document body) {
        return calls.put(new Key(base.id(), base.partition()), body, new Guard.Matches(base.etag()));
    }

    public CompletableFuture<WriteResult> upsert(Document body) {
        return calls.put(Key.of(body), body, Guard.NONE);
    }

    public Patch patch(String id, @Nullable Object... partition) {
        return new Patch(calls, Key.of(id, partition));
    }

    public CompletableFuture<WriteResult> delete(String id, @Nullable Object... partition) {
        return calls.delete(Key.of(id, partition), Guard.NONE);
    }

    public CompletableFuture<WriteResult> delete(StoredDocument base) {
        return calls.delete(new Key(base.id(), base.partition()), new Guard.Matches(base.etag()));
    }

    public Listing list() {
        return Listing.all(calls);
    }
}
