package io.aviladb.crdt.expiry;

import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A collection's time to live as JSON: seconds, or {@code {"seconds": 3600, "field": "/expires"}} with one of the two or both; null for none. */
public final class Ttls {
    private Ttls() {
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_TTL} */
    public static TtlDefinition parse(JsonValue json) {
        if (json.equals(JsonNull.NULL)) {
            return TtlDefinition.NONE;
        }
        if (!(json instanceof JsonObject object)) {
            return new TtlDefinition(seconds(json), Optional.empty());
        }
        long seconds = 0;
        Optional<FieldPath> field = Optional.empty();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
            switch (member.getKey()) {
                case "seconds" -> seconds = seconds(member.getValue());
                case "field" -> field = Optional.of(field(member.getValue()));
                default -> throw invalid("'" + member.getKey() + "' is no part of a ttl; seconds and field are");
            }
        }
        if (object.members().isEmpty()) {
            throw invalid("it says neither 'seconds' nor 'field'");
        }
        return new TtlDefinition(seconds, field);
    }

    private static long seconds(JsonValue json) {
        OptionalLong seconds = json instanceof JsonNumber number ? number.toLong() : OptionalLong.empty();
        if (seconds.isEmpty() || seconds.getAsLong() < 1 || seconds.getAsLong() > TtlDefinition.MAX_SECONDS) {
            throw invalid("seconds are an integer from 1 to " + TtlDefinition.MAX_SECONDS);
        }
        return seconds.getAsLong();
    }

    private static FieldPath field(JsonValue json) {
        try {
            FieldPath path = FieldPath.parse(json instanceof JsonString text ? text.value() : "");
            if (!path.isRoot()) {
                return path;
            }
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        throw invalid("'field' is a path, as in \"/expires\"");
    }

    /** {@link #parse} of it gives the same. */
    public static JsonValue toJson(TtlDefinition ttl) {
        if (ttl.isNone()) {
            return JsonNull.NULL;
        }
        if (ttl.field().isEmpty()) {
            return JsonNumber.of(ttl.seconds());
        }
        LinkedHashMap<String, JsonValue> whole = new LinkedHashMap<>();
        if (ttl.seconds() > 0) {
            whole.put("seconds", JsonNumber.of(ttl.seconds()));
        }
        whole.put("field", new JsonString(ttl.field().get().toString()));
        return new JsonObject(whole);
    }

    private static AvilaError invalid(String detail) {
        return new AvilaError(ErrorCode.INVALID_TTL, detail);
    }
}
