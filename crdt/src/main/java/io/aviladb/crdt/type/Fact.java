package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.ValueOrder;
import java.util.Comparator;

/**
 * One thing that writes say of a typed field: that it has the value, or the element; or that the element was taken out.
 *
 * @param removed only of elements, and only where a removal outlives what it removed
 */
public record Fact(JsonValue value, boolean removed) implements Comparable<Fact> {
    private static final Comparator<Fact> ORDER = Comparator.comparing(Fact::value, ValueOrder.WRITTEN).thenComparing(Fact::removed);

    public static Fact of(JsonValue value) {
        return new Fact(value, false);
    }

    @Override
    public int compareTo(Fact other) {
        return ORDER.compare(this, other);
    }
}
