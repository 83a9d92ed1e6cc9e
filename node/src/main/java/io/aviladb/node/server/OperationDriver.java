package io.aviladb.node.server;

import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the operations that the controller's state says are running, at the controller's leader: asks the group's leader for the operation's
 * entry, and then has the map follow. Remembers nothing: every step can be taken again, by whoever leads the controller next.
 */
final class OperationDriver {
    private static final Logger log = LoggerFactory.getLogger(OperationDriver.class);

    private final GroupLeaders leaders;
    private final TransferDriver transfers;
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

    /** @param nanoTime monotonic */
    OperationDriver(GroupLeaders leaders, LongSupplier nanoTime) {
        this.leaders = leaders;
        this.transfers = new TransferDriver(leaders, nanoTime);
    }

    /** Called often: takes the next step of each operation that has none under way. */
    void drive(RaftGroup raft, ControllerMachine machine) {
        if (!raft.leadership().ready()) {
            return;
        }
        for (RangeOperation operation : machine.value().running()) {
            if (underWay.add(operation.number())) {
                CompletableFuture<Object> step = operation.kind() == RangeOperation.Kind.TRANSFER
                        ? transfers.drive(raft, operation)
                        : step(raft, operation);
                step.whenComplete((done, failure) -> underWay.remove(operation.number()));
            }
        }
    }

    private CompletableFuture<Object> step(RaftGroup raft, RangeOperation operation) {
        return leaders.ask(operation.group(), new RangeRequest.Perform(operation)).thenCompose(answer -> {
            RangeOperation after = answer.operations().getFirst();
            if (after.state() == RangeOperation.State.RUNNING) {
                return CompletableFuture.completedFuture(after);
            }
            log.atInfo().addKeyValue("operation", operation.number()).addKeyValue("kind", operation.kind())
                    .addKeyValue("range", operation.range().range()).addKeyValue("state", after.state()).log("Range operation over");
            return raft.propose(new ControllerEntry.Finish(operation.number(), after.error()).encode(), null);
        });
    }
}
