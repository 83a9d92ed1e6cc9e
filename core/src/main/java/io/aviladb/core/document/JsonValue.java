package io.aviladb.core.document;

import org.jspecify.annotations.Nullable;

/**
 * A JSON value. Numbers keep their digits and objects the order of their members, so that a document comes back as it was written, without
 * white space. Immutable. Equality is of the written form: {@code 1} and {@code 1.0} differ.
 */
public sealed interface JsonValue permits JsonNull, JsonBoolean, JsonNumber, JsonString, JsonArray, JsonObject {
    /**
     * The JSON form of a Java value: null, a string, a boolean, a number of any size, a list, a map with strings as keys, a document, or what
     * is a JSON value already.
     *
     * @throws IllegalArgumentException where the value has no form in JSON, or nests deeper than {@link JsonParser#MAX_NESTING}
     */
    static JsonValue of(@Nullable Object value) {
        return JavaValues.toJson(value, 0);
    }

    /** The canonical text: no white space, members in order, digits as written, the shortest escapes. */
    default String toJson() {
        return JsonWriter.text(this);
    }

    /** The canonical text as UTF-8. */
    default byte[] toJsonBytes() {
        return JsonWriter.bytes(this);
    }
}
