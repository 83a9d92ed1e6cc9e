package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One operation of the API.
 *
 * @param operation its name in metrics and in the OpenAPI file
 * @param path with variables in braces, as OpenAPI writes it
 * @param parameters query parameters that it knows: any other is refused
 */
record Route(String operation, HttpMethod method, String path, Set<String> parameters, Handler handler) {
    /** Serves the operation. May throw what its future may fail with. Never blocks. */
    interface Handler {
        CompletableFuture<RestAnswer> serve(RestRequest request);
    }

    List<String> segments() {
        return List.of(path.substring(1).split("/", -1));
    }

    /** How many segments are literal: of two routes that match, the more literal one is meant. */
    int literals() {
        return (int) segments().stream().filter(segment -> !segment.startsWith("{")).count();
    }
}
