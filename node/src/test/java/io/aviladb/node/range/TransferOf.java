package io.aviladb.node.range;

import java.util.Objects;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.storage.ReadView;

/** The steps of one transfer between two groups of a region, as the controller's driver takes them. */
final class TransferOf {
    final long operation;
    final RegionReplica from;
    final RegionReplica to;
    final RangeRef range;
    final KeyRange keys;
    int maxBytes = RangeExport.MAX_BYTES;

    TransferOf(long operation, RegionReplica from, RegionReplica to, OwnedRange range) {
        this.operation = operation;
        this.from = from;
        this.to = to;
        this.range = range.ref();
        this.keys = range.keys();
    }

    private RangeChange step(RegionReplica group, TransferStep step) {
        return (RangeChange) group.apply(new GroupEntry.Transfer(step));
    }

    RangeChange export() {
        return step(from, new TransferStep.Export(operation, range));
    }

    RangeChange receive() {
        return step(to, new TransferStep.Receive(operation, range, keys));
    }

    /** What lies behind the copy's position at the old group. */
    TransferStep.Import next() {
        byte[] position = Objects.requireNonNull(to.machine.transfers().arriving().get(operation), "a copy that arrives").position();
        try (ReadView view = from.store().view()) {
            return new TransferStep.Import(operation, range, position, RangeExport.read(view, from.group, operation, position, maxBytes));
        }
    }

    RangeChange bring(TransferStep.Import piece) {
        return step(to, piece);
    }

    /** Until the copy has caught up. */
    void copy() {
        for (boolean behind = true; behind;) {
            TransferStep.Import piece = next();
            behind = !piece.chunk().caughtUp();
            if (!bring(piece).equals(new RangeChange.Done())) {
                throw new AssertionError("the copy stands elsewhere");
            }
        }
    }

    RangeChange freeze() {
        return step(from, new TransferStep.Freeze(operation, range));
    }

    RangeChange take() {
        return step(to, new TransferStep.Take(operation, range));
    }

    RangeChange leave() {
        return step(from, new TransferStep.Leave(operation, range, to.group));
    }

    RangeChange unfreeze() {
        return step(from, new TransferStep.Unfreeze(operation, range));
    }

    RangeChange discard() {
        return step(to, new TransferStep.Discard(operation, range));
    }

    /** All but the map's entry. */
    void whole() {
        export();
        receive();
        copy();
        freeze();
        copy();
        take();
        leave();
    }
}
