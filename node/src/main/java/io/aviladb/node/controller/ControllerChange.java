package io.aviladb.node.controller;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.controller.RangeMap.Range;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeOperation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What each entry makes of the controller's state. Pure. Refuses with {@link AvilaError}. */
final class ControllerChange {
    private static final int MAX_RUNNING = 64;

    private ControllerChange() {
    }

    /** @return the same state, by identity, where nothing changes */
    static ControllerState assign(ControllerState state, int collection, List<Integer> dataGroups) {
        RangeMap map = state.map();
        if (!map.rangesOf(collection).isEmpty()) {
            return state;
        }
        int group = dataGroups.get((int) ((map.nextRange() - 1) % dataGroups.size()));
        List<Range> ranges = new ArrayList<>(map.ranges());
        ranges.add(new Range(new RangeRef(map.nextRange(), 1), collection, KeyRange.collection(collection), group));
        return state.with(new RangeMap(map.version() + 1, map.nextRange() + 1, ranges));
    }

    /** Operations on ranges of the collection fail: their groups drop whatever they have of it. */
    static ControllerState drop(ControllerState state, int collection) {
        List<Range> left = state.map().ranges().stream().filter(range -> range.collection() != collection).toList();
        if (left.size() == state.map().ranges().size()) {
            return state;
        }
        RangeMap map = new RangeMap(state.map().version() + 1, state.map().nextRange(), left);
        ControllerState next = state.with(map);
        for (RangeOperation operation : state.running()) {
            if (operation.collection() == collection) {
                next = next.finished(operation, "the collection was dropped", map);
            }
        }
        return next;
    }

    static ControllerState split(ControllerState state, ControllerEntry.Split split) {
        if (state.operations().stream().anyMatch(operation -> operation.token() == split.token())) {
            return state;
        }
        RangeMap map = state.map();
        Range range = at(map, split.collection(), split.at());
        if (!range.keys().isInside(split.at())) {
            throw new AvilaError(ErrorCode.RANGE_BOUND_EXISTS, "range " + range.ref().range() + " begins at the key");
        }
        checkFree(state, List.of(range.ref()));
        RangeRef child = new RangeRef(map.nextRange(), range.ref().afterSplit().epoch());
        RangeOperation operation = new RangeOperation(state.nextOperation(), split.token(), Kind.SPLIT, RangeOperation.State.RUNNING,
                range.collection(), range.group(), range.ref(), split.at(), child, split.byHand(), "");
        return state.begun(operation, new RangeMap(map.version(), map.nextRange() + 1, map.ranges()));
    }

    static ControllerState merge(ControllerState state, ControllerEntry.Merge merge) {
        if (state.operations().stream().anyMatch(operation -> operation.token() == merge.token())) {
            return state;
        }
        Range right = at(state.map(), merge.collection(), merge.at());
        Range left = state.map().ranges().stream().filter(range -> range.collection() == merge.collection())
                .filter(range -> range.keys().touches(right.keys())).findFirst().orElse(null);
        if (left == null || !Arrays.equals(right.keys().start(), merge.at())) {
            throw new AvilaError(ErrorCode.RANGE_BOUND_NOT_FOUND,
                    "the key lies in range " + right.ref().range() + ", and isn't where it begins");
        }
        if (left.group() != right.group()) {
            throw new AvilaError(ErrorCode.RANGES_IN_TWO_GROUPS, "range " + left.ref().range() + " is in group " + left.group() + ", range "
                    + right.ref().range() + " in group " + right.group());
        }
        if (right.byHand() && !merge.byHand()) {
            throw new AvilaError(ErrorCode.RANGE_BUSY, "the bound was made by hand, and stays until it is taken away by hand");
        }
        checkFree(state, List.of(left.ref(), right.ref()));
        return state.begun(new RangeOperation(state.nextOperation(), merge.token(), Kind.MERGE, RangeOperation.State.RUNNING,
                merge.collection(), left.group(), left.ref(), merge.at(), right.ref(), merge.byHand(), ""), state.map());
    }

    private static Range at(RangeMap map, int collection, byte[] key) {
        return map.ranges().stream().filter(range -> range.collection() == collection)
                .filter(range -> Arrays.equals(range.keys().start(), key) || range.keys().isInside(key)).findFirst()
                .orElseThrow(() -> new AvilaError(ErrorCode.RANGE_BOUND_NOT_FOUND,
                        "collection " + collection + " has no range with the key " + HexFormat.of().formatHex(key)));
    }

    static void checkFree(ControllerState state, List<RangeRef> refs) {
        List<RangeOperation> running = state.running();
        for (RangeOperation operation : running) {
            for (RangeRef ref : refs) {
                if (operation.range().range() == ref.range() || operation.other().range() == ref.range()) {
                    throw new AvilaError(ErrorCode.RANGE_BUSY, "range " + ref.range() + " is part of operation " + operation.number());
                }
            }
        }
        if (running.size() >= MAX_RUNNING) {
            throw new AvilaError(ErrorCode.RANGE_BUSY, running.size() + " operations run; no more are begun");
        }
    }

    /** The group has done it, or never will: the map follows. */
    static ControllerState finish(ControllerState state, ControllerEntry.Finish finish) {
        Optional<RangeOperation> found = state.running().stream().filter(operation -> operation.number() == finish.number()).findFirst();
        if (found.isEmpty()) {
            return state;
        }
        if (found.get().kind() == Kind.TRANSFER) {
            return TransferChange.finish(state, found.get());
        }
        RangeMap map = finish.error().isEmpty() ? done(state.map(), found.get()) : state.map();
        return state.finished(found.get(), finish.error(), map);
    }

    private static RangeMap done(RangeMap map, RangeOperation operation) {
        List<Range> ranges = new ArrayList<>(map.ranges());
        Range first = taken(ranges, operation.range());
        if (operation.kind() == Kind.SPLIT) {
            KeyRange front = new KeyRange(first.keys().start(), operation.at());
            KeyRange behind = new KeyRange(operation.at(), first.keys().end());
            ranges.add(new Range(first.ref().afterSplit(), first.collection(), front, first.group(), first.byHand()));
            ranges.add(new Range(operation.other(), first.collection(), behind, first.group(), operation.byHand()));
        } else {
            Range second = taken(ranges, operation.other());
            ranges.add(new Range(first.ref().mergedWith(second.ref()), first.collection(), first.keys().followedBy(second.keys()),
                    first.group(), first.byHand()));
        }
        ranges.sort(Comparator.comparing(range -> range.ref().range()));
        return new RangeMap(map.version() + 1, map.nextRange(), ranges);
    }

    /** Invariant: a running operation's ranges are in the map as they were when it began. */
    static Range taken(List<Range> ranges, RangeRef ref) {
        Range range = ranges.stream().filter(one -> one.ref().equals(ref)).findFirst()
                .orElseThrow(() -> new IllegalStateException("a running operation's range " + ref + " isn't in the map"));
        ranges.remove(range);
        return range;
    }
}
