package io.aviladb.cli.http;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Short ways into JSON values, lenient towards what a newer server may add or leave out. */
public final class Json {
    private Json() {
    }

    /** An object of name, value, name, value …; values are strings, numbers, booleans or JSON values. */
    public static JsonObject object(Object... namesAndValues) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], value(namesAndValues[i + 1]));
        }
        return new JsonObject(members);
    }

    private static JsonValue value(Object value) {
        return switch (value) {
            case JsonValue json -> json;
            case Boolean flag -> flag ? JsonBoolean.TRUE : JsonBoolean.FALSE;
            case Double number -> JsonNumber.of(number);
            case Number number -> JsonNumber.of(number.longValue());
            default -> new JsonString(value.toString());
        };
    }

    public static String string(JsonObject object, String name, String otherwise) {
        return object.getOrNull(name) instanceof JsonString text ? text.value() : otherwise;
    }

    public static long number(JsonObject object, String name, long otherwise) {
        return object.getOrNull(name) instanceof JsonNumber number ? Math.round(number.toDouble()) : otherwise;
    }

    /** The objects of an array member; empty where there is none. */
    public static List<JsonObject> objects(JsonObject object, String name) {
        return object.getOrNull(name) instanceof JsonArray array
                ? array.elements().stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList()
                : List.of();
    }

    /** A value as one cell of a table: strings bare, everything else as JSON; nothing where it is missing. */
    public static String cell(@Nullable JsonValue value) {
        return value == null ? "" : value instanceof JsonString text ? text.value() : value.toJson();
    }
}
