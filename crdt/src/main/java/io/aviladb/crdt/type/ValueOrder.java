package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A total order of values that is equal only where the written forms are: null, booleans, numbers, strings, arrays, objects. Numbers stand by
 * their value, of equal ones the shorter text first; those that are too large to calculate with stand after the others, by their text.
 */
public final class ValueOrder implements Comparator<JsonValue> {
    public static final ValueOrder ORDER = new ValueOrder();

    private ValueOrder() {
    }

    @Override
    public int compare(JsonValue a, JsonValue b) {
        if (a instanceof JsonNumber left && b instanceof JsonNumber right) {
            return numbers(left, right);
        }
        if (a instanceof JsonArray left && b instanceof JsonArray right) {
            return arrays(left.elements(), right.elements());
        }
        int order = Integer.compare(rank(a), rank(b));
        return order != 0 ? order : texts(a, b);
    }

    private static int rank(JsonValue value) {
        return switch (value) {
            case JsonNull n -> 0;
            case JsonBoolean bool -> 1;
            case JsonNumber number -> 2;
            case JsonString string -> 3;
            case JsonArray array -> 4;
            case JsonObject object -> 5;
        };
    }

    private static int texts(JsonValue a, JsonValue b) {
        return a instanceof JsonString left && b instanceof JsonString right
                ? left.value().compareTo(right.value())
                : a.toJson().compareTo(b.toJson());
    }

    private static int numbers(JsonNumber a, JsonNumber b) {
        Optional<BigDecimal> left = exact(a);
        Optional<BigDecimal> right = exact(b);
        int order = left.isPresent() && right.isPresent()
                ? left.get().compareTo(right.get())
                : Boolean.compare(left.isEmpty(), right.isEmpty());
        if (order != 0) {
            return order;
        }
        int byLength = Integer.compare(a.literal().length(), b.literal().length());
        return byLength != 0 ? byLength : a.literal().compareTo(b.literal());
    }

    private static Optional<BigDecimal> exact(JsonNumber number) {
        try {
            return Optional.of(number.toBigDecimal());
        } catch (ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    private int arrays(List<JsonValue> a, List<JsonValue> b) {
        Iterator<JsonValue> right = b.iterator();
        for (JsonValue left : a) {
            if (!right.hasNext()) {
                return 1;
            }
            int order = compare(left, right.next());
            if (order != 0) {
                return order;
            }
        }
        return right.hasNext() ? -1 : 0;
    }
}
