package io.aviladb.query.eval;

import io.aviladb.core.document.Decimal;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Values as strings that are equal exactly for values that {@link ValueOrder} finds equal: keys of groups and of sets. */
public final class ValueKey {
    private ValueKey() {
    }

    public static String of(List<? extends @Nullable JsonValue> values) {
        StringBuilder out = new StringBuilder();
        values.forEach(value -> append(out, value));
        return out.toString();
    }

    public static String of(@Nullable JsonValue value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable JsonValue value) {
        switch (value) {
            case null -> out.append('?');
            case JsonNull absent -> out.append('n');
            case JsonBoolean bool -> out.append(bool.value() ? 't' : 'f');
            case JsonNumber number -> {
                OptionalLong whole = Numbers.exactLong(number);
                out.append('#').append(whole.isPresent() ? Long.toString(whole.getAsLong()) : Decimal.of(number.literal()).key())
                        .append(';');
            }
            case JsonString string -> text(out, string.value());
            case JsonArray array -> {
                out.append('[');
                array.elements().forEach(element -> append(out, element));
                out.append(']');
            }
            case JsonObject object -> {
                out.append('{');
                ValueOrder.sorted(object).forEach((name, member) -> {
                    text(out, name);
                    append(out, member);
                });
                out.append('}');
            }
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('s').append(text.length()).append(':').append(text);
    }
}
