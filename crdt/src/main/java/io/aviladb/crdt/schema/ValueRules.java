package io.aviladb.crdt.schema;

import com.google.re2j.Pattern;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.schema.SchemaNode.Rule;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;

/** What can be said of one value: its type, its number, its text. */
final class ValueRules {
    static final Set<String> TYPES = Set.of("null", "boolean", "object", "array", "number", "string", "integer");
    /** A message quotes no more of the schema than this. */
    private static final int MAX_QUOTE = 80;

    private ValueRules() {
    }

    static Rule type(List<String> types) {
        return (value, run, evaluated) -> types.stream().anyMatch(type -> isOf(type, value))
                || run.broken("type", "is " + typeOf(value) + ", must be " + String.join(" or ", types));
    }

    private static boolean isOf(String type, JsonValue value) {
        return switch (type) {
            case "null" -> value instanceof JsonNull;
            case "boolean" -> value instanceof JsonBoolean;
            case "object" -> value instanceof JsonObject;
            case "array" -> value instanceof JsonArray;
            case "number" -> value instanceof JsonNumber;
            case "string" -> value instanceof JsonString;
            default -> value instanceof JsonNumber number && Numbers.isInteger(number);
        };
    }

    static String typeOf(JsonValue value) {
        return switch (value) {
            case JsonNull n -> "null";
            case JsonBoolean b -> "boolean";
            case JsonNumber n -> "number";
            case JsonString s -> "string";
            case JsonArray a -> "array";
            case JsonObject o -> "object";
        };
    }

    /** {@code enum}, and {@code const} with one value. */
    static Rule oneOf(String keyword, List<JsonValue> values) {
        Set<String> known = new java.util.HashSet<>();
        values.forEach(value -> known.add(SameValue.text(value)));
        String quoted = quote(values);
        int longest = known.stream().mapToInt(String::length).max().orElse(0);
        return (value, run, evaluated) -> {
            boolean scalar = !(value instanceof JsonArray || value instanceof JsonObject);
            boolean same = run.spend(scalar ? 1 : Math.max(1, longest / 16)) && known.contains(SameValue.text(value));
            return same || run.broken(keyword, values.size() == 1 ? "must be " + quoted : "must be one of " + quoted);
        };
    }

    private static String quote(List<JsonValue> values) {
        String text = String.join(", ", values.stream().map(JsonValue::toJson).toList());
        return text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE - 3) + "...";
    }

    /** @param holds of the comparison of the value with the bound */
    static Rule bound(String keyword, JsonNumber bound, String must, IntPredicate holds) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonNumber number)) {
                return true;
            }
            OptionalInt order = Numbers.compare(number, bound);
            if (order.isEmpty()) {
                return run.broken(keyword, "is too large to calculate with");
            }
            return holds.test(order.getAsInt()) || run.broken(keyword, "is " + brief(number) + ", must be " + must + " " + brief(bound));
        };
    }

    static Rule multipleOf(JsonNumber divisor) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonNumber number)) {
                return true;
            }
            try {
                return Numbers.isMultiple(number, divisor)
                        || run.broken("multipleOf", "is " + brief(number) + ", must be a multiple of " + brief(divisor));
            } catch (ArithmeticException tooLarge) {
                return run.broken("multipleOf", "is too large to calculate with");
            }
        };
    }

    private static String brief(JsonNumber number) {
        String text = number.literal();
        return text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE - 3) + "...";
    }

    /** In characters, which are Unicode's and not Java's. */
    static Rule length(String keyword, int limit, boolean least) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonString string)) {
                return true;
            }
            int length = string.value().codePointCount(0, string.value().length());
            return (least ? length >= limit : length <= limit) || run.broken(keyword,
                    "has " + length + " characters, must have at " + (least ? "least " : "most ") + limit);
        };
    }

    /** In time that is linear in the text. */
    static Rule pattern(Pattern pattern) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonString string)) {
                return true;
            }
            boolean found = run.spend(1 + string.value().length() / 16) && pattern.matcher(string.value()).find();
            return found || run.broken("pattern", "doesn't match " + brief(pattern));
        };
    }

    private static String brief(Pattern pattern) {
        String text = pattern.pattern();
        return text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE - 3) + "...";
    }
}
