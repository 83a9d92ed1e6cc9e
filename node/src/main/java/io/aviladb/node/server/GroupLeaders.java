package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Asks a group's leader: whom the last refusal named, whom this node's own replica knows, else the members in turn. Any thread. */
final class GroupLeaders {
    private final Function<Integer, Optional<NodeId>> leaders;
    private final Function<Integer, List<NodeId>> members;
    private final Function<NodeId, NodeApi> nodes;
    private final Map<Integer, NodeId> hints = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> turns = new ConcurrentHashMap<>();

    /** @param leaders who leads a group, as far as this node's own replica of it knows */
    GroupLeaders(Function<Integer, Optional<NodeId>> leaders, Function<Integer, List<NodeId>> members, Function<NodeId, NodeApi> nodes) {
        this.leaders = leaders;
        this.members = members;
        this.nodes = nodes;
    }

    /** Fails where the node that was asked doesn't lead or doesn't answer; the next time another one is asked. */
    CompletableFuture<RangeReply> ask(int group, RangeRequest request) {
        return call(group, node -> node.ranges(request));
    }

    /** As {@link #ask}, for whatever a leader does. */
    <A> CompletableFuture<A> call(int group, Function<NodeApi, CompletableFuture<A>> request) {
        CompletableFuture<A> reply;
        try {
            reply = request.apply(nodes.apply(leader(group)));
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.whenComplete((answer, failure) -> {
            if (failure != null) {
                failed(group, failure);
            }
        });
    }

    private NodeId leader(int group) {
        NodeId hint = hints.get(group);
        if (hint != null) {
            return hint;
        }
        List<NodeId> all = members.apply(group);
        return leaders.apply(group).orElseGet(() -> all.get(Math.floorMod(turns.getOrDefault(group, 0), all.size())));
    }

    /** The next look asks whom the refusal named, or the next member. */
    private void failed(int group, Throwable failure) {
        hints.remove(group);
        turns.merge(group, 1, Integer::sum);
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NodeRefusal refusal) {
            refusal.leader().ifPresent(leader -> hints.put(group, leader));
        }
    }
}
