package io.aviladb.core.document;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Java's own values are in JSON. */
final class JavaValues {
    private JavaValues() {
    }

    static JsonValue toJson(@Nullable Object value, int depth) {
        if (value == null) {
            return JsonNull.NULL;
        } else if (value instanceof JsonValue json) {
            return json;
        } else if (value instanceof Document document) {
            return document.root();
        } else if (value instanceof String string) {
            return new JsonString(string);
        } else if (value instanceof Boolean bool) {
            return JsonBoolean.of(bool);
        } else if (value instanceof Number number) {
            return number(number);
        } else if (value instanceof Iterable<?> elements) {
            return array(elements, deeper(depth));
        } else if (value instanceof Map<?, ?> members) {
            return object(members, deeper(depth));
        }
        throw new IllegalArgumentException("JSON has no form for a " + value.getClass().getName());
    }

    private static int deeper(int depth) {
        // A list that contains itself ends here too.
        if (depth >= JsonParser.MAX_NESTING) {
            throw new IllegalArgumentException("lists and maps are nested more than " + JsonParser.MAX_NESTING + " deep");
        }
        return depth + 1;
    }

    private static JsonNumber number(Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            return JsonNumber.of(number.longValue());
        } else if (number instanceof Double) {
            return JsonNumber.of(number.doubleValue());
        } else if (number instanceof Float single && Float.isFinite(single)) {
            return new JsonNumber(single.toString()); // not by way of double: 0.1f is to stay 0.1
        } else if (number instanceof BigDecimal decimal) {
            return JsonNumber.of(decimal);
        } else if (number instanceof BigInteger integer) {
            return new JsonNumber(integer.toString());
        }
        throw new IllegalArgumentException("JSON has no form for the " + number.getClass().getName() + " " + number);
    }

    private static JsonArray array(Iterable<?> elements, int depth) {
        List<JsonValue> values = new ArrayList<>();
        elements.forEach(element -> values.add(toJson(element, depth)));
        return new JsonArray(values);
    }

    private static JsonObject object(Map<?, ?> map, int depth) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (!(name instanceof String text)) {
                throw new IllegalArgumentException("a member's name is a string, and " + name + " is not");
            }
            members.put(text, toJson(value, depth));
        });
        return JsonObject.owning(members);
    }
}
