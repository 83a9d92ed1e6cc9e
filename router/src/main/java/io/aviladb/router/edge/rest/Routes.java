package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.Edge;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every operation of the API. */
final class Routes {
    /** A route that was found, with its path's values. */
    record Match(Route route, Map<String, String> variables) {}

    /** A route with its path taken apart once. */
    private record Entry(Route route, List<String> segments) {
        /** The variables' values where the path is this route's. */
        Optional<Map<String, String>> match(List<String> asked) {
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < segments.size(); i++) {
                String segment = segments.get(i);
                if (segment.charAt(0) == '{') {
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
    }

    private final List<Route> all = new ArrayList<>();
    private final Map<Integer, List<Entry>> byLength = new HashMap<>();

    Routes(Edge edge) {
        all.addAll(new DocumentRoutes(edge).routes());
        all.addAll(new QueryRoutes(edge).routes());
        all.addAll(new MergePolicyRoutes(edge).routes());
        all.addAll(new WhatIfRoutes(edge).routes());
        all.addAll(new DefinitionRoutes(edge).routes());
        all.addAll(new SchemaRoutes(edge).routes());
        all.addAll(new ClusterRoutes(edge).routes());
        all.addAll(new RangeRoutes(edge).routes());
        all.addAll(new ConflictRoutes(edge).routes());
        all.addAll(new VersionRoutes(edge).routes());
        all.addAll(new TombstoneRoutes(edge).routes());
        all.addAll(new IndexRoutes(edge).routes());
        all.addAll(new ReceiptRoutes(edge).routes());
        all.addAll(new LossRoutes(edge).routes());
        all.addAll(new VerifyRoutes(edge).routes());
        all.addAll(LaterRoutes.routes());
        // Literal paths first, so that documents/batch is never the document 'batch'.
        all.sort(Comparator.comparingInt(Route::literals).reversed());
        all.stream().map(route -> new Entry(route, route.segments()))
                .forEach(entry -> byLength.computeIfAbsent(entry.segments.size(), length -> new ArrayList<>()).add(entry));
    }

    List<Route> all() {
        return List.copyOf(all);
    }

    /** @param rawPath as the client sent it @throws AvilaError {@link ErrorCode#UNKNOWN_ROUTE} or {@link ErrorCode#METHOD_NOT_ALLOWED} */
    Match find(HttpMethod method, String rawPath) {
        List<String> segments = Arrays.stream(rawPath.substring(1).split("/", -1)).map(Routes::decode).toList();
        HttpMethod asked = method == HttpMethod.HEAD ? HttpMethod.GET : method;
        boolean otherMethod = false;
        for (Entry entry : byLength.getOrDefault(segments.size(), List.of())) {
            var variables = entry.match(segments);
            if (variables.isPresent()) {
                if (entry.route.method() == asked) {
                    return new Match(entry.route, variables.get());
                }
                otherMethod = true;
            }
        }
        if (otherMethod) {
            throw new AvilaError(ErrorCode.METHOD_NOT_ALLOWED, rawPath + " doesn't take " + method);
        }
        throw new AvilaError(ErrorCode.UNKNOWN_ROUTE, "there is nothing at " + rawPath);
    }

    private static String decode(String segment) {
        try {
            return segment.indexOf('%') < 0 ? segment : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the path has a broken percent sign: " + segment);
        }
    }
}
