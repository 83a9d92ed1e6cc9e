package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.IndexBodies;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.topology.RegionMap;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A collection's secondary indexes. Making one is an operation in each region, which nothing remembers: how far it is follows from the ranges. It is
 * done in a region when each of its ranges has built the index, or has let go of it.
 */
final class IndexRoutes {
    private static final String INDEXES = "/v1/databases/{db}/collections/{coll}/indexes";
    private static final Pattern OPERATION = Pattern.compile("index-(build|drop)-([a-z0-9-]+)-([0-9]{1,9})-([0-9]{1,9})");

    private final Edge edge;
    private final RequestHeaders headers;

    IndexRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("createIndex", HttpMethod.POST, INDEXES, Set.of(), this::create),
                new Route("listIndexes", HttpMethod.GET, INDEXES, Set.of(), this::list),
                new Route("deleteIndex", HttpMethod.DELETE, INDEXES + "/{index}", Set.of(), this::drop));
    }

    private CompletableFuture<RestAnswer> create(RestRequest request) {
        JsonObject body = request.object(IndexBodies.MEMBERS, IndexBodies.LATER_MEMBERS);
        Deadline deadline = headers.terms(request).deadline();
        IndexDefinition index = IndexBodies.index(body);
        return edge.definitions().createIndex(request.collection(), index, deadline).thenCompose(collection -> {
            int id = collection.indexes().find(index.name()).map(IndexDefinition::id).orElse(0);
            return operation(new Operation(true, edge.tracker().own(), collection.id(), id));
        }).thenApply(json -> RestAnswer.json(202, json));
    }

    private CompletableFuture<RestAnswer> drop(RestRequest request) {
        Deadline deadline = headers.terms(request).deadline();
        return edge.definitions().dropIndex(request.collection(), request.variable("index"), deadline)
                .thenCompose(dropped -> operation(new Operation(false, edge.tracker().own(), dropped.collection(), dropped.index())))
                .thenApply(json -> RestAnswer.json(202, json));
    }

    private CompletableFuture<RestAnswer> list(RestRequest request) {
        Deadline deadline = headers.terms(request).deadline();
        return edge.definitions().freshCollection(request.collection(), deadline).thenCompose(collection -> progress(edge.tracker().own(),
                collection.id()).thenApply(
                        progress -> RestAnswer.json(200, Bodies.object("indexes",
                                Bodies.array(collection.indexes().list(), index -> json(index, progress))))));
    }

    private static JsonObject json(IndexDefinition index, Progress progress) {
        double done = progress.built(index.id());
        return IndexBodies.toJson(index).with("state", Bodies.text(done == 1 ? "ready" : "building")).with("progress", rounded(done));
    }

    private static JsonNumber rounded(double done) {
        return JsonNumber.of(BigDecimal.valueOf((long) (done * 100), 2));
    }

    /** Whether the name is an index operation's. */
    static boolean isOperation(String name) {
        return OPERATION.matcher(name).matches();
    }

    /** What has become of it, where there was such an index. */
    CompletableFuture<Optional<JsonObject>> operation(String name) {
        Matcher matcher = OPERATION.matcher(name);
        if (!matcher.matches()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        RegionId region = edge.tracker().map().regionNames().stream().filter(one -> one.name().equals(matcher.group(2))).findFirst()
                .orElse(null);
        int index = Integer.parseInt(matcher.group(4));
        CollectionDefinition collection = edge.tracker().map().collections().values().stream()
                .filter(one -> one.id() == Integer.parseInt(matcher.group(3))).findFirst().orElse(null);
        boolean build = matcher.group(1).equals("build");
        if (region == null || collection == null || index < 1 || index >= collection.indexes().nextId()
                || build != collection.indexes().find(index).isPresent()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return operation(new Operation(build, region, collection.id(), index)).thenApply(Optional::of);
    }

    private record Operation(boolean build, RegionId region, int collection, int index) {
        String name() {
            return "index-" + (build ? "build-" : "drop-") + region.name() + "-" + collection + "-" + index;
        }
    }

    private CompletableFuture<JsonObject> operation(Operation operation) {
        return progress(operation.region(), operation.collection()).thenApply(progress -> {
            double done = operation.build() ? progress.built(operation.index()) : progress.gone(operation.index());
            return Bodies.object("operation", Bodies.text(operation.name()), "kind",
                    Bodies.text(operation.build() ? "index-build" : "index-drop"), "state", Bodies.text(done == 1 ? "done" : "running"),
                    "progress", rounded(done));
        });
    }

    /** What the leaders of the region's ranges say now. */
    private CompletableFuture<Progress> progress(RegionId region, int collection) {
        RegionMap map = edge.tracker().map().map(region);
        if (map == null) {
            throw new AvilaError(ErrorCode.NOT_READY, "the ranges of region " + region + " aren't known here yet");
        }
        List<Topology.Range> ranges = map.within(collection, KeyRange.collection(collection));
        return edge.ranges().measure(map, ranges).thenApply(measured -> Progress.of(ranges, measured));
    }

    /** The indexes of each range by id; a range that nobody answered for is null. */
    private record Progress(List<Optional<Map<Integer, NodeStatus.Index>>> ranges) {
        static Progress of(List<Topology.Range> ranges, List<NodeStatus.Range> measured) {
            return new Progress(
                    ranges.stream().map(range -> measured.stream().filter(one -> one.ref().equals(range.ref())).findFirst().map(one -> {
                        Map<Integer, NodeStatus.Index> byId = new HashMap<>();
                        one.indexes().forEach(index -> byId.put(index.id(), index));
                        return byId;
                    })).toList());
        }

        /** 1 only where every range has built it. */
        double built(int index) {
            double sum = 0;
            boolean all = !ranges.isEmpty();
            for (Optional<Map<Integer, NodeStatus.Index>> range : ranges) {
                NodeStatus.Index found = range.map(indexes -> indexes.get(index)).orElse(null);
                all &= found != null && found.ready();
                sum += found == null ? 0 : found.done();
            }
            return all ? 1 : ranges.isEmpty() ? 0 : Math.min(sum / ranges.size(), 0.99);
        }

        /** 1 only where no range has it. */
        double gone(int index) {
            long gone = ranges.stream().filter(range -> range.filter(indexes -> !indexes.containsKey(index)).isPresent()).count();
            return ranges.isEmpty() ? 1 : (double) gone / ranges.size();
        }
    }
}
