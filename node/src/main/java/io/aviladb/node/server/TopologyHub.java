package io.aviladb.node.server;

import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Holds the node's newest topology and answers those who wait for news. */
final class TopologyHub {
    private final LongFunction<Topology> source;
    private final List<CompletableFuture<Topology>> waiting = new ArrayList<>(); // guarded by this
    private @Nullable Topology newest; // guarded by this

    /** @param source builds the topology under the version that it is given */
    TopologyHub(LongFunction<Topology> source) {
        this.source = source;
    }

    /** Looks whether anything has changed. */
    void refresh() {
        List<CompletableFuture<Topology>> told = List.of();
        Topology next;
        synchronized (this) {
            Topology before = newest;
            next = source.apply(before == null ? 1 : before.version());
            if (before != null && sameContent(before, next)) {
                return;
            }
            if (before != null) {
                next = source.apply(before.version() + 1);
            }
            newest = next;
            told = List.copyOf(waiting);
            waiting.clear();
        }
        Topology news = next;
        told.forEach(future -> future.complete(news));
    }

    private static boolean sameContent(Topology a, Topology b) {
        return a.catalogVersion() == b.catalogVersion() && a.mapVersion() == b.mapVersion() && a.groups().equals(b.groups())
                && a.ranges().equals(b.ranges())
                && a.nodes().equals(b.nodes());
    }

    synchronized CompletableFuture<Topology> ask(TopologyRequest request) {
        Topology known = newest;
        if (known == null) {
            refresh();
            known = newest;
        }
        if (known != null && (known.version() != request.known() || request.waitMillis() <= 0)) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Topology> future = new CompletableFuture<>();
        waiting.add(future);
        Topology unchanged = known;
        return future.completeOnTimeout(unchanged, request.waitMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> forget(future));
    }

    private synchronized void forget(CompletableFuture<Topology> future) {
        waiting.remove(future);
    }
}
