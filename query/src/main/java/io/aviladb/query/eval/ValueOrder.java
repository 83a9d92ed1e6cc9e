package io.aviladb.query.eval;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.Comparator;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@link io.aviladb.core.document.ValueOrder} of all values, before which what is missing stands. What it finds equal is equal in
 * comparisons, groups, DISTINCT and pages.
 */
public final class ValueOrder implements Comparator<@Nullable JsonValue> {
    public static final ValueOrder ORDER = new ValueOrder();

    private ValueOrder() {
    }

    /** The kinds, least first. */
    static int rank(@Nullable JsonValue value) {
        return value == null ? 0 : io.aviladb.core.document.ValueOrder.rank(value);
    }

    @Override
    public int compare(@Nullable JsonValue a, @Nullable JsonValue b) {
        return a == null || b == null ? Integer.compare(rank(a), rank(b)) : io.aviladb.core.document.ValueOrder.ORDER.compare(a, b);
    }

    public boolean same(@Nullable JsonValue a, @Nullable JsonValue b) {
        return compare(a, b) == 0;
    }

    /** By code point. */
    static int strings(String a, String b) {
        return io.aviladb.core.document.ValueOrder.strings(a, b);
    }

    /** The members in the order of their names. */
    static TreeMap<String, JsonValue> sorted(JsonObject object) {
        return io.aviladb.core.document.ValueOrder.sorted(object);
    }
}
