package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the product page describes and this server doesn't do yet: it says so, and never ignores it. */
final class LaterRoutes {
    private static final String COLLECTION = "/v1/databases/{db}/collections/{coll}";

    private record Later(String operation, HttpMethod method, String path, String what) {}

    private static final List<Later> ALL = List.of(new Later("createToken", HttpMethod.POST, "/v1/auth/token", "authentication"),
            new Later("refreshToken", HttpMethod.POST, "/v1/auth/refresh", "authentication"),
            new Later("startDrill", HttpMethod.POST, "/v1/drills", "drills"),
            new Later("fenceRegion", HttpMethod.POST, "/v1/regions/{region}/fence", "fencing regions"),
            new Later("addNode", HttpMethod.POST, "/v1/regions/{region}/nodes", "adding nodes"),
            new Later("removeNode", HttpMethod.DELETE, "/v1/regions/{region}/nodes/{node}", "removing nodes"),
            new Later("addRegion", HttpMethod.POST, "/v1/regions", "adding regions"),
            new Later("removeRegion", HttpMethod.DELETE, "/v1/regions/{region}", "removing regions"),
            new Later("watchChanges", HttpMethod.GET, COLLECTION + "/changes", "watching changes"));

    private LaterRoutes() {
    }

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Later later : ALL) {
            Set<String> parameters = switch (later.operation) {
                case "watchChanges" -> Set.of("resumeAfter", "filter");
                default -> Set.of();
            };
            routes.add(new Route(later.operation, later.method, later.path, parameters, request -> {
                throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, later.what + ": not in this server yet");
            }));
        }
        return routes;
    }
}
