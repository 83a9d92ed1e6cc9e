package io.aviladb.query.merge;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Roughly what values take of memory. */
final class Sizes {
    private static final int OBJECT = 48;

    private Sizes() {
    }

    static long bytes(@Nullable JsonValue value) {
        return switch (value) {
            case JsonString string -> OBJECT + string.value().length();
            case JsonNumber number -> OBJECT + number.literal().length();
            case JsonArray array -> OBJECT + bytes(array.elements());
            case JsonObject object -> {
                long sum = OBJECT;
                for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                    sum += 2 * OBJECT + member.getKey().length() + bytes(member.getValue());
                }
                yield sum;
            }
            case null, default -> 8;
        };
    }

    static long bytes(List<? extends @Nullable JsonValue> values) {
        long sum = 0;
        for (JsonValue value : values) {
            sum += bytes(value);
        }
        return sum;
    }
}
