package io.aviladb.client;

import io.aviladb.client.internal.Await;
import io.aviladb.client.internal.QueryCalls;
import io.aviladb.client.internal.QueryCalls.Asked;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A query of one collection. {@link #execute()} gives its first page; iterating fetches page after page, each by a call that is tried again
 * elsewhere where it fails. Immutable.
 */
public final class Query implements Iterable<Document> {
    private final QueryCalls calls;
    private final Asked asked;
    private final Optional<String> start;

    private Query(QueryCalls calls, Asked asked, Optional<String> start) {
        this.calls = calls;
        this.asked = asked;
        this.start = start;
    }

    static Query of(QueryCalls calls, String text, Map<String, JsonValue> parameters) {
        return new Query(calls, new Asked(text, parameters, 0, Scope.LOCAL, false), Optional.empty());
    }

    /** The value of {@code @name}. It is a value, and never read as part of the query. */
    public Query param(String name, @Nullable Object value) {
        Map<String, JsonValue> more = new LinkedHashMap<>(asked.parameters());
        more.put(name.startsWith("@") ? name.substring(1) : name, JsonValue.of(value));
        return with(new Asked(asked.text(), more, asked.pageSize(), asked.scope(), asked.refusePartial()));
    }

    /** At most 1,000 rows; the server's default is 100. A page also ends at 1 MB. */
    public Query pageSize(int rows) {
        return with(new Asked(asked.text(), asked.parameters(), rows, asked.scope(), asked.refusePartial()));
    }

    public Query scope(Scope scope) {
        return with(new Asked(asked.text(), asked.parameters(), asked.pageSize(), scope, asked.refusePartial()));
    }

    /** Fail rather than leave out what doesn't answer. */
    public Query refusePartial() {
        return with(new Asked(asked.text(), asked.parameters(), asked.pageSize(), asked.scope(), true));
    }

    private Query with(Asked other) {
        return new Query(calls, other, start);
    }

    /** Begins where a page ended. */
    public Query continueAt(String continuationToken) {
        return new Query(calls, asked, Optional.of(continuationToken));
    }

    /** The text that is sent. */
    public String text() {
        return asked.text();
    }

    /** The values of its parameters. */
    public Map<String, JsonValue> parameters() {
        return asked.parameters();
    }

    /**
     * The first page.
     *
     * @throws io.aviladb.client.error.InvalidRequestException where the query is none, or its rows are no objects
     */
    public Page execute() {
        return Await.get(executeAsync());
    }

    public CompletableFuture<Page> executeAsync() {
        return calls.page(asked, start).thenApply(Values::toPage);
    }

    /** The first page, of rows that may be any values. */
    public Values values() {
        return Await.get(valuesAsync());
    }

    public CompletableFuture<Values> valuesAsync() {
        return calls.page(asked, start);
    }

    /** How the query would run. */
    public Plan explain() {
        return Await.get(calls.plan("EXPLAIN", asked));
    }

    /** How the query runs, and what its first page reads. */
    public Plan analyze() {
        return Await.get(calls.plan("EXPLAIN ANALYZE", asked));
    }

    /** All pages; each is fetched when it is asked for. */
    public Iterable<Values> pages() {
        return () -> new Iterator<>() {
            private @Nullable Query next = Query.this;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Values next() {
                Query query = next;
                if (query == null) {
                    throw new NoSuchElementException();
                }
                Values page = query.values();
                next = page.continuationToken().map(query::continueAt).orElse(null);
                return page;
            }
        };
    }

    @Override
    public Iterator<Document> iterator() {
        return stream().iterator();
    }

    /** The rows of all pages. */
    public Stream<Document> stream() {
        return StreamSupport.stream(pages().spliterator(), false).flatMap(page -> page.toPage().documents().stream());
    }

    /** The rows of all pages, which may be any values. */
    public Stream<JsonValue> valueStream() {
        return StreamSupport.stream(pages().spliterator(), false).flatMap(page -> page.values().stream());
    }
}
