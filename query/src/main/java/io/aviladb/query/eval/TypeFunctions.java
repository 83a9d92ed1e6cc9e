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
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tests of types, conversions, and choices among values, for which missing and null are values like others. */
final class TypeFunctions {
    static final List<ScalarFunction> ALL = List.of(test("IS_STRING", value -> value instanceof JsonString),
            test("IS_NUMBER", value -> value instanceof JsonNumber),
            test("IS_INTEGER", value -> value instanceof JsonNumber number && Numbers.exactLong(number).isPresent()),
            test("IS_BOOLEAN", value -> value instanceof JsonBoolean), test("IS_ARRAY", value -> value instanceof JsonArray),
            test("IS_OBJECT", value -> value instanceof JsonObject), test("IS_NULL", value -> value == JsonNull.NULL),
            test("IS_DEFINED", Objects::nonNull), test("IS_MISSING", Objects::isNull),
            loose("TYPE_OF", 1, 1, values -> new JsonString(type(values.get(0)))),
            loose("COALESCE", 1, Integer.MAX_VALUE, TypeFunctions::coalesce),
            loose("IF_MISSING", 2, 2, values -> values.get(0) == null ? values.get(1) : values.get(0)),
            loose("IF_NULL", 2, 2, values -> values.get(0) == JsonNull.NULL ? values.get(1) : values.get(0)),
            loose("NULL_IF", 2, 2, values -> ValueOrder.ORDER.same(values.get(0), values.get(1)) ? JsonNull.NULL : values.get(0)),
            loose("GREATEST", 1, Integer.MAX_VALUE, values -> extreme(values, ValueOrder.ORDER)),
            loose("LEAST", 1, Integer.MAX_VALUE, values -> extreme(values, ValueOrder.ORDER.reversed())),
            strict("TO_STRING", value -> value instanceof JsonString ? value : new JsonString(value.toJson())),
            strict("TO_NUMBER", TypeFunctions::toNumber));

    private TypeFunctions() {
    }

    /** A body that may answer missing. */
    private interface Body {
        @Nullable
        JsonValue apply(List<? extends @Nullable JsonValue> values);
    }

    /** A body of one value that may answer missing. */
    private interface OneBody {
        @Nullable
        JsonValue apply(JsonValue value);
    }

    private static ScalarFunction loose(String name, int least, int most, Body body) {
        return new ScalarFunction(name, least, most, false, true, (values, frame) -> body.apply(values));
    }

    private static ScalarFunction strict(String name, OneBody body) {
        return new ScalarFunction(name, 1, 1, true, true, (values, frame) -> body.apply(Objects.requireNonNull(values.get(0))));
    }

    private static ScalarFunction test(String name, Predicate<@Nullable JsonValue> test) {
        return loose(name, 1, 1, values -> JsonBoolean.of(test.test(values.get(0))));
    }

    static String type(@Nullable JsonValue value) {
        return switch (value) {
            case null -> "missing";
            case JsonNull absent -> "null";
            case JsonBoolean bool -> "boolean";
            case JsonNumber number -> "number";
            case JsonString string -> "string";
            case JsonArray array -> "array";
            case JsonObject object -> "object";
        };
    }

    private static @Nullable JsonValue coalesce(List<? extends @Nullable JsonValue> values) {
        for (JsonValue value : values) {
            if (value != null && value != JsonNull.NULL) {
                return value;
            }
        }
        return nothing(values);
    }

    /** Null where one of them is, else missing. */
    private static @Nullable JsonValue nothing(List<? extends @Nullable JsonValue> values) {
        return values.stream().anyMatch(value -> value == JsonNull.NULL) ? JsonNull.NULL : null;
    }

    /** The largest of the values that are neither missing nor null; of equals the one with the least text, so that the order doesn't show. */
    private static @Nullable JsonValue extreme(List<? extends @Nullable JsonValue> values, Comparator<@Nullable JsonValue> order) {
        JsonValue best = null;
        for (JsonValue value : values) {
            if (value == null || value == JsonNull.NULL) {
                continue;
            }
            int compared = best == null ? 1 : order.compare(value, best);
            if (compared > 0 || compared == 0 && best != null && value.toJson().compareTo(best.toJson()) < 0) {
                best = value;
            }
        }
        return best != null ? best : nothing(values);
    }

    private static @Nullable JsonValue toNumber(JsonValue value) {
        if (value instanceof JsonNumber) {
            return value;
        }
        try {
            return value instanceof JsonString string ? new JsonNumber(string.value().strip()) : null;
        } catch (IllegalArgumentException noNumber) {
            return null; // any string may stand in a document: it's no number, and that is the answer
        }
    }
}
