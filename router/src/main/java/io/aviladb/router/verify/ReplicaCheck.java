package io.aviladb.router.verify;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.router.route.ClosedCuts;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.topology.TopologyTracker;
import java.util.concurrent.CompletableFuture;

/**
 * Compares what the replicas of all regions hold. At a cut that every region has reached, the state of a document is the same wherever it is: so are the
 * sums of documents' digests, which travel instead of documents.
 */
public final class ReplicaCheck {
    private final TopologyTracker tracker;
    private final ReadRouter reads;
    private final ClosedCuts cuts;
    private final Scheduler scheduler;
    private final RandomSource random;

    public ReplicaCheck(TopologyTracker tracker, ReadRouter reads, ClosedCuts cuts, Scheduler scheduler, RandomSource random) {
        this.tracker = tracker;
        this.reads = reads;
        this.cuts = cuts;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** Never fails: what went wrong is in the report. @param documents at least so many are compared, where there are so many; all fit in the deadline */
    public CompletableFuture<CollectionReport> check(CollectionDefinition collection, long documents, Deadline deadline) {
        CollectionCheck check = new CollectionCheck(collection, documents, deadline, tracker, reads, cuts, scheduler, random);
        try {
            return check.start();
        } catch (AvilaError refused) {
            return CompletableFuture.completedFuture(check.ended(refused));
        }
    }
}
