package io.aviladb.router.query;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.QueryBudget;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.Listing;
import io.aviladb.router.scatter.RegionPage;
import io.aviladb.router.topology.TopologyTracker;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs queries where the documents are: fragments out, partial results in, one page of rows out. */
public final class Fragments {
    private final TopologyTracker tracker;
    private final ReadRouter reads;
    private final Listing listing;
    private final Scheduler scheduler;
    private final QueryMemory memory = QueryMemory.ofHeap();

    public Fragments(TopologyTracker tracker, ReadRouter reads, Listing listing, Scheduler scheduler) {
        this.tracker = tracker;
        this.reads = reads;
        this.listing = listing;
        this.scheduler = scheduler;
    }

    /**
     * A page, of the query's own region or of all. Fails with {@link AvilaError} where nothing answered, something is missing and that is refused, the query
     * needs too much, or nodes run another version of the language.
     */
    CompletableFuture<QueryResult> run(Fragment fragment, Fragment.Ready ready, ListQuery query, Interest interest) {
        QueryBudget budget = new QueryBudget(QueryBudget.DEFAULT_BYTES, memory);
        if (query.scope() == ListQuery.Scope.GLOBAL) {
            return new GlobalFragments(reads, listing, scheduler, tracker.map(), query, fragment, ready, budget, interest).run()
                    .whenComplete((result, failure) -> budget.close());
        }
        return new RegionFragments(reads, scheduler, query, fragment, ready, budget, interest).run(tracker.map()).thenApply(ran -> {
            RegionPage page = ran.page();
            if (page.failure() != null && (page.served() == null || query.refusePartial())) {
                throw page.failure();
            }
            FinalMerge.Page rows = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), ran.partials());
            return new QueryResult(rows, List.of(page), page.seen(), page.served(), ran.ranges());
        }).whenComplete((result, failure) -> budget.close());
    }
}
