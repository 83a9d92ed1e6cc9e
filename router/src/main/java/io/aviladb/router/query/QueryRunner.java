package io.aviladb.router.query;

import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.merge.DocumentSource;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.PageRequest;
import io.aviladb.query.merge.PartialRun;
import io.aviladb.query.merge.QueryBudget;
import io.aviladb.query.plan.QueryPlan;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.Listing;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs one page of a query: pages of documents in, until enough have come, a page of rows out. */
public final class QueryRunner {
    private final Listing listing;
    private final QueryPlan plan;
    private final Bindings bindings;
    private final PageRequest request;
    private final PartialRun run;
    private final Coverage coverage = new Coverage();

    private QueryRunner(Listing listing, QueryPlan plan, Bindings bindings, PageRequest request) {
        this.listing = listing;
        this.plan = plan;
        this.bindings = bindings;
        this.request = request;
        this.run = new PartialRun(plan, bindings, request, new QueryBudget(QueryBudget.DEFAULT_BYTES));
    }

    /** Fails with {@link AvilaError} as a listing does, and where the query needs too much. */
    public static CompletableFuture<QueryResult> run(Listing listing, QueryPlan plan, Bindings bindings, PageRequest request,
            ListQuery documents) {
        return new QueryRunner(listing, plan, bindings, request).step(documents);
    }

    /** A page of no documents: no key can match. */
    public static QueryResult ofNothing(QueryPlan plan, Bindings bindings, PageRequest request) {
        PartialRun run = new PartialRun(plan, bindings, request, new QueryBudget(QueryBudget.DEFAULT_BYTES));
        FinalMerge.Page page = FinalMerge.page(plan, bindings, request, List.of(run.finish()));
        return new QueryResult(page, List.of(), VersionVector.EMPTY, null, 0, 0);
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
                return CompletableFuture.completedFuture(result());
            } else if (query.deadline().isOver()) {
                throw new AvilaError(ErrorCode.TIMED_OUT,
                        "the query had read " + coverage.documents() + " documents when its time ran out");
            }
            return step(query.after(page.next().get()));
        }, QueryThreads.POOL);
    }

    private QueryResult result() {
        FinalMerge.Page page = FinalMerge.page(plan, bindings, request, List.of(run.finish()));
        return new QueryResult(page, coverage.regions(), coverage.seen(), coverage.served(), coverage.documents(), coverage.bytes());
    }
}
