package io.aviladb.core.document;

/**
 * A JSON value. Numbers keep their digits and objects the order of their members, so that a document comes back as it was written, without
 * white space. Immutable. Equality is of the written form: {@code 1} and {@code 1.0} differ.
 */
public sealed interface JsonValue permits JsonNull, JsonBoolean, JsonNumber, JsonString, JsonArray, JsonObject {
    /** The canonical text: no white space, members in order, digits as written, the shortest escapes. */
    default String toJson() {
        return JsonWriter.text(this);
    }

    /** The canonical text as UTF-8. */
    default byte[] toJsonBytes() {
        return JsonWriter.bytes(this);
    }
}
