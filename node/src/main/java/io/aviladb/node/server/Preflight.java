package io.aviladb.node.server;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.controller.Members;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.StatusRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Before a node leaves: all others of the region answer, and their replicas live. While a replica moves its group has one more to wait for, and what it
 * survives is the loss of one node: that one must not be lost already.
 */
final class Preflight {
    private static final long PATIENCE_MILLIS = 3_000;

    private final Function<NodeId, NodeApi> nodes;
    private final Executor executor;

    Preflight(Function<NodeId, NodeApi> nodes, Executor executor) {
        this.nodes = nodes;
        this.executor = executor;
    }

    /** Fails with {@link ErrorCode#REGION_AT_RISK}. */
    CompletableFuture<Boolean> check(Members members, NodeId leaving) {
        List<NodeId> others = members.nodes().stream().map(Members.Node::node).filter(node -> !node.equals(leaving)).toList();
        List<CompletableFuture<Boolean>> answers = others.stream().map(this::isWell).toList();
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            List<NodeId> unwell = new ArrayList<>();
            for (int i = 0; i < others.size(); i++) {
                if (!answers.get(i).join()) {
                    unwell.add(others.get(i));
                }
            }
            if (!unwell.isEmpty()) {
                throw NodeRefusal.of(ErrorCode.REGION_AT_RISK, unwell + " must be up before " + leaving + " leaves");
            }
            return true;
        });
    }

    private CompletableFuture<Boolean> isWell(NodeId node) {
        return CompletableFuture.supplyAsync(() -> nodes.apply(node).status(new StatusRequest(false)), executor)
                .thenCompose(status -> status).thenApply(status -> status.groups().stream().allMatch(NodeStatus.Group::alive))
                .exceptionally(failure -> false).completeOnTimeout(false, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
