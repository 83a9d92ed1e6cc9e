package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The variables' values where the path is this route's. */
    Optional<Map<String, String>> match(List<String> asked) {
        List<String> own = segments();
        if (own.size() != asked.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < own.size(); i++) {
            String segment = own.get(i);
            if (segment.startsWith("{")) {
                if (asked.get(i).isEmpty()) {
                    return Optional.empty();
                }
                variables.put(segment.substring(1, segment.length() - 1), asked.get(i));
            } else if (!segment.equals(asked.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    /** How many segments are literal: of two routes that match, the more literal one is meant. */
    int literals() {
        return (int) segments().stream().filter(segment -> !segment.startsWith("{")).count();
    }
}
