package io.aviladb.node.server;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.RangeChange;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.storage.ReadView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** What a group's leader does for the controller: an operation's entry, and a look at where a range's middle is. */
final class RangeWork {
    private RangeWork() {
    }

    static RangeReply reply(ControllerState state, Predicate<RangeOperation> asked) {
        return new RangeReply(state.operations().stream().filter(asked).toList(), new byte[0]);
    }

    /** Answers the operation as it is afterwards: running where the group can't do it yet. */
    static CompletableFuture<RangeReply> perform(DataGroup group, RangeOperation operation) {
        return group.propose(entry(operation)).thenApply(answer -> RangeReply.of(after(operation, (RangeChange) answer)));
    }

    static GroupEntry entry(RangeOperation operation) {
        return switch (operation.kind()) {
            case SPLIT -> new GroupEntry.Split(operation.range(), operation.at(), operation.other().range());
            case MERGE -> new GroupEntry.Merge(operation.range(), operation.other());
            case TRANSFER -> throw new IllegalArgumentException("a transfer has steps of its own");
        };
    }

    /** The operation, over where the entry was done or can never be. */
    static RangeOperation after(RangeOperation operation, RangeChange answer) {
        return switch (answer) {
            case RangeChange.Done done -> operation.finished("");
            case RangeChange.Refused refused -> refused.forever() ? operation.finished(refused.why()) : operation;
        };
    }

    /** The key at which about half of the range's bytes lie before it; none where a single document has them all. */
    static CompletableFuture<RangeReply> middle(DataGroup group, RangeRef ref, Executor executor) {
        OwnedRange range = group.machine().ranges().get(ref.range());
        var store = group.machine().storeOrNull();
        if (range == null || store == null || !range.ref().equals(ref)) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + ref.range() + " isn't here at epoch " + ref.epoch());
        }
        return CompletableFuture.supplyAsync(() -> {
            try (ReadView view = store.view()) {
                return new RangeReply(List.of(), MiddleKey.of(view, range.keys()));
            }
        }, executor);
    }
}
