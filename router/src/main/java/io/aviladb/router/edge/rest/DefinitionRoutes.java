package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionOptions;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.crdt.expiry.Ttls;
import io.aviladb.crdt.schema.Schemas;
import io.aviladb.router.edge.CollectionBodies;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.IndexBodies;
import io.aviladb.router.edge.MergePolicyJudge;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.topology.CollectionName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Databases and collections over REST. */
final class DefinitionRoutes {
    private static final String DATABASES = "/v1/databases";
    private static final String COLLECTIONS = DATABASES + "/{db}/collections";
    private static final Set<String> COLLECTION_LATER = Set.of("invariants", "home", "regions");

    private final Edge edge;
    private final RequestHeaders headers;

    DefinitionRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("createDatabase", HttpMethod.POST, DATABASES, Set.of(), this::createDatabase),
                new Route("listDatabases", HttpMethod.GET, DATABASES, Set.of(), this::listDatabases),
                new Route("getDatabase", HttpMethod.GET, DATABASES + "/{db}", Set.of(), this::getDatabase),
                new Route("deleteDatabase", HttpMethod.DELETE, DATABASES + "/{db}", Set.of(), this::deleteDatabase),
                new Route("createCollection", HttpMethod.POST, COLLECTIONS, Set.of(), this::createCollection),
                new Route("listCollections", HttpMethod.GET, COLLECTIONS, Set.of(), this::listCollections),
                new Route("getCollection", HttpMethod.GET, COLLECTIONS + "/{coll}", Set.of(), this::getCollection),
                new Route("alterCollection", HttpMethod.PATCH, COLLECTIONS + "/{coll}", Set.of(), this::alterCollection),
                new Route("deleteCollection", HttpMethod.DELETE, COLLECTIONS + "/{coll}", Set.of(), this::deleteCollection));
    }

    private static String name(JsonObject body) {
        if (body.getOrNull("name") instanceof JsonString name) {
            return name.value();
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the body lacks 'name', a string");
    }

    private CompletableFuture<RestAnswer> createDatabase(RestRequest request) {
        JsonObject body = request.object(Set.of("name"), Set.of("regions"));
        return edge.definitions().createDatabase(name(body), headers.terms(request).deadline())
                .thenApply(name -> RestAnswer.json(201, Bodies.database(name, edge.tracker().map())));
    }

    private CompletableFuture<RestAnswer> listDatabases(RestRequest request) {
        return edge.definitions().databases(headers.terms(request).deadline()).thenApply(names -> RestAnswer.json(200, Bodies.object(
                "databases", Bodies.array(names, name -> Bodies.database(name, edge.tracker().map())))));
    }

    private CompletableFuture<RestAnswer> getDatabase(RestRequest request) {
        return edge.definitions().database(request.variable("db"), headers.terms(request).deadline())
                .thenApply(name -> RestAnswer.json(200, Bodies.database(name, edge.tracker().map())));
    }

    private CompletableFuture<RestAnswer> deleteDatabase(RestRequest request) {
        return edge.definitions().dropDatabase(request.variable("db"), headers.terms(request).deadline())
                .thenApply(done -> RestAnswer.empty(204));
    }

    private CompletableFuture<RestAnswer> createCollection(RestRequest request) {
        JsonObject body = request.object(Set.of("name", "partitionKey", "mergePolicy", "mode", "indexes", "schema", "ttl"),
                COLLECTION_LATER);
        CollectionName name = new CollectionName(request.variable("db"), name(body));
        PartitionStrategy strategy = CollectionBodies.strategy(body.get("partitionKey").orElseThrow(
                () -> new AvilaError(ErrorCode.INVALID_PARTITION_STRATEGY, "the body lacks 'partitionKey'")));
        JsonValue mode = body.getOrNull("mode");
        if (new JsonString("strong-global").equals(mode)) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "mode 'strong-global' isn't there yet");
        }
        if (mode != null && !mode.equals(new JsonString("multi-region"))) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'mode' is multi-region or strong-global");
        }
        List<IndexDefinition> indexes = body.get("indexes").map(IndexBodies::indexes).orElse(List.of());
        Deadline deadline = headers.terms(request).deadline();
        CollectionOptions options = options(body);
        return policy(body.get("mergePolicy"))
                .thenCompose(policy -> edge.definitions().createCollection(name, strategy, policy, indexes, options, deadline))
                .thenApply(made -> RestAnswer.json(201, Bodies.collection(made, edge.tracker().map())));
    }

    /** On a thread of its own: a custom merge is tried on many documents. */
    private static CompletableFuture<MergePolicyDefinition> policy(Optional<JsonValue> policy) {
        return policy.map(json -> CompletableFuture.supplyAsync(() -> MergePolicyJudge.parse(json)))
                .orElseGet(() -> CompletableFuture.completedFuture(MergePolicyDefinition.DEFAULT));
    }

    private CompletableFuture<RestAnswer> listCollections(RestRequest request) {
        return edge.definitions().collections(request.variable("db"), headers.terms(request).deadline())
                .thenApply(all -> RestAnswer.json(200, Bodies.object("collections",
                        Bodies.array(all, one -> Bodies.collection(one, edge.tracker().map())))));
    }

    private CompletableFuture<RestAnswer> getCollection(RestRequest request) {
        return edge.definitions().collection(request.collection(), headers.terms(request).deadline())
                .thenApply(one -> RestAnswer.json(200, Bodies.collection(one, edge.tracker().map())));
    }

    private CompletableFuture<RestAnswer> alterCollection(RestRequest request) {
        JsonObject body = request.object(Set.of("mergePolicy", "schema", "ttl"), COLLECTION_LATER);
        if (body.members().isEmpty()) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the body has neither 'mergePolicy' nor 'schema' nor 'ttl'");
        }
        Deadline deadline = headers.terms(request).deadline();
        CollectionOptions options = options(body);
        Optional<JsonValue> policy = body.get("mergePolicy");
        CompletableFuture<Optional<MergePolicyDefinition>> next = policy.isPresent()
                ? policy(policy).thenApply(Optional::of)
                : CompletableFuture.completedFuture(Optional.empty());
        return next.thenCompose(accepted -> edge.definitions().alterCollection(request.collection(), accepted, options, deadline))
                .thenApply(one -> RestAnswer.json(200, Bodies.collection(one, edge.tracker().map())));
    }

    private static CollectionOptions options(JsonObject body) {
        return new CollectionOptions(body.get("schema").map(Schemas::parse), body.get("ttl").map(Ttls::parse));
    }

    private CompletableFuture<RestAnswer> deleteCollection(RestRequest request) {
        return edge.definitions().dropCollection(request.collection(), headers.terms(request).deadline())
                .thenApply(done -> RestAnswer.empty(204));
    }
}
