package io.aviladb.router.query;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.RowKey;
import io.aviladb.query.plan.QueryPlan;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.Listing;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Documents that a change may accept, in the order of their keys, so that each comes once whatever becomes of it. */
@FunctionalInterface
public interface Candidates {
    /** A document's state. */
    record State(byte[] json, VersionVector vector) {}

    /** @param state absent where only the key is known */
    record Candidate(DocumentKey key, @Nullable State state) {}

    /** @param rest empty at the end */
    record Some(List<Candidate> candidates, VersionVector seen, @Nullable Served served, Optional<Candidates> rest) {
        public Some {
            candidates = List.copyOf(candidates);
        }
    }

    /** Fails as a listing and as a query does. */
    CompletableFuture<Some> next();

    /** All documents, with their states. */
    static Candidates listed(Listing listing, ListQuery query) {
        return () -> listing.list(query).thenApply(page -> new Some(
                page.rows().stream().map(row -> new Candidate(row.key(), new State(row.json(), row.vector()))).toList(), page.seen(),
                page.served(), page.next().map(key -> listed(listing, query.after(key)))));
    }

    /**
     * Those that a query selects where they are, by their keys: what it doesn't select doesn't travel, and indexes serve it.
     *
     * @param ask runs a fragment
     */
    static Candidates selected(Fragment fragment, Function<Fragment, CompletableFuture<QueryResult>> ask) {
        return () -> ask.apply(fragment).thenApply(result -> new Some(
                result.page().keys().stream().map(RowKey::document).map(key -> new Candidate(new DocumentKey(key), null)).toList(),
                result.seen(), result.served(), result.page().next().map(resume -> selected(new Fragment(fragment.statement(),
                        fragment.parameters(), fragment.timeMillis(), fragment.pageSize(), fragment.maxBytes(), Optional.of(resume)),
                        ask))));
    }

    /** Whether rows of the plan are documents in the order of their keys, as they have to be here. */
    static boolean isSelection(QueryPlan plan) {
        return plan.inKeyOrder() && !plan.distinct() && plan.unnests().isEmpty();
    }
}
