package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.ClusterStatus;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.FaultControl;
import io.aviladb.router.loss.UnconfirmedWrites;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** How the cluster is doing, over REST: status, health, metrics, faults, and the API's own description. */
final class ClusterRoutes {
    private static final String OPENAPI = "/openapi.json";

    private final Edge edge;
    private final RequestHeaders headers;

    ClusterRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("getStatus", HttpMethod.GET, "/v1/status", Set.of(), this::status),
                new Route("getFaults", HttpMethod.GET, "/v1/faults", Set.of(), this::faults),
                new Route("injectFault", HttpMethod.POST, "/v1/faults", Set.of(), this::inject),
                new Route("getOpenApi", HttpMethod.GET, "/v1/openapi.json", Set.of(), this::openApi),
                new Route("livez", HttpMethod.GET, "/livez", Set.of(), this::live),
                new Route("readyz", HttpMethod.GET, "/readyz", Set.of("verbose"), this::ready),
                new Route("metrics", HttpMethod.GET, "/metrics", Set.of(), this::metrics));
    }

    private CompletableFuture<RestAnswer> status(RestRequest request) {
        return edge.status().report().thenApply(report -> RestAnswer.json(200, json(report)));
    }

    private static JsonObject json(ClusterStatus.Report report) {
        List<JsonValue> regions = new ArrayList<>();
        report.regions().forEach(region -> regions.add(Bodies.object("name", Bodies.text(region.region()), "incarnation",
                JsonNumber.of(region.incarnation()), "reachable", JsonBoolean.of(region.reachable()))));
        List<JsonValue> nodes = new ArrayList<>();
        report.nodes().forEach(node -> nodes.add(Bodies.object("id", Bodies.text(node.node()), "region", Bodies.text(node.node().region()),
                "endpoint", Bodies.text(node.endpoint()), "state", Bodies.text(node.state()))));
        List<JsonValue> groups = new ArrayList<>();
        report.groups().forEach(group -> groups.add(Bodies.object("group", JsonNumber.of(group.group()), "kind",
                Bodies.text(group.kind().name().toLowerCase(Locale.ROOT)), "region", Bodies.text(group.region()), "leader",
                group.leader().isEmpty() ? JsonNull.NULL : Bodies.text(group.leader()), "term", JsonNumber.of(group.term()), "applied",
                JsonNumber.of(group.applied()), "closed", Bodies.text("%016x".formatted(group.closed().bits())), "ranges",
                JsonNumber.of(group.ranges()))));
        List<JsonValue> links = new ArrayList<>();
        report.links().forEach(link -> links.add(Bodies.object("from", Bodies.text(link.way().from()), "to", Bodies.text(link.way().to()),
                "lagMs", JsonNumber.of(link.lagMillis()), "lagEntries", JsonNumber.of(link.lagEntries()), "state",
                Bodies.text(link.state()))));
        return Bodies.object("region", Bodies.text(report.region()), "regions", new JsonArray(regions), "nodes", new JsonArray(nodes),
                "groups", new JsonArray(groups), "links", new JsonArray(links));
    }

    private FaultControl control() {
        return edge.faults().orElseThrow(() -> new AvilaError(ErrorCode.FAULTS_DISABLED, "fault injection is off here"));
    }

    private CompletableFuture<RestAnswer> faults(RestRequest request) {
        return CompletableFuture.completedFuture(RestAnswer.json(200, control().inForce()));
    }

    private CompletableFuture<RestAnswer> inject(RestRequest request) {
        FaultControl control = control();
        return control
                .apply(request.object(Set.of("kill", "restart", "cut", "isolate", "delay", "ms", "clock", "offsetMs", "heal"), Set.of()))
                .thenApply(inForce -> RestAnswer.json(200, inForce));
    }

    private CompletableFuture<RestAnswer> openApi(RestRequest request) {
        try (InputStream in = Objects.requireNonNull(ClusterRoutes.class.getResourceAsStream(OPENAPI))) {
            return CompletableFuture
                    .completedFuture(new RestAnswer(200, in.readAllBytes(), RestAnswer.JSON, Map.of(), null, null, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletableFuture<RestAnswer> live(RestRequest request) {
        return CompletableFuture.completedFuture(RestAnswer.json(200, Bodies.object("live", JsonBoolean.TRUE)));
    }

    private CompletableFuture<RestAnswer> ready(RestRequest request) {
        List<String> missing = edge.readiness().missing();
        JsonObject body = Bodies.object("ready", JsonBoolean.of(missing.isEmpty()));
        if (request.parameter("verbose").isPresent()) {
            body = body.with("missing", new JsonArray(missing.stream().map(Bodies::text).toList()));
        }
        return CompletableFuture.completedFuture(RestAnswer.json(missing.isEmpty() ? 200 : 503, body));
    }

    private CompletableFuture<RestAnswer> metrics(RestRequest request) {
        List<UnconfirmedWrites.Question> links = edge.unconfirmed().everyLink();
        return edge.status().report().thenCombine(edge.unconfirmed().ask(links), (report, exposures) -> {
            Map<ClusterStatus.Way, Double> rpo = new TreeMap<>();
            Map<ClusterStatus.Way, Double> writes = new TreeMap<>();
            for (int i = 0; i < links.size(); i++) {
                ClusterStatus.Way way = new ClusterStatus.Way(links.get(i).source(), links.get(i).others().getFirst());
                UnconfirmedWrites.Exposure exposure = exposures.get(i);
                rpo.put(way, exposure.known() ? exposure.oldestAgeMillis() / 1_000.0 : -1.0);
                writes.put(way, exposure.known() ? (double) exposure.writes() : -1.0);
            }
            Map<ClusterStatus.Way, Double> lag = new TreeMap<>();
            report.links().forEach(link -> lag.put(link.way(), link.lagMillis() < 0 ? -1.0 : link.lagMillis() / 1_000.0));
            return RestAnswer.text(200, edge.metrics().scrape(lag, rpo, writes), "text/plain; version=0.0.4; charset=utf-8");
        });
    }
}
