package io.aviladb.core.document;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object with its canonical bytes. Immutable; the byte array is shared and must not be changed. */
public final class Document {
    private final byte[] json;
    private @Nullable JsonObject root; // parsed on first use; a race parses twice, and both are equal

    private Document(byte[] json, @Nullable JsonObject root) {
        this.json = json;
        this.root = root;
    }

    /** @throws AvilaError where the text is not one JSON object within the limits */
    public static Document parse(byte[] utf8) {
        if (JsonParser.parse(utf8) instanceof JsonObject object) {
            return of(object);
        }
        throw new AvilaError(ErrorCode.NOT_AN_OBJECT, "a document is a JSON object");
    }

    /** @throws AvilaError {@link ErrorCode#DOCUMENT_TOO_LARGE} */
    public static Document of(JsonObject root) {
        byte[] json = root.toJsonBytes();
        if (json.length > Limits.MAX_DOCUMENT_BYTES) {
            throw new AvilaError(ErrorCode.DOCUMENT_TOO_LARGE,
                    "the document has " + json.length + " bytes of canonical JSON; the limit is " + Limits.MAX_DOCUMENT_BYTES);
        }
        return new Document(json, root);
    }

    /**
     * A document of names and values in turn: {@code Document.of("userId", "player123", "level", 42)}.
     *
     * @param namesAndValues values as {@link JsonValue#of(Object)} takes them
     * @throws IllegalArgumentException where a name has no value, is no string or stands twice, or a value has no form in JSON
     */
    public static Document of(@Nullable Object... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values come in pairs, and the last name has no value");
        }
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!(namesAndValues[i] instanceof String name)) {
                throw new IllegalArgumentException("a member's name is a string, and " + namesAndValues[i] + " is not");
            }
            if (members.put(name, JsonValue.of(namesAndValues[i + 1])) != null) {
                throw new IllegalArgumentException("the member '" + name + "' stands twice");
            }
        }
        return of(JsonObject.owning(members));
    }

    /** Bytes that this system wrote: canonical, and an object. Nothing is checked until they are parsed. */
    public static Document ofCanonical(byte[] json) {
        return new Document(json, null);
    }

    public JsonObject root() {
        JsonObject known = root;
        if (known == null) {
            known = (JsonObject) JsonParser.parse(json);
            root = known;
        }
        return known;
    }

    public byte[] json() {
        return json;
    }

    public int sizeBytes() {
        return json.length;
    }

    /** The value at the path; empty where a step is missing or its parent is no object. */
    public Optional<JsonValue> at(FieldPath path) {
        JsonValue value = root();
        for (String step : path.steps()) {
            JsonValue next = value instanceof JsonObject object ? object.getOrNull(step) : null;
            if (next == null) {
                return Optional.empty();
            }
            value = next;
        }
        return Optional.of(value);
    }

    @Override
    public String toString() {
        return root().toJson();
    }
}
