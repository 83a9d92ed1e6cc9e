package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.QueryParams;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.ContentCoding;
import io.aviladb.router.edge.DocumentBodies;
import io.aviladb.router.edge.MessagePackBodies;
import io.aviladb.router.route.Caller;
import io.aviladb.router.topology.CollectionName;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request, taken apart.
 *
 * @param path the values of the path's variables, decoded
 * @param startNanos when it came
 * @param caller who waits for the answer
 */
record RestRequest(AggregatedHttpRequest http, Map<String, String> path, QueryParams query, String id, long startNanos, Caller caller) {
    /** What a body may decompress to: a batch, and white space. */
    private static final int MAX_BODY_BYTES = 20 << 20;
    private static final Set<String> JSON_TYPES = Set.of("", "application/json", "application/x-www-form-urlencoded", "text/plain",
            "text/json");

    String variable(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no variable " + name);
        }
        return value;
    }

    CollectionName collection() {
        return new CollectionName(variable("db"), variable("coll"));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(http.headers().get(name));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The media type without parameters, in lower case; empty where there is none. */
    String mediaType() {
        String type = http.headers().get("content-type", "");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
    }

    /** The body, decompressed, as JSON. @throws AvilaError where its type or encoding isn't known, or it is too large */
    byte[] body(String... otherTypes) {
        String type = mediaType();
        // What sends no type of its own (curl, urllib) says form-urlencoded: a body there is JSON as well.
        boolean known = JSON_TYPES.contains(type) || type.endsWith("+json") && !type.equals("application/merge-patch+json")
                || Set.of(otherTypes).contains(type);
        boolean packed = MessagePackBodies.isMediaType(type);
        if (!known && !packed) {
            throw new AvilaError(ErrorCode.UNSUPPORTED_ENCODING, "the media type '" + type + "' is not known here");
        }
        byte[] content = http.content().array();
        Optional<ContentCoding> coding = ContentCoding.ofHeader(http.headers().get("content-encoding", ""));
        byte[] plain = coding.isEmpty() ? content : coding.get().decode(content, MAX_BODY_BYTES, ErrorCode.REQUEST_TOO_LARGE);
        return packed ? MessagePackBodies.toJson(plain) : plain;
    }

    /** The body as an object with known members only. @param later members that the product has, and this server not yet */
    JsonObject object(Set<String> known, Set<String> later) {
        JsonObject object = DocumentBodies.object(body());
        DocumentBodies.onlyMembers(object.members(), known, later);
        return object;
    }
}
