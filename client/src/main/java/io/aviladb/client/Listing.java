package io.aviladb.client;

import io.aviladb.client.internal.Await;
import io.aviladb.client.internal.DocumentCalls;
import io.aviladb.client.internal.DocumentCalls.ListTerms;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A listing of a collection's documents in key order. Immutable; iterating fetches page after page. */
public final class Listing implements Iterable<Document> {
    private final DocumentCalls calls;
    private final ListTerms terms;
    private final Optional<String> start;

    private Listing(DocumentCalls calls, ListTerms terms, Optional<String> start) {
        this.calls = calls;
        this.terms = terms;
        this.start = start;
    }

    static Listing all(DocumentCalls calls) {
        return new Listing(calls, new ListTerms(List.of(), 0, Scope.LOCAL, false, false), Optional.empty());
    }

    /** Only documents whose partition key begins with these values. */
    public Listing prefix(@Nullable Object... values) {
        return with(new ListTerms(Arrays.stream(values).map(JsonValue::of).toList(), terms.pageSize(), terms.scope(), terms.refusePartial(),
                terms.metadata()));
    }

    /** At most 1,000; the server's default is 100. A page also ends at 1 MB. */
    public Listing pageSize(int documents) {
        return with(new ListTerms(terms.prefix(), documents, terms.scope(), terms.refusePartial(), terms.metadata()));
    }

    public Listing scope(Scope scope) {
        return with(new ListTerms(terms.prefix(), terms.pageSize(), scope, terms.refusePartial(), terms.metadata()));
    }

    /** Fail rather than leave out what doesn't answer. */
    public Listing refusePartial() {
        return with(new ListTerms(terms.prefix(), terms.pageSize(), terms.scope(), true, terms.metadata()));
    }

    /** Documents also have {@code _version}, {@code _ts}, {@code _etag}, {@code _regions}. */
    public Listing metadata() {
        return with(new ListTerms(terms.prefix(), terms.pageSize(), terms.scope(), terms.refusePartial(), true));
    }

    private Listing with(ListTerms other) {
        return new Listing(calls, other, start);
    }

    /** Begins where a page ended. */
    public Listing continueAt(String continuationToken) {
        return new Listing(calls, terms, Optional.of(continuationToken));
    }

    /** The first page. */
    public Page page() {
        return Await.get(pageAsync());
    }

    public CompletableFuture<Page> pageAsync() {
        return calls.list(terms, start);
    }

    /** All pages; each is fetched when it is asked for. */
    public Iterable<Page> pages() {
        return () -> new Iterator<>() {
            private @Nullable Listing next = Listing.this;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Page next() {
                Listing listing = next;
                if (listing == null) {
                    throw new NoSuchElementException();
                }
                Page page = listing.page();
                next = page.continuationToken().map(listing::continueAt).orElse(null);
                return page;
            }
        };
    }

    @Override
    public Iterator<Document> iterator() {
        return stream().iterator();
    }

    public Stream<Document> stream() {
        return StreamSupport.stream(pages().spliterator(), false).flatMap(page -> page.documents().stream());
    }
}
