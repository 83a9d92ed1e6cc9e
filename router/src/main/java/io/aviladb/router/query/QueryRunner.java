package io.aviladb.router.query;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.query.merge.DocumentSource;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.PartialRun;
import io.aviladb.query.merge.QueryBudget;
import io.aviladb.router.route.Failure;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.Listing;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs one page of a query: in the ranges that hold its documents, or, where they can't or a state of the past is asked for, here, over pages of documents until enough have come.
 */
public final class QueryRunner {
    private final Listing listing;
    private final Fragment.Ready ready;
    private final PartialRun run;
    private final Coverage coverage = new Coverage();
    private final long startNanos;
    private final Interest interest;

    private QueryRunner(Listing listing, Fragment.Ready ready, long startNanos, Interest interest) {
        this.listing = listing;
        this.ready = ready;
        this.run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES));
        this.startNanos = startNanos;
        this.interest = interest;
    }

    /** Fails with {@link AvilaError} as a listing does, where the query needs too much, and where nobody waits for it any more. */
    public static CompletableFuture<QueryResult> run(Fragments fragments, Listing listing, Fragment fragment, Fragment.Ready ready,
            ListQuery documents, Interest interest) {
        if (documents.consistency() == ReadConsistency.SNAPSHOT) {
            return here(listing, ready, documents, interest);
        }
        return fragments.run(fragment, ready, documents, interest)
                .exceptionallyCompose(thrown -> Failure.unwrap(thrown) instanceof AvilaError error && mayRunHere(error, documents)
                        ? here(listing, ready, documents, interest)
                        : CompletableFuture.failedFuture(thrown));
    }

    /** Nodes of another version still give their documents, and other regions theirs where the home region doesn't answer. */
    private static boolean mayRunHere(AvilaError error, ListQuery documents) {
        return error.code() == ErrorCode.FRAGMENT_UNSUPPORTED || documents.scope() == ListQuery.Scope.GLOBAL && !documents.refusePartial()
                && error.code() != ErrorCode.TIMED_OUT && !(Failure.of(error, Optional.empty()) instanceof Failure.Final);
    }

    private static CompletableFuture<QueryResult> here(Listing listing, Fragment.Ready ready, ListQuery documents, Interest interest) {
        return new QueryRunner(listing, ready, documents.deadline().clock().nanos(), interest).step(documents);
    }

    /** A page of no documents: no key can match. */
    public static QueryResult ofNothing(Fragment.Ready ready) {
        PartialRun run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES));
        FinalMerge.Page page = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), List.of(run.finish()));
        return new QueryResult(page, List.of(), VersionVector.EMPTY, null, List.of());
    }

    private CompletableFuture<QueryResult> step(ListQuery query) {
        return listing.list(query).thenComposeAsync(page -> {
            coverage.add(page);
            boolean more = true;
            for (int i = 0; more && i < page.rows().size(); i++) {
                var row = page.rows().get(i);
                more = run.add(new DocumentSource.Entry(row.key(), Document.ofCanonical(row.json())));
            }
            if (!more || page.next().isEmpty()) {
                return CompletableFuture.completedFuture(result(query));
            } else if (query.deadline().isOver() || interest.isLost()) {
                throw new AvilaError(ErrorCode.TIMED_OUT,
                        "the query had read " + coverage.documents() + " documents when its time ran out");
            }
            return step(query.after(page.next().get()));
        }, QueryThreads.POOL);
    }

    private QueryResult result(ListQuery query) {
        FinalMerge.Page page = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), List.of(run.finish()));
        RangeRun here = new RangeRun(query.region(), "router", query.interval(), coverage.documents(), coverage.bytes(),
                page.rows().size(),
                (query.deadline().clock().nanos() - startNanos) / 1_000);
        return new QueryResult(page, coverage.regions(), coverage.seen(), coverage.served(), List.of(here));
    }
}
