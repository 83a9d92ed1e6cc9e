package io.aviladb.client;

import io.aviladb.client.error.NotFoundException;
import io.aviladb.client.internal.Await;
import io.aviladb.client.internal.DocumentCalls;
import io.aviladb.client.option.RequestOptions;
import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.document.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A collection's documents. Every call blocks until it is answered or fails with an {@link io.aviladb.client.error.AvilaException};
 * {@link #async()} doesn't. Thread-safe.
 *
 * <p>{@code partition} is the values of the partition key, in the order of its levels; it may be left out where the key is the id itself, or
 * synthetic.
 */
public final class Collection {
    private final DocumentCalls calls;
    private final AsyncCollection async;

    Collection(DocumentCalls calls) {
        this.calls = calls;
        this.async = new AsyncCollection(calls);
    }

    public String name() {
        return calls.collection();
    }

    public AsyncCollection async() {
        return async;
    }

    /** The same collection, asked otherwise. */
    public Collection with(RequestOptions options) {
        return new Collection(calls.with(options));
    }

    /** For any consistency but {@code BOUNDED}. */
    public Collection with(ReadConsistency consistency) {
        return with(calls.options().withConsistency(consistency));
    }

    public Collection with(Durability durability) {
        return with(calls.options().withDurability(durability));
    }

    public Collection withTimeout(Duration timeout) {
        return with(calls.options().withTimeout(timeout));
    }

    /**
     * An id is made where the document has none.
     *
     * @throws io.aviladb.client.error.ConflictException where the id is taken
     */
    public InsertResult insert(Document document) {
        return Await.get(async.insert(document));
    }

    /** Inserts each document on its own; at most 100. What was refused is in the result, not thrown. */
    public BatchResult insertAll(List<Document> documents) {
        return Await.get(async.insertAll(documents));
    }

    /** Inserts all or none. Their keys must lie in one group. */
    public BatchResult insertAtomic(List<Document> documents) {
        return Await.get(async.insertAtomic(documents));
    }

    /** @throws NotFoundException where absence was proven at the asked consistency */
    public StoredDocument get(String id, @Nullable Object... partition) {
        return Await.get(async.get(id, partition));
    }

    /** As {@link #get}; empty where there is no such document. */
    public Optional<StoredDocument> find(String id, @Nullable Object... partition) {
        try {
            return Optional.of(get(id, partition));
        } catch (NotFoundException absent) {
            if (absent.reason().equals(ErrorCode.DOCUMENT_NOT_FOUND.name())) {
                return Optional.empty();
            }
            throw absent; // the collection or the database
        }
    }

    /**
     * Replaces all of the document with the body's id and partition key.
     *
     * @throws NotFoundException where there is none
     */
    public WriteResult replace(Document body) {
        return Await.get(async.replace(body));
    }

    /**
     * Replaces what was read, if nothing has changed it since. What is written is the difference: concurrent writes of other fields in other
     * regions stay.
     *
     * @throws io.aviladb.client.error.PreconditionFailedException where it has changed
     */
    public WriteResult replace(StoredDocument base, Document body) {
        return Await.get(async.replace(base, body));
    }

    /** Replaces or inserts. */
    public WriteResult upsert(Document body) {
        return Await.get(async.upsert(body));
    }

    /** Begins a change of some fields. */
    public Patch patch(String id, @Nullable Object... partition) {
        return async.patch(id, partition);
    }

    /** @throws NotFoundException where there is none */
    public WriteResult delete(String id, @Nullable Object... partition) {
        return Await.get(async.delete(id, partition));
    }

    /** Deletes what was read, if nothing has changed it since. @throws io.aviladb.client.error.PreconditionFailedException */
    public WriteResult delete(StoredDocument base) {
        return Await.get(async.delete(base));
    }

    /**
     * Begins a query of this collection, in the query language: {@code SELECT * FROM players WHERE level > @min}. Values belong into
     * {@link Query#param}, never into the text.
     */
    public Query query(String text) {
        return Query.of(calls.queries(), text, Map.of());
    }

    /** Begins a query step by step. @param fields what rows have; whole documents where there are none */
    public Select select(String... fields) {
        return new Select(calls.queries(), List.of(fields));
    }

    /** Begins an update of all documents that a condition accepts. */
    public Update update() {
        return new Update(calls.queries());
    }

    /** Begins a deletion of all documents that a condition accepts. */
    public Delete delete() {
        return new Delete(calls.queries());
    }

    /** Runs an UPDATE or DELETE of the query language: {@code UPDATE players SET wins = wins + @n WHERE userId = @user}. */
    public ChangeResult change(String statement, Map<String, ?> parameters) {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        parameters.forEach((name, value) -> values.put(name, JsonValue.of(value)));
        return Await.get(calls.queries().change(statement, values));
    }

    /** Begins a listing in key order. */
    public Listing list() {
        return async.list();
    }
}
