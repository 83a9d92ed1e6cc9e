package io.aviladb.client.internal;

import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names a document inside its collection. The partition may be empty where the server can tell it from id or body. */
public record Key(String id, List<JsonValue> partition) {
    public static Key of(String id, @Nullable Object... partition) {
        return new Key(id, Arrays.stream(partition).map(JsonValue::of).toList());
    }

    /** By the body's own id; the server takes the partition from the body. */
    public static Key of(Document body) {
        if (body.at(FieldPath.of("id")).orElse(null) instanceof JsonString id) {
            return new Key(id.value(), List.of());
        }
        throw Exceptions.invalid(ErrorCode.INVALID_ID, "a document that is to replace another has an 'id', a string");
    }
}
