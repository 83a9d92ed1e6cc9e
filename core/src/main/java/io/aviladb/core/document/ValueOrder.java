package io.aviladb.core.document;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The total order of all values, the only one, and that of keys: null, false, true, numbers (exactly), strings (by code point), arrays (by
 * elements), objects (by their members in the order of names). What it finds equal is equal in comparisons, groups, DISTINCT and pages.
 */
public final class ValueOrder implements Comparator<JsonValue> {
    public static final ValueOrder ORDER = new ValueOrder();
    /** As {@link #ORDER}; of equal values that are written differently the shorter text first, then by the text: equal for equal texts only. */
    public static final Comparator<JsonValue> WRITTEN = ORDER.thenComparing((a, b) -> texts(a.toJson(), b.toJson()));

    private static final int SMALL_DIGITS = 18;

    private ValueOrder() {
    }

    /** The kinds, least first. */
    public static int rank(JsonValue value) {
        if (value instanceof JsonNull) {
            return 1;
        } else if (value instanceof JsonBoolean) {
            return 2;
        } else if (value instanceof JsonNumber) {
            return 3;
        } else if (value instanceof JsonString) {
            return 4;
        }
        return value instanceof JsonArray ? 5 : 6;
    }

    @Override
    public int compare(JsonValue a, JsonValue b) {
        if (a instanceof JsonNumber left && b instanceof JsonNumber right) {
            return numbers(left.literal(), right.literal());
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

    private static int numbers(String a, String b) {
        return isSmallInteger(a) && isSmallInteger(b)
                ? Long.compare(Long.parseLong(a), Long.parseLong(b))
                : Decimal.of(a).compareTo(Decimal.of(b));
    }

    private static boolean isSmallInteger(String literal) {
        return literal.length() <= SMALL_DIGITS && literal.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9');
    }

    /** By code point, where Java compares by UTF-16 unit: surrogates are moved above the rest of the plane. */
    public static int strings(String a, String b) {
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

    private static int texts(String a, String b) {
        int byLength = Integer.compare(a.length(), b.length());
        return byLength != 0 ? byLength : strings(a, b);
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
        Iterator<Map.Entry<String, JsonValue>> left = sorted(a).entrySet().iterator();
        Iterator<Map.Entry<String, JsonValue>> right = sorted(b).entrySet().iterator();
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

    /** The members in the order of their names. */
    public static TreeMap<String, JsonValue> sorted(JsonObject object) {
        TreeMap<String, JsonValue> sorted = new TreeMap<>(ValueOrder::strings);
        sorted.putAll(object.members());
        return sorted;
    }
}
