package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.verify.CollectionReport;
import io.aviladb.router.verify.OrderWatch;
import io.aviladb.router.verify.ReplicaCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Checks the cluster while it runs, and remembers what came out for the metrics. */
public final class Verification {
    private final ReplicaCheck replicas;
    private final OrderWatch order;
    private final AtomicLong compared = new AtomicLong();
    private final AtomicLong differing = new AtomicLong();

    public Verification(ReplicaCheck replicas, OrderWatch order) {
        this.replicas = replicas;
        this.order = order;
    }

    public OrderWatch order() {
        return order;
    }

    /** Documents that checks have compared since the router began. */
    public long compared() {
        return compared.get();
    }

    /** Documents that differed in them. */
    public long differing() {
        return differing.get();
    }

    /** One collection after the other. Never fails. @param documents of each, at least, where it has as many */
    public CompletableFuture<List<CollectionReport>> check(List<CollectionDefinition> collections, long documents, Deadline deadline) {
        return check(collections, 0, documents, deadline, new ArrayList<>());
    }

    private CompletableFuture<List<CollectionReport>> check(List<CollectionDefinition> collections, int next, long documents,
            Deadline deadline, List<CollectionReport> reports) {
        if (next == collections.size()) {
            return CompletableFuture.completedFuture(reports);
        }
        return replicas.check(collections.get(next), documents, deadline).thenCompose(report -> {
            compared.addAndGet(report.digest().documents());
            differing.addAndGet(report.differences().size());
            reports.add(report);
            return check(collections, next + 1, documents, deadline, reports);
        });
    }
}
