package io.aviladb.node.server;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.RangeChange;
import io.aviladb.node.range.RangeChunk;
import io.aviladb.node.range.RangeExport;
import io.aviladb.node.range.TransferStep;
import io.aviladb.node.range.Transfers;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * What a group's leader does for a transfer: takes a step of it, an entry of the group's log. The new group's leader fetches the range from the
 * old one's, a few pieces for each time that it is asked: who asks sets the pace. It remembers nothing: where the copy stands is in the log.
 */
final class TransferWork {
    /** Pieces of the copy that one request brings at most, and entries that one deletes with. */
    private static final int ENTRIES = 8;

    private final BiFunction<Integer, RangeRequest, CompletableFuture<RangeReply>> leaders;
    private final Executor blocking;
    private final int pieceBytes;

    /**
     * @param leaders asks a group's leader
     * @param pieceBytes about what a piece of the copy has
     */
    TransferWork(BiFunction<Integer, RangeRequest, CompletableFuture<RangeReply>> leaders, Executor blocking, int pieceBytes) {
        this.leaders = leaders;
        this.blocking = blocking;
        this.pieceBytes = pieceBytes;
    }

    /** Answers the operation: done where the step is, failed where it never can be, running where it is to be asked for again. */
    CompletableFuture<RangeReply> step(DataGroup group, RangeRequest.TakeStep request) {
        RangeOperation transfer = request.operation();
        CompletableFuture<RangeOperation> after = switch (request.step()) {
            case EXPORT -> propose(group, transfer, new TransferStep.Export(transfer.number(), transfer.range()));
            case COPY -> copy(group, transfer, false);
            case FREEZE -> propose(group, transfer, new TransferStep.Freeze(transfer.number(), transfer.range()));
            case COMPLETE -> copy(group, transfer, true);
            case TAKE -> propose(group, transfer, new TransferStep.Take(transfer.number(), transfer.range()));
            case LEAVE -> repeated(group, transfer, new TransferStep.Leave(transfer.number(), transfer.range(), move(transfer).group()),
                    ENTRIES);
            case UNFREEZE -> propose(group, transfer, new TransferStep.Unfreeze(transfer.number(), transfer.range()));
            case DISCARD -> repeated(group, transfer, new TransferStep.Discard(transfer.number(), transfer.range()), ENTRIES);
        };
        return after.thenApply(RangeReply::of);
    }

    private static RangeOperation.Move move(RangeOperation transfer) {
        return transfer.move().orElseThrow(() -> NodeRefusal.of(ErrorCode.MALFORMED_REQUEST, "no transfer: " + transfer));
    }

    private static CompletableFuture<RangeOperation> propose(DataGroup group, RangeOperation transfer, TransferStep step) {
        return group.propose(new GroupEntry.Transfer(step)).thenApply(answer -> RangeWork.after(transfer, (RangeChange) answer));
    }

    private static CompletableFuture<RangeOperation> repeated(DataGroup group, RangeOperation transfer, TransferStep step, int left) {
        return propose(group, transfer, step).thenCompose(after -> after.state() != RangeOperation.State.RUNNING || left == 1
                ? CompletableFuture.completedFuture(after)
                : repeated(group, transfer, step, left - 1));
    }

    /** @param whole whether it is done only with the last piece, which a frozen range has; else when it has caught up */
    private CompletableFuture<RangeOperation> copy(DataGroup group, RangeOperation transfer, boolean whole) {
        TransferStep receive = new TransferStep.Receive(transfer.number(), transfer.range(), move(transfer).keys());
        return repeated(group, transfer, receive, ENTRIES).thenCompose(ready -> ready.state() == RangeOperation.State.DONE
                ? pieces(group, transfer, whole, ENTRIES)
                : CompletableFuture.completedFuture(ready));
    }

    private CompletableFuture<RangeOperation> pieces(DataGroup group, RangeOperation transfer, boolean whole, int left) {
        Transfers.Arriving copy = group.machine().transfers().arriving().get(transfer.number());
        if (copy == null || left == 0) {
            return CompletableFuture.completedFuture(transfer);
        }
        if (copy.end().isPresent()) {
            return CompletableFuture.completedFuture(transfer.finished(""));
        }
        RangeRequest next = new RangeRequest.Copy(transfer.group(), transfer.number(), copy.position());
        return leaders.apply(transfer.group(), next).thenCompose(reply -> {
            RangeChunk chunk = RangeChunk.decode(reply.bytes());
            if (!chunk.isOf(copy.keys())) {
                throw NodeRefusal.of(ErrorCode.MALFORMED_REQUEST, "rows of other keys came with range " + transfer.range());
            }
            return propose(group, transfer, new TransferStep.Import(transfer.number(), transfer.range(), copy.position(), chunk))
                    .thenCompose(after -> {
                        boolean done = after.state() == RangeOperation.State.DONE
                                && (chunk.end().isPresent() || !whole && chunk.caughtUp());
                        return done || after.state() == RangeOperation.State.FAILED
                                ? CompletableFuture.completedFuture(after)
                                : pieces(group, transfer, whole, left - 1);
                    });
        });
    }

    /** The piece of the copy behind the position. */
    CompletableFuture<RangeReply> read(DataGroup group, RangeRequest.Copy copy) {
        GroupStore store = group.machine().storeOrNull();
        if (store == null) {
            throw NodeRefusal.of(ErrorCode.NOT_READY, "the replica is closed or installs a snapshot");
        }
        return CompletableFuture.supplyAsync(() -> {
            try (ReadView view = store.view()) {
                RangeChunk chunk = RangeExport.read(view, group.descriptor().number(), copy.operation(), copy.from(),
                        RangeExport.MAX_BYTES);
                return new RangeReply(List.of(), chunk.encode());
            }
        }, blocking);
    }
}
