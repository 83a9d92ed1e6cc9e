package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeBound;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.topology.RegionMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A collection's ranges in the region that serves: seen, split and merged; and what has become of that. */
final class RangeRoutes {
    private static final String RANGES = "/v1/databases/{db}/collections/{coll}/ranges";
    private static final String OPERATIONS = "/v1/operations";
    /** In front of the names of a region's range operations. */
    private static final String PREFIX = "range-";

    private final Edge edge;
    private final RequestHeaders headers;

    RangeRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("listRanges", HttpMethod.GET, RANGES, Set.of(), this::list),
                new Route("splitRange", HttpMethod.POST, RANGES + "/split", Set.of(), this::split),
                new Route("mergeRange", HttpMethod.POST, RANGES + "/merge", Set.of(), this::merge),
                new Route("transferRange", HttpMethod.POST, RANGES + "/transfer", Set.of(), this::transfer),
                new Route("listOperations", HttpMethod.GET, OPERATIONS, Set.of(), this::operations),
                new Route("getOperation", HttpMethod.GET, OPERATIONS + "/{operation}", Set.of(), this::operation));
    }

    private CompletableFuture<CollectionDefinition> collection(RestRequest request, Deadline deadline) {
        return edge.definitions().collection(request.collection(), deadline);
    }

    private CompletableFuture<RestAnswer> list(RestRequest request) {
        return collection(request, headers.terms(request).deadline()).thenCompose(collection -> {
            RegionMap own = edge.tracker().map().map(edge.tracker().own());
            if (own == null) {
                throw new AvilaError(ErrorCode.NOT_READY, "this region's ranges aren't known here yet");
            }
            List<Topology.Range> known = own.within(collection.id(), KeyRange.collection(collection.id()));
            return edge.ranges().measure(own, known).thenApply(measured -> {
                Map<RangeRef, NodeStatus.Range> byRef = new LinkedHashMap<>();
                measured.forEach(range -> byRef.put(range.ref(), range));
                return RestAnswer.json(200,
                        Bodies.object("ranges", Bodies.array(known, range -> json(own, range, byRef.get(range.ref())))));
            });
        });
    }

    /** Sizes and rates are null where the leader didn't answer, or has the range at another epoch. */
    private JsonObject json(RegionMap map, Topology.Range range, NodeStatus.@Nullable Range measured) {
        JsonValue leader = map.group(range.group()).flatMap(group -> edge.tracker().leader(map.region(), group)).map(Bodies::text)
                .orElse(JsonNull.NULL);
        JsonObject json = Bodies.object("range", JsonNumber.of(range.ref().range()), "start", bound(range.keys().start()), "end",
                bound(range.keys().end()), "epoch", JsonNumber.of(range.ref().epoch()), "group", JsonNumber.of(range.group()), "leader",
                leader, "sizeBytes", measured == null ? JsonNull.NULL : JsonNumber.of(measured.sizeBytes()), "opsPerSecond",
                measured == null ? JsonNull.NULL : JsonNumber.of(Math.round(measured.opsPerSecond() * 10) / 10.0));
        return measured == null || measured.hottest().isEmpty()
                ? json
                : json.with("hotKeys", Bodies.array(measured.hottest(), RangeRoutes::hot));
    }

    private static JsonObject hot(NodeStatus.HotKey hot) {
        return Bodies.object("key", new JsonArray(RangeBound.decode(hot.key().bytes())), "share",
                JsonNumber.of(Math.round(hot.share() * 100) / 100.0));
    }

    /** As values of a key; null where the collection begins or ends. */
    private static JsonValue bound(byte[] bound) {
        List<JsonValue> values = RangeBound.decode(bound);
        return values.isEmpty() ? JsonNull.NULL : new JsonArray(values);
    }

    private CompletableFuture<RestAnswer> split(RestRequest request) {
        List<JsonValue> at = at(request);
        Deadline deadline = headers.terms(request).deadline();
        return collection(request, deadline).thenCompose(collection -> edge.ranges().split(edge.tracker().own(), collection.id(),
                RangeBound.encode(collection.id(), collection.strategy(), at), deadline)).thenApply(this::begun);
    }

    private CompletableFuture<RestAnswer> merge(RestRequest request) {
        List<JsonValue> at = at(request);
        Deadline deadline = headers.terms(request).deadline();
        return collection(request, deadline).thenCompose(collection -> edge.ranges().merge(edge.tracker().own(), collection.id(),
                RangeBound.encode(collection.id(), collection.strategy(), at), deadline)).thenApply(this::begun);
    }

    private CompletableFuture<RestAnswer> transfer(RestRequest request) {
        JsonObject body = request.object(Set.of("range", "group"), Set.of());
        long range = number(body, "range");
        int group = (int) Math.min(number(body, "group"), Integer.MAX_VALUE);
        Deadline deadline = headers.terms(request).deadline();
        return collection(request, deadline)
                .thenCompose(collection -> edge.ranges().transfer(edge.tracker().own(), collection.id(), range, group, deadline))
                .thenApply(this::begun);
    }

    private static long number(JsonObject body, String name) {
        if (body.getOrNull(name) instanceof JsonNumber number && number.toString().matches("[1-9][0-9]{0,17}")) {
            return Long.parseLong(number.toString());
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the body lacks '" + name + "', a number as GET .../ranges lists it");
    }

    private static List<JsonValue> at(RestRequest request) {
        JsonObject body = request.object(Set.of("at"), Set.of());
        if (body.getOrNull("at") instanceof JsonArray at) {
            return at.elements();
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the body lacks 'at', an array: the values of the key at which the range is cut");
    }

    private RestAnswer begun(RangeOperation operation) {
        return RestAnswer.json(202, json(edge.tracker().own(), operation));
    }

    private CompletableFuture<RestAnswer> operations(RestRequest request) {
        RegionId own = edge.tracker().own();
        return edge.ranges().find(own, 0, headers.terms(request).deadline()).thenApply(
                all -> RestAnswer.json(200, Bodies.object("operations", Bodies.array(all.reversed(), operation -> json(own, operation)))));
    }

    private CompletableFuture<RestAnswer> operation(RestRequest request) {
        String name = request.variable("operation");
        if (IndexRoutes.isOperation(name)) {
            return new IndexRoutes(edge).operation(name).thenApply(found -> RestAnswer.json(200, found.orElseThrow(() -> unknown(name))));
        }
        int dash = name.lastIndexOf('-');
        if (name.startsWith(PREFIX) && dash > PREFIX.length()) {
            String region = name.substring(PREFIX.length(), dash);
            String number = name.substring(dash + 1);
            RegionId known = edge.tracker().map().regionNames().stream().filter(one -> one.name().equals(region)).findFirst().orElse(null);
            if (known != null && number.matches("[1-9][0-9]{0,17}")) {
                return edge.ranges().find(known, Long.parseLong(number), headers.terms(request).deadline()).thenApply(found -> {
                    if (found.isEmpty()) {
                        throw unknown(name);
                    }
                    return RestAnswer.json(200, json(known, found.getFirst()));
                });
            }
        }
        throw unknown(name);
    }

    private static AvilaError unknown(String name) {
        return new AvilaError(ErrorCode.OPERATION_NOT_FOUND, "there is no operation '" + name + "', or it ended long ago");
    }

    private static JsonObject json(RegionId region, RangeOperation operation) {
        boolean running = operation.state() == RangeOperation.State.RUNNING;
        JsonObject json = Bodies.object("operation", Bodies.text(PREFIX + region.name() + "-" + operation.number()), "kind",
                Bodies.text("range-" + operation.kind().name().toLowerCase(Locale.ROOT)), "state",
                Bodies.text(operation.state().name().toLowerCase(Locale.ROOT)), "progress", JsonNumber.of(running ? 0 : 1), "at",
                new JsonArray(RangeBound.decode(operation.at())));
        if (operation.move().isPresent()) {
            json = json.with("range", JsonNumber.of(operation.range().range())).with("from", JsonNumber.of(operation.group())).with("group",
                    JsonNumber.of(operation.move().get().group()));
        }
        return operation.error().isEmpty() ? json : json.with("error", Bodies.text(operation.error()));
    }
}
