package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.StatusRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks the nodes of a region what the ranges take and are asked whose groups they lead. Any thread. */
final class RangeSurvey {
    private static final long PATIENCE_MILLIS = 2_000;

    private final Supplier<List<NodeId>> nodes;
    private final Function<NodeId, NodeApi> connect;
    private final Executor executor;

    /** @param executor where nodes are asked: one that is in this process answers at once, after a look at its files */
    RangeSurvey(Supplier<List<NodeId>> nodes, Function<NodeId, NodeApi> connect, Executor executor) {
        this.nodes = nodes;
        this.connect = connect;
        this.executor = executor;
    }

    /** Never fails: lacks the ranges of nodes that fail or don't answer within two seconds. */
    CompletableFuture<List<NodeStatus.Range>> measure() {
        List<CompletableFuture<List<NodeStatus.Range>>> answers = nodes.get().stream().map(this::ask).toList();
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            List<NodeStatus.Range> all = new ArrayList<>();
            answers.forEach(answer -> all.addAll(answer.join()));
            return all;
        });
    }

    private CompletableFuture<List<NodeStatus.Range>> ask(NodeId node) {
        return CompletableFuture.supplyAsync(() -> connect.apply(node).status(new StatusRequest(true)), executor)
                .thenCompose(status -> status).thenApply(NodeStatus::ranges).exceptionally(failure -> List.of())
                .completeOnTimeout(List.of(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
