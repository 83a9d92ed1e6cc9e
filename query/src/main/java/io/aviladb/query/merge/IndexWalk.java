package io.aviladb.query.merge;

import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.index.IndexBounds;
import io.aviladb.query.index.IndexKeys;
import io.aviladb.query.plan.IndexAccess;
import io.aviladb.query.plan.QueryPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way of a run through an index: interval after interval, each only as far as its entries can still matter. Whoever has the entries brings them;
 * the walk can be left after any entry and taken up again. One thread's.
 */
public final class IndexWalk {
    private final IndexAccess access;
    private final QueryPlan plan;
    private final PartialRun run;
    private final Optional<ResumePoint> resume;
    private final List<IndexAccess.Interval> intervals;
    private int current;
    private byte @Nullable [] passed; // the last entry of the current interval that was looked at

    public IndexWalk(IndexAccess access, Fragment.Ready ready, List<IndexAccess.Interval> intervals, PartialRun run) {
        this.access = access;
        this.plan = ready.plan();
        this.resume = ready.page().resume();
        this.intervals = List.copyOf(intervals);
        this.run = run;
    }

    /** Whether what {@link #rest} names is to be read from its last entry to its first. */
    public boolean backwards() {
        return access.backwards();
    }

    /** What is to be read next, in order; empty at the end. */
    public Optional<KeyRange> rest() {
        while (current < intervals.size()) {
            KeyRange entries = intervals.get(current).entries();
            byte[] start = entries.start();
            byte[] end = entries.end();
            if (backwards()) {
                end = passed == null ? resumedBackwards(intervals.get(current)) : passed;
            } else {
                start = passed == null ? resumed(intervals.get(current)) : Arrays.copyOf(passed, passed.length + 1);
            }
            if (Arrays.compareUnsigned(start, end) < 0) {
                return Optional.of(new KeyRange(start, end));
            }
            intervalOver();
        }
        return Optional.empty();
    }

    /** Nothing more is wanted of, or left in, the interval that {@link #rest} began in. */
    public void intervalOver() {
        current++;
        passed = null;
    }

    /**
     * Looks at the next entry.
     *
     * @param read brings the document that the entry is about to the run; false where nothing more is wanted at all
     * @return whether the interval's next entry is wanted
     */
    public boolean visit(byte[] entry, Predicate<DocumentKey> read) {
        DocumentKey key = IndexKeys.document(entry);
        if (isBeyond(entry, key)) {
            intervalOver();
            return false;
        }
        passed = entry;
        if (!read.test(key)) {
            current = intervals.size();
            return false;
        }
        return true;
    }

    /** Whether the run has as many rows as it can need, all before those of this entry and of what follows it. */
    private boolean isBeyond(byte[] entry, DocumentKey key) {
        RowKey last = access.givesOrder(plan) ? run.bound().orElse(null) : null;
        if (last == null) {
            return false;
        }
        return plan.inKeyOrder()
                ? Arrays.compareUnsigned(key.bytes(), last.document()) > 0
                : IndexBounds.isBeyond(entry, intervals.get(current).beginning().length, order(last), backwards());
    }

    private byte[] order(RowKey row) {
        List<@Nullable JsonValue> values = new ArrayList<>();
        access.ordering().forEach(place -> values.add(row.keys().get(place)));
        return IndexBounds.order(values, access.orderingDescends());
    }

    /** Rows up to the resume point have been given: what lies before it in the order isn't read again. */
    private byte[] resumed(IndexAccess.Interval interval) {
        byte[] start = interval.entries().start();
        if (resume.isEmpty() || !access.givesOrder(plan)) {
            return start;
        }
        RowKey after = resume.get().after();
        byte[] from = IndexBounds.join(interval.beginning(),
                plan.inKeyOrder() ? IndexBounds.document(new DocumentKey(after.document())) : order(after));
        return Arrays.compareUnsigned(from, start) > 0 ? from : start;
    }

    /** Entries of the resume point's own values are read again: among them keys stand in their order, which is the opposite one. */
    private byte[] resumedBackwards(IndexAccess.Interval interval) {
        byte[] end = interval.entries().end();
        if (resume.isEmpty() || !access.givesOrder(plan)) {
            return end;
        }
        byte[] to = KeyRange.prefix(IndexBounds.join(interval.beginning(), order(resume.get().after()))).end();
        return Arrays.compareUnsigned(to, end) < 0 ? to : end;
    }
}
