package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The total order of all values, the only one: missing, null, false, true, numbers (exactly), strings (by code point), arrays (by elements),
 * objects (by their members in the order of names). What it finds equal is equal in comparisons, groups, DISTINCT and pages.
 */
public final class ValueOrder implements Comparator<@Nullable JsonValue> {
    public static final ValueOrder ORDER = new ValueOrder();

    private ValueOrder() {
    }

    /** The kinds, least first. */
    static int rank(@Nullable JsonValue value) {
        return switch (value) {
            case null -> 0;
            case JsonNull missing -> 1;
            case JsonBoolean bool -> 2;
            case JsonNumber number -> 3;
            case JsonString string -> 4;
            case JsonArray array -> 5;
            case JsonObject object -> 6;
        };
    }

    @Override
    public int compare(@Nullable JsonValue a, @Nullable JsonValue b) {
        if (a instanceof JsonNumber left && b instanceof JsonNumber right) {
            return numbers(left, right);
        } else if (a instanceof JsonString left && b instanceof JsonString right) {
            return strings(left.value(), right.value());
        } else if (a instanceof JsonBoolean left && b instanceof JsonBoolean right) {
            return Boolean.compare(left.value(), right.value());
        } else if (a instanceof JsonArray left && b instanceof JsonArray right) {
            return arrays(left.elements(), right.elements());
        } else if (a instanceof JsonObject left && b instanceof JsonObject right) {
            return objects(left, right);
        }
        return Integer.compare(rank(a), rank(b));
    }

    public boolean same(@Nullable JsonValue a, @Nullable JsonValue b) {
        return compare(a, b) == 0;
    }

    private static int numbers(JsonNumber a, JsonNumber b) {
        OptionalLong left = Numbers.exactLong(a);
        OptionalLong right = Numbers.exactLong(b);
        return left.isPresent() && right.isPresent()
                ? Long.compare(left.getAsLong(), right.getAsLong())
                : Decimal.of(a.literal()).compareTo(Decimal.of(b.literal()));
    }

    /** By code point, where Java compares by UTF-16 unit: surrogates are moved above the rest of the plane. */
    static int strings(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                return Integer.compare(raised(left), raised(right));
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int raised(char unit) {
        return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
    }

    private int arrays(List<JsonValue> a, List<JsonValue> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private int objects(JsonObject a, JsonObject b) {
        var left = sorted(a).entrySet().iterator();
        var right = sorted(b).entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            Map.Entry<String, JsonValue> one = left.next();
            Map.Entry<String, JsonValue> other = right.next();
            int name = strings(one.getKey(), other.getKey());
            int order = name != 0 ? name : compare(one.getValue(), other.getValue());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    static TreeMap<String, JsonValue> sorted(JsonObject object) {
        TreeMap<String, JsonValue> sorted = new TreeMap<>(ValueOrder::strings);
        sorted.putAll(object.members());
        return sorted;
    }
}
