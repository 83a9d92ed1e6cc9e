package io.aviladb.node.server;

import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeOperation.Stage;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.RangeRequest.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of a transfer in their order, at the controller's leader. Each step is asked for again from the first of its stage on: all of them
 * can be taken twice. The map's entry stands between what can be given up and what can't.
 */
final class TransferDriver {
    private static final Logger log = LoggerFactory.getLogger(TransferDriver.class);
    /** A range that isn't whole at the new group so long after it was frozen goes back: nobody can read or write it meanwhile. */
    private static final Duration FROZEN_AT_MOST = Duration.ofSeconds(10);
    private static final List<Step> BEFORE = List.of(Step.EXPORT, Step.COPY, Step.FREEZE, Step.COMPLETE);
    private static final List<Step> MOVED = List.of(Step.TAKE, Step.LEAVE);
    private static final List<Step> STAYS = List.of(Step.UNFREEZE, Step.DISCARD);

    private final GroupLeaders leaders;
    private final LongSupplier nanoTime;
    /** Rebuilt after a change of leader: the range may then stay frozen for as long again. */
    private final Map<Long, Long> frozenSince = new ConcurrentHashMap<>();

    /** @param nanoTime monotonic */
    TransferDriver(GroupLeaders leaders, LongSupplier nanoTime) {
        this.leaders = leaders;
        this.nanoTime = nanoTime;
    }

    /** Goes as far as it can go now. */
    CompletableFuture<Object> drive(RaftGroup raft, RangeOperation transfer) {
        return switch (transfer.move().orElseThrow().stage()) {
            case COPYING -> all(transfer, BEFORE).thenCompose(after -> decide(raft, transfer, after));
            case MOVED -> all(transfer, MOVED).thenCompose(after -> finish(raft, transfer, after));
            case STAYS -> all(transfer, STAYS).thenCompose(after -> finish(raft, transfer, after));
        };
    }

    /** The steps one after the other, until one isn't done. */
    private CompletableFuture<RangeOperation> all(RangeOperation transfer, List<Step> steps) {
        Step step = steps.getFirst();
        return leaders.ask(step.group(transfer), new RangeRequest.TakeStep(transfer, step)).handle((reply, failure) -> {
            if (failure != null) {
                return step == Step.COMPLETE ? expired(transfer, failure) : CompletableFuture.<RangeOperation>failedFuture(failure);
            }
            RangeOperation after = reply.operations().getFirst();
            if (step == Step.FREEZE && after.state() == RangeOperation.State.DONE) {
                frozenSince.putIfAbsent(transfer.number(), nanoTime.getAsLong());
            }
            if (after.state() == RangeOperation.State.DONE && steps.size() > 1) {
                return all(transfer, steps.subList(1, steps.size()));
            }
            return step == Step.COMPLETE && after.state() == RangeOperation.State.RUNNING
                    ? expired(transfer, new IllegalStateException("the copy isn't whole"))
                    : CompletableFuture.completedFuture(after);
        }).thenCompose(next -> next);
    }

    private CompletableFuture<RangeOperation> expired(RangeOperation transfer, Throwable why) {
        long since = frozenSince.getOrDefault(transfer.number(), nanoTime.getAsLong());
        return nanoTime.getAsLong() - since < FROZEN_AT_MOST.toNanos()
                ? CompletableFuture.failedFuture(why)
                : CompletableFuture.completedFuture(transfer.finished("the new group didn't get the last of the range within "
                        + FROZEN_AT_MOST.toSeconds() + " s: " + why.getMessage()));
    }

    private CompletableFuture<Object> decide(RaftGroup raft, RangeOperation transfer, RangeOperation after) {
        if (after.state() == RangeOperation.State.RUNNING) {
            return CompletableFuture.completedFuture(after);
        }
        return raft.propose(new ControllerEntry.Decide(transfer.number(), after.error()).encode(), null).thenCompose(answer -> {
            frozenSince.remove(transfer.number());
            Optional<RangeOperation> decided = answer instanceof ControllerState state
                    ? state.running().stream().filter(one -> one.number() == transfer.number()).findFirst()
                    : Optional.empty();
            log.atInfo().addKeyValue("operation", transfer.number()).addKeyValue("range", transfer.range().range())
                    .addKeyValue("stage", decided.flatMap(RangeOperation::move).map(RangeOperation.Move::stage).orElse(Stage.COPYING))
                    .addKeyValue("why", after.error()).log("Range transfer decided");
            return decided.isPresent() ? drive(raft, decided.get()) : CompletableFuture.completedFuture(answer);
        });
    }

    private static CompletableFuture<Object> finish(RaftGroup raft, RangeOperation transfer, RangeOperation after) {
        return after.state() == RangeOperation.State.DONE
                ? raft.propose(new ControllerEntry.Finish(transfer.number(), transfer.error()).encode(), null)
                : CompletableFuture.completedFuture(after);
    }
}
