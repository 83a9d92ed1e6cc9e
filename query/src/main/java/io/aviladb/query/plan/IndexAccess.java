package io.aviladb.query.plan;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.index.IndexBounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How an index serves a query: constants for its leading fields, bounds for the next one, and whether the fields behind the equated ones are the
 * query's order, forwards or backwards. What it reads holds all that the condition accepts, and may hold more.
 */
public final class IndexAccess {
    /** Intervals of one reading: combinations of the constants in IN. */
    private static final int MAX_INTERVALS = 10_000;

    private final IndexDefinition index;
    private final List<Equal> equal;
    private final @Nullable Bounds bounds;
    private final Ordering ordering;
    private final List<String> conditions;

    /** The field is one of the values; of an array where that is one. */
    record Equal(List<Evaluator> values, boolean array) {}

    /** The field is between the two, as far as they are there. Both may be equal to it. */
    record Bounds(@Nullable Evaluator low, @Nullable Evaluator high) {}

    /**
     * What the fields behind the equated ones are to ORDER BY.
     *
     * @param places the keys of ORDER BY that are these fields; the others are constant. Empty where they give no order
     * @param backwards whether the order is that of the last entry first
     */
    record Ordering(List<Integer> places, boolean backwards) {
        static final Ordering NONE = new Ordering(List.of(), false);

        Ordering {
            places = List.copyOf(places);
        }
    }

    /** Entries, and their common beginning: up to the values of the equated fields. */
    public record Interval(byte[] beginning, KeyRange entries) {}

    IndexAccess(IndexDefinition index, List<Equal> equal, @Nullable Bounds bounds, Ordering ordering, List<String> conditions) {
        this.index = index;
        this.equal = List.copyOf(equal);
        this.bounds = bounds;
        this.ordering = ordering;
        this.conditions = List.copyOf(conditions);
    }

    public IndexDefinition index() {
        return index;
    }

    /** The keys of ORDER BY, by their places, that are the fields behind the equated ones; the others are constant. Empty where it gives no order. */
    public List<Integer> ordering() {
        return ordering.places();
    }

    /** Whether entries are read from the last to the first. */
    public boolean backwards() {
        return ordering.backwards();
    }

    /** For each of {@link #ordering} whether the greatest comes first in the index. */
    public List<Boolean> orderingDescends() {
        return index.fields().subList(equal.size(), equal.size() + ordering.places().size()).stream().map(IndexDefinition.Field::descending)
                .toList();
    }

    /** Whether the entries of one interval come in the order of documents' keys. */
    private boolean inKeyOrder() {
        return equal.size() == index.fields().size();
    }

    /** Whether entries come in the order that the query asks for, or in that of keys where it asks for none. */
    public boolean givesOrder(QueryPlan plan) {
        return plan.grouping().isEmpty() && !plan.distinct() && (plan.inKeyOrder() ? inKeyOrder() : !ordering.places().isEmpty());
    }

    /** For EXPLAIN. */
    List<String> conditions() {
        return conditions;
    }

    private boolean isDescending(int field) {
        return index.fields().get(field).descending();
    }

    int equated() {
        return equal.size();
    }

    /** What is read, in order, without overlaps; none where the condition can't be true. Empty where it would be too many pieces. */
    public Optional<List<Interval>> intervals(int collection, Bindings bindings) {
        Frame frame = new Frame(0, bindings);
        List<byte[]> beginnings = List.of(IndexBounds.prefix(collection, index.id()));
        for (int field = 0; field < equal.size(); field++) {
            TreeSet<byte[]> values = values(equal.get(field), field, frame);
            if ((long) beginnings.size() * values.size() > MAX_INTERVALS) {
                return Optional.empty();
            }
            List<byte[]> longer = new ArrayList<>();
            beginnings.forEach(beginning -> values.forEach(value -> longer.add(IndexBounds.join(beginning, value))));
            beginnings = longer;
        }
        List<Interval> intervals = new ArrayList<>();
        for (byte[] beginning : beginnings) {
            interval(beginning, frame).ifPresent(entries -> intervals.add(new Interval(beginning, entries)));
        }
        return Optional.of(intervals);
    }

    private TreeSet<byte[]> values(Equal constants, int field, Frame frame) {
        TreeSet<byte[]> values = new TreeSet<>(Arrays::compareUnsigned);
        for (Evaluator constant : constants.values()) {
            JsonValue value = constant.evaluate(frame);
            List<JsonValue> each = value == null
                    ? List.of()
                    : !constants.array() ? List.of(value) : value instanceof JsonArray array ? array.elements() : List.of();
            each.stream().filter(one -> !(one instanceof JsonNull)) // nothing equals null
                    .forEach(one -> values.add(IndexBounds.value(one, isDescending(field))));
        }
        return values;
    }

    private Optional<KeyRange> interval(byte[] beginning, Frame frame) {
        if (bounds == null) {
            return Optional.of(KeyRange.prefix(beginning));
        }
        JsonValue low = bounds.low() == null ? null : bounds.low().evaluate(frame);
        JsonValue high = bounds.high() == null ? null : bounds.high().evaluate(frame);
        boolean never = bounds.low() != null && (low == null || low instanceof JsonNull)
                || bounds.high() != null && (high == null || high instanceof JsonNull);
        return never ? Optional.empty() : IndexBounds.between(beginning, low, high, isDescending(equal.size()));
    }
}
