package io.aviladb.router.edge.rest;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.crdt.schema.SchemaViolation;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors as RFC 9457 problem documents. */
public final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problems() {
    }

    /** The document of an error. @param requestId empty inside a batch's results */
    public static JsonObject json(AvilaError error, String requestId) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("type", new JsonString("urn:aviladb:error:" + error.code().code()));
        members.put("title", new JsonString(error.code().explanation()));
        members.put("status", JsonNumber.of(error.code().httpStatus()));
        members.put("detail", new JsonString(error.detail()));
        members.put("code", new JsonString(error.code().code()));
        members.put("reason", new JsonString(error.code().name()));
        members.put("message", new JsonString(error.detail()));
        members.put("retryable", JsonBoolean.of(error.code().retryable()));
        members.put("retryAfterMs", JsonNumber.of(error.retryAfterMillis()));
        members.put("hint", new JsonString(error.code().fix()));
        if (error.code() == ErrorCode.SCHEMA_VIOLATION) {
            members.put("violations", SchemaRoutes.toJson(SchemaViolation.ofDetail(error.detail())));
        }
        if (!requestId.isEmpty()) {
            members.put("requestId", new JsonString(requestId));
        }
        return new JsonObject(members);
    }

    static RestAnswer answer(AvilaError error, String requestId) {
        return answer(error, requestId, Map.of());
    }

    /** @param more members beside those that every problem has */
    static RestAnswer answer(AvilaError error, String requestId, Map<String, JsonValue> more) {
        int status = error.code().httpStatus();
        boolean retryHeader = status == 429 || status == 503;
        Map<String, String> headers = retryHeader
                ? Map.of("retry-after", Long.toString(Math.max(1, (error.retryAfterMillis() + 999) / 1_000)))
                : Map.of();
        JsonObject problem = json(error, requestId);
        for (Map.Entry<String, JsonValue> member : more.entrySet()) {
            problem = problem.with(member.getKey(), member.getValue());
        }
        return new RestAnswer(status, problem.toJsonBytes(), MEDIA_TYPE, headers, null, null, 1);
    }
}
