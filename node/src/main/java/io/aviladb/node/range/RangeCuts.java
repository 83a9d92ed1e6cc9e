package io.aviladb.node.range;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What splits and merges make of a group's ranges. Pure: no document, feed row or answer of an operation is touched, since all of them are found
 * by their keys.
 *
 * <p>Invariants: ranges neither overlap nor leave out a key that one of them had; the epoch of every key that changes hands rises, so that of two
 * owners that a router has heard of the one with the higher epoch is the present one.
 */
final class RangeCuts {
    private RangeCuts() {
    }

    /** @param ranges by number; changed in place */
    static RangeChange split(GroupEntry.Split split, Map<Long, OwnedRange> ranges) {
        OwnedRange whole = ranges.get(split.range().range());
        RangeRef next = split.range().afterSplit();
        if (whole != null && whole.ref().equals(split.range()) && whole.keys().isInside(split.at()) && !ranges.containsKey(split.child())) {
            KeyRange front = new KeyRange(whole.keys().start(), split.at());
            KeyRange behind = new KeyRange(split.at(), whole.keys().end());
            ranges.put(next.range(), whole.part(next, front));
            ranges.put(split.child(), whole.part(new RangeRef(split.child(), next.epoch()), behind));
            return new RangeChange.Done();
        }
        boolean before = whole != null && whole.ref().equals(next) && ranges.containsKey(split.child());
        return before
                ? new RangeChange.Done()
                : new RangeChange.Refused("range " + split.range() + " isn't here, or has another shape", isPast(whole, split.range()));
    }

    /** @param ranges by number; changed in place */
    static RangeChange merge(GroupEntry.Merge merge, Map<Long, OwnedRange> ranges) {
        OwnedRange left = ranges.get(merge.left().range());
        OwnedRange right = ranges.get(merge.right().range());
        RangeRef next = merge.left().mergedWith(merge.right());
        if (left != null && right != null && left.ref().equals(merge.left()) && right.ref().equals(merge.right())
                && left.keys().touches(right.keys()) && left.collection().id() == right.collection().id()) {
            ranges.put(next.range(), left.unitedWith(right, next));
            ranges.remove(merge.right().range());
            return new RangeChange.Done();
        }
        boolean before = left != null && left.ref().equals(next) && right == null;
        return before
                ? new RangeChange.Done()
                : new RangeChange.Refused("ranges " + merge.left() + " and " + merge.right() + " aren't neighbours here",
                        isPast(left, merge.left()) || isPast(right, merge.right()));
    }

    private static boolean isPast(@Nullable OwnedRange range, RangeRef expected) {
        return range != null && range.ref().epoch() > expected.epoch();
    }
}
