package io.aviladb.router.edge;

import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Documents as requests bring them. */
public final class DocumentBodies {
    private static final Set<String> ENVELOPE = Set.of("data", "compressed");

    private DocumentBodies() {
    }

    /** A document, or the envelope around one. @throws AvilaError where it breaks a limit or sets a reserved name */
    public static JsonObject insertBody(byte[] body) {
        JsonObject object = object(body);
        if (object.members().keySet().equals(ENVELOPE) && object.getOrNull("data") instanceof JsonString data
                && object.getOrNull("compressed") instanceof JsonBoolean compressed) {
            object = compressed.value() ? compressed(data.value()) : object(data.value().getBytes(StandardCharsets.UTF_8));
        }
        return checked(object);
    }

    /** A JSON object, within the limit of nesting. */
    public static JsonObject object(byte[] json) {
        if (JsonParser.parse(json) instanceof JsonObject object) {
            return object;
        }
        throw new AvilaError(ErrorCode.NOT_AN_OBJECT, "a document is a JSON object");
    }

    /** The document in base64 of Brotli. */
    public static JsonObject compressed(String base64) {
        byte[] brotli;
        try {
            brotli = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'data' is not base64: " + e.getMessage());
        }
        // White space that canonical JSON leaves out may make it larger; twice the limit is enough for any sane writer.
        return object(ContentCoding.BR.decode(brotli, 2 * Limits.MAX_DOCUMENT_BYTES, ErrorCode.DOCUMENT_TOO_LARGE));
    }

    /** The same object. @throws AvilaError {@link ErrorCode#RESERVED_NAME} */
    public static JsonObject checked(JsonObject object) {
        for (String name : object.members().keySet()) {
            if (name.startsWith("_")) {
                throw new AvilaError(ErrorCode.RESERVED_NAME, "the member '" + name + "' begins with '_'");
            }
        }
        return object;
    }

    /** Refuses a document inside a larger body that is nested too deep by itself. */
    public static JsonObject checkedDepth(JsonObject object) {
        if (depth(object) > JsonParser.MAX_NESTING) {
            throw new AvilaError(ErrorCode.TOO_DEEP, "objects and arrays are nested more than " + JsonParser.MAX_NESTING + " deep");
        }
        return object;
    }

    private static int depth(JsonValue value) {
        int deepest = 0;
        if (value instanceof JsonObject object) {
            for (JsonValue member : object.members().values()) {
                deepest = Math.max(deepest, depth(member));
            }
            return deepest + 1;
        }
        if (value instanceof JsonArray array) {
            for (JsonValue element : array.elements()) {
                deepest = Math.max(deepest, depth(element));
            }
            return deepest + 1;
        }
        return 0;
    }

    /** The document with the id as its first member, where it has none. */
    static JsonObject withId(JsonObject object, String id) {
        if (object.getOrNull("id") != null) {
            return object;
        }
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("id", new JsonString(id));
        members.putAll(object.members());
        return new JsonObject(members);
    }

    /** The object with the value at the path; missing parents are made. */
    static JsonObject withAt(JsonObject object, FieldPath path, JsonValue value) {
        String first = path.steps().get(0);
        if (path.depth() == 1) {
            return object.with(first, value);
        }
        JsonValue below = object.getOrNull(first);
        if (below != null && !(below instanceof JsonObject)) {
            throw new AvilaError(ErrorCode.MISSING_PARTITION_FIELD, "the document's '" + first + "' is no object, and the partition key is "
                    + "below it");
        }
        JsonObject parent = below instanceof JsonObject existing ? existing : JsonObject.EMPTY;
        return object.with(first, withAt(parent, new FieldPath(path.steps().subList(1, path.depth())), value));
    }

    /** The object's canonical document. */
    static Document document(JsonObject object) {
        return Document.of(object);
    }

    /** Refuses members that the operation doesn't know. */
    public static void onlyMembers(Map<String, JsonValue> members, Set<String> known, Set<String> later) {
        for (String name : members.keySet()) {
            if (later.contains(name)) {
                throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "'" + name + "' isn't there yet");
            }
            if (!known.contains(name)) {
                throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the operation doesn't know '" + name + "'");
            }
        }
    }
}
