package io.aviladb.router.edge.rest;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.route.Served;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers.
 *
 * @param body empty for none
 * @param mediaType of the body
 * @param session absent where the answer tells nothing of documents
 * @param cost in request units
 */
record RestAnswer(int status, byte[] body, String mediaType, Map<String, String> headers, @Nullable VersionVector session,
        @Nullable Served served, int cost) {
    static final String JSON = "application/json; charset=utf-8";

    static RestAnswer json(int status, JsonObject body) {
        return new RestAnswer(status, body.toJsonBytes(), JSON, Map.of(), null, null, 1);
    }

    static RestAnswer text(int status, String body, String mediaType) {
        return new RestAnswer(status, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), mediaType, Map.of(), null, null, 0);
    }

    static RestAnswer empty(int status) {
        return new RestAnswer(status, new byte[0], JSON, Map.of(), null, null, 1);
    }

    RestAnswer from(VersionVector seen, @Nullable Served where, int units) {
        return new RestAnswer(status, body, mediaType, headers, seen, where, units);
    }

    RestAnswer with(Map<String, String> more) {
        return new RestAnswer(status, body, mediaType, more, session, served, cost);
    }
}
