package io.aviladb.crdt.schema;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.TreeMap;

/** JSON Schema's equality: numbers by value, objects without regard to order. Equal values have equal texts. */
final class SameValue {
    private SameValue() {
    }

    static String text(JsonValue value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(JsonValue value, StringBuilder out) {
        if (value instanceof JsonNumber number) {
            out.append(Numbers.canonical(number));
        } else if (value instanceof JsonArray array) {
            out.append('[');
            array.elements().forEach(element -> {
                write(element, out);
                out.append(',');
            });
            out.append(']');
        } else if (value instanceof JsonObject object) {
            out.append('{');
            new TreeMap<>(object.members()).forEach((name, member) -> {
                out.append(new io.aviladb.core.document.JsonString(name).toJson()).append(':');
                write(member, out);
                out.append(',');
            });
            out.append('}');
        } else {
            out.append(value.toJson());
        }
    }
}
