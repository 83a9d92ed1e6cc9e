package io.aviladb.core.document;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON text. Refuses what JSON forbids, duplicate member names, nesting beyond the limit, and lone surrogates. */
public final class JsonParser {
    /** Levels of objects and arrays in one value. */
    public static final int MAX_NESTING = 128;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING + 3)
                    .maxNumberLength(JsonNumber.MAX_LITERAL_LENGTH).maxStringLength(Limits.MAX_BATCH_BYTES).maxNameLength(65_536).build())
            .build();

    /** Where the library believes that text began: it tells a client nothing. */
    private static final Pattern SOURCE = Pattern.compile(" \\(start marker at \\[[^]]*\\]\\)");

    private JsonParser() {
    }

    /** @throws AvilaError {@link ErrorCode#MALFORMED_JSON}, {@link ErrorCode#DUPLICATE_MEMBER} or {@link ErrorCode#TOO_DEEP} */
    public static JsonValue parse(byte[] utf8) {
        return parse(utf8, 0, utf8.length);
    }

    public static JsonValue parse(byte[] utf8, int offset, int length) {
        return parse(utf8, offset, length, MAX_NESTING);
    }

    /** @param maxNesting up to two more than {@link #MAX_NESTING}, for what wraps documents: the caller checks each document's own depth */
    public static JsonValue parse(byte[] utf8, int maxNesting) {
        return parse(utf8, 0, utf8.length, maxNesting);
    }

    private static JsonValue parse(byte[] utf8, int offset, int length, int maxNesting) {
        Utf8.check(utf8, offset, length);
        try (tools.jackson.core.JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), utf8, offset, length)) {
            JsonToken first = in.nextToken();
            if (first == null) {
                throw new AvilaError(ErrorCode.MALFORMED_JSON, "the text is empty");
            }
            JsonValue value = value(in, first, maxNesting);
            if (in.nextToken() != null) {
                throw new AvilaError(ErrorCode.MALFORMED_JSON,
                        "text follows the value, at byte " + in.currentTokenLocation().getByteOffset());
            }
            return value;
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
            throw new AvilaError(ErrorCode.MALFORMED_JSON, SOURCE.matcher(e.getOriginalMessage()).replaceAll("") + where);
        }
    }

    private static JsonValue value(tools.jackson.core.JsonParser in, JsonToken token, int levelsLeft) {
        return switch (token) {
            case VALUE_STRING -> new JsonString(checked(in.getString()));
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(in.getString());
            case VALUE_TRUE -> JsonBoolean.TRUE;
            case VALUE_FALSE -> JsonBoolean.FALSE;
            case VALUE_NULL -> JsonNull.NULL;
            case START_OBJECT -> object(in, deeper(levelsLeft));
            case START_ARRAY -> array(in, deeper(levelsLeft));
            default -> throw new AvilaError(ErrorCode.MALFORMED_JSON, "unexpected " + token);
        };
    }

    private static int deeper(int levelsLeft) {
        if (levelsLeft == 0) {
            throw new AvilaError(ErrorCode.TOO_DEEP, "objects and arrays are nested more than " + MAX_NESTING + " deep");
        }
        return levelsLeft - 1;
    }

    private static JsonObject object(tools.jackson.core.JsonParser in, int levelsLeft) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            if (members.put(checked(name), value(in, in.nextToken(), levelsLeft)) != null) {
                throw new AvilaError(ErrorCode.DUPLICATE_MEMBER, "the member '" + name + "' stands twice in one object");
            }
        }
        return JsonObject.owning(members);
    }

    private static JsonArray array(tools.jackson.core.JsonParser in, int levelsLeft) {
        List<JsonValue> elements = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            elements.add(value(in, token, levelsLeft));
        }
        return new JsonArray(elements);
    }

    private static String checked(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c) || i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new AvilaError(ErrorCode.MALFORMED_JSON, "a string holds half of a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }
}
