package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the operations that the controller's state says are running, at the controller's leader: asks the group's leader for the operation's
 * entry, and then has the map follow. Remembers nothing: every step can be taken again, by whoever leads the controller next.
 */
final class OperationDriver {
    private static final Logger log = LoggerFactory.getLogger(OperationDriver.class);

    private final Function<Integer, Optional<NodeId>> leaders;
    private final Function<Integer, List<NodeId>> members;
    private final Function<NodeId, NodeApi> nodes;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
    private final Map<Integer, NodeId> hints = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> turns = new ConcurrentHashMap<>();

    /** @param leaders who leads a group, as far as this node's own replica of it knows */
    OperationDriver(Function<Integer, Optional<NodeId>> leaders, Function<Integer, List<NodeId>> members, Function<NodeId, NodeApi> nodes) {
        this.leaders = leaders;
        this.members = members;
        this.nodes = nodes;
    }

    /** Called often: takes the next step of each operation that has none under way. */
    void drive(RaftGroup raft, ControllerMachine machine) {
        if (!raft.leadership().ready()) {
            return;
        }
        for (RangeOperation operation : machine.value().running()) {
            if (underWay.add(operation.number())) {
                step(raft, operation).whenComplete((done, failure) -> underWay.remove(operation.number()));
            }
        }
    }

    private CompletableFuture<Object> step(RaftGroup raft, RangeOperation operation) {
        NodeId node = leader(operation.group());
        CompletableFuture<RangeReply> reply;
        try {
            reply = nodes.apply(node).ranges(new RangeRequest.Perform(operation));
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.whenComplete((answer, failure) -> {
            if (failure != null) {
                failed(operation.group(), failure);
            }
        }).thenCompose(answer -> {
            RangeOperation after = answer.operations().getFirst();
            if (after.state() == RangeOperation.State.RUNNING) {
                return CompletableFuture.completedFuture(after);
            }
            log.atInfo().addKeyValue("operation", operation.number()).addKeyValue("kind", operation.kind())
                    .addKeyValue("range", operation.range().range()).addKeyValue("state", after.state()).log("Range operation over");
            return raft.propose(new ControllerEntry.Finish(operation.number(), after.error()).encode(), null);
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
