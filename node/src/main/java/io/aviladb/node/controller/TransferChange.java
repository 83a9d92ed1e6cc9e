package io.aviladb.node.controller;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.controller.RangeMap.Range;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeOperation.Kind;
import io.aviladb.proto.node.RangeOperation.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the entries of a transfer make of the controller's state. The map's entry decides whether the range moves: it is made once, and what follows
 * in the two groups only carries it out.
 */
final class TransferChange {
    private TransferChange() {
    }

    /** @return the same state, by identity, where the operation has begun already */
    static ControllerState begin(ControllerState state, ControllerEntry.Transfer transfer, List<Integer> dataGroups) {
        if (state.operations().stream().anyMatch(operation -> operation.token() == transfer.token())) {
            return state;
        }
        Range range = state.map().rangesOf(transfer.collection()).stream().filter(one -> one.ref().range() == transfer.range()).findFirst()
                .orElseThrow(() -> new AvilaError(ErrorCode.RANGE_NOT_FOUND,
                        "collection " + transfer.collection() + " has no range " + transfer.range()));
        if (!dataGroups.contains(transfer.group())) {
            throw new AvilaError(ErrorCode.GROUP_NOT_FOUND, "the data groups of this region are " + dataGroups);
        }
        ControllerChange.checkFree(state, List.of(range.ref()));
        if (range.group() == transfer.group()) {
            throw new AvilaError(ErrorCode.RANGE_BUSY, "range " + transfer.range() + " is in group " + transfer.group() + " already");
        }
        RangeRef moved = new RangeRef(range.ref().range(), range.ref().epoch() + 1);
        return state.begun(new RangeOperation(state.nextOperation(), transfer.token(), Kind.TRANSFER, RangeOperation.State.RUNNING,
                range.collection(), range.group(), range.ref(), range.keys().start(), moved, transfer.byHand(), "",
                Optional.of(new RangeOperation.Move(transfer.group(), range.keys(), Stage.COPYING))), state.map());
    }

    /** @return the same state, by identity, where it was decided before */
    static ControllerState decide(ControllerState state, ControllerEntry.Decide decide) {
        RangeOperation operation = state.running().stream().filter(one -> one.number() == decide.number()).findFirst().orElse(null);
        RangeOperation.Move move = operation == null ? null : operation.move().orElse(null);
        if (operation == null || move == null || move.stage() != Stage.COPYING) {
            return state;
        }
        boolean moves = decide.error().isEmpty();
        List<Range> ranges = new ArrayList<>(state.map().ranges());
        Range before = ControllerChange.taken(ranges, operation.range());
        // Where it stays it is beyond every epoch that a step of this transfer names.
        RangeRef next = moves ? operation.other() : new RangeRef(operation.other().range(), operation.other().epoch() + 1);
        ranges.add(new Range(next, before.collection(), before.keys(), moves ? move.group() : before.group(), before.byHand()));
        ranges.sort(Comparator.comparing(range -> range.ref().range()));
        return state.changed(operation.decided(moves ? Stage.MOVED : Stage.STAYS, decide.error()),
                new RangeMap(state.map().version() + 1, state.map().nextRange(), ranges));
    }

    /** Both groups have carried it out. Nothing ends before it is decided. */
    static ControllerState finish(ControllerState state, RangeOperation operation) {
        return operation.move().filter(move -> move.stage() != Stage.COPYING).isEmpty()
                ? state
                : state.finished(operation, operation.error(), state.map());
    }
}
