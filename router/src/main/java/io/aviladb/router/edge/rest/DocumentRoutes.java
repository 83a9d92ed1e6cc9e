package io.aviladb.router.edge.rest;

import java.util.stream.Collectors;
import io.aviladb.core.version.Version;
import io.aviladb.proto.node.ReadReply;
import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.router.edge.DocumentBodies;
import io.aviladb.router.edge.DocumentMetadata;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.Keys;
import io.aviladb.router.edge.ListTokens;
import io.aviladb.router.edge.PatchBodies;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.session.EntityTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Documents over REST. */
final class DocumentRoutes {
    private static final String ALL = "/v1/databases/{db}/collections/{coll}/documents";
    private static final String ONE = ALL + "/{id}";
    private static final Set<String> KEY = Set.of("partitionKey");
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final Edge edge;
    private final RequestHeaders headers;
    private final VersionRoutes versions;

    DocumentRoutes(Edge edge) {
        this.edge = edge;
        this.versions = new VersionRoutes(edge);
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("insertDocument", HttpMethod.POST, ALL, Set.of(), this::insert),
                new Route("insertBatch", HttpMethod.POST, ALL + "/batch", Set.of(), this::batch),
                new Route("getDocument", HttpMethod.GET, ONE, Set.of("partitionKey", "metadata", "version"), this::get),
                new Route("listDocuments", HttpMethod.GET, ALL,
                        Set.of("partitionKeyPrefix", "pageSize", "continuationToken", "scope", "partial", "metadata"), this::list),
                new Route("putDocument", HttpMethod.PUT, ONE, KEY, this::put),
                new Route("patchDocument", HttpMethod.PATCH, ONE, KEY, this::patch),
                new Route("deleteDocument", HttpMethod.DELETE, ONE, KEY, this::delete));
    }

    private CompletableFuture<RestAnswer> in(RestRequest request,
            BiFunction<CollectionDefinition, RequestTerms, CompletableFuture<RestAnswer>> serve) {
        RequestTerms terms = headers.terms(request);
        CompletableFuture<CollectionDefinition> collection = edge.definitions().collection(request.collection(), terms.deadline());
        return collection.thenCompose(definition -> terms.serve(at -> serve.apply(definition, at)));
    }

    private static Optional<List<JsonValue>> partition(RestRequest request) {
        return request.parameter("partitionKey").map(Keys::partition);
    }

    private double latencyMs(RestRequest request) {
        return Math.round((edge.clock().nanos() - request.startNanos()) / 1_000.0) / 1_000.0;
    }

    private RestAnswer written(RestRequest request, DocumentOperations.Written written, int status) {
        return written(request, written, status, null);
    }

    private RestAnswer written(RestRequest request, DocumentOperations.Written written, int status, @Nullable JsonArray warning) {
        JsonObject body = Bodies.written(written, latencyMs(request), request.http().content().length());
        int units = 5 * Math.max(1, (written.document().sizeBytes() + 1_023) / 1_024);
        Map<String, String> more = new HashMap<>(SchemaRoutes.header(warning));
        more.put("etag", EntityTag.quoted(written.document().vector()));
        return RestAnswer.json(status, body).with(more)
                .from(written.session(), written.served(), units);
    }

    private CompletableFuture<RestAnswer> insert(RestRequest request) {
        byte[] body = request.body();
        return in(request, (collection, terms) -> {
            JsonObject document = DocumentBodies.insertBody(body);
            return edge.documents().insert(collection, document, headers.operation(request, collection.id(), body), terms)
                    .thenApply(written -> written(request, written, 201, SchemaRoutes.warning(collection, document, written.id())));
        });
    }

    private CompletableFuture<RestAnswer> put(RestRequest request) {
        byte[] body = request.body();
        return in(request, (collection, terms) -> {
            JsonObject document = DocumentBodies.object(body);
            return edge.documents()
                    .put(collection, request.variable("id"), partition(request), document, headers.precondition(request, true),
                            headers.operation(request, collection.id(), body), terms)
                    .thenApply(written -> written(request, written, written.document().created() ? 201 : 200,
                            SchemaRoutes.warning(collection, document, written.id())));
        });
    }

    private CompletableFuture<RestAnswer> patch(RestRequest request) {
        byte[] body = request.body(MERGE_PATCH);
        return in(request, (collection, terms) -> {
            Mutation mutation = request.mediaType().equals(MERGE_PATCH)
                    ? PatchBodies.merge(body, collection.strategy())
                    : PatchBodies.operations(body, collection.strategy());
            return change(request, collection, terms, mutation, body).thenApply(written -> written(request, written, 200));
        });
    }

    private CompletableFuture<RestAnswer> delete(RestRequest request) {
        return in(request, (collection, terms) -> change(request, collection, terms, new Mutation.Delete(), new byte[0])
                .thenApply(written -> RestAnswer.empty(204).from(written.session(), written.served(), 5)));
    }

    private CompletableFuture<DocumentOperations.Written> change(RestRequest request, CollectionDefinition collection, RequestTerms terms,
            Mutation mutation, byte[] body) {
        String id = request.variable("id");
        DocumentKey key = Keys.of(collection, partition(request), id);
        Precondition precondition = headers.precondition(request, false);
        OperationId operation = headers.operation(request, collection.id(), body);
        return edge.documents().change(key, id, precondition, mutation, operation, terms);
    }

    private CompletableFuture<RestAnswer> get(RestRequest request) {
        boolean metadata = flag(request, "metadata");
        if (request.parameter("version").isPresent()) {
            if (metadata) {
                throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "metadata of an older version aren't there yet; GET .../versions has them");
            }
            return versions.one(request, request.parameter("version").get());
        }
        return in(request, (collection, terms) -> {
            DocumentKey key = Keys.of(collection, partition(request), request.variable("id"));
            return edge.snapshots().chosen(terms, collection.id(), KeyRange.prefix(key.bytes()))
                    .thenCompose(at -> edge.documents().get(key, at).thenApply(found -> {
                        byte[] json = found.reply().json().orElseThrow(() -> new RefusedException(
                                new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND,
                                        "no document '" + request.variable("id") + "' has this partition key"),
                                found.session(), found.served()));
                        String tag = EntityTag.quoted(found.reply().vector());
                        byte[] body = metadata ? DocumentMetadata.append(json, found.reply(), edge.tracker().map()) : json;
                        boolean same = request.header("if-none-match").filter(asked -> asked.trim().equals(tag)).isPresent();
                        RestAnswer answer = same
                                ? RestAnswer.empty(304)
                                : new RestAnswer(200, body, RestAnswer.JSON, Map.of(), null, null, 0);
                        Map<String, String> more = new HashMap<>(edge.snapshots().headers(at));
                        more.put("etag", tag);
                        more.putAll(siblings(found.reply()));
                        return answer.with(more).from(found.session(), found.served(), Math.max(1, (json.length + 4_095) / 4_096));
                    }));
        });
    }

    /** A document that somebody must resolve is one of several, and says so. */
    private static Map<String, String> siblings(ReadReply reply) {
        return reply.siblings().isEmpty()
                ? Map.of()
                : Map.of("x-aviladb-siblings", reply.siblings().stream().map(Version::toString).collect(Collectors.joining(", ")));
    }

    private static boolean flag(RestRequest request, String name) {
        String value = request.parameter(name).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'" + name + "' is true or false, not '" + value + "'");
        }
        return value.equals("true");
    }

    private CompletableFuture<RestAnswer> list(RestRequest request) {
        boolean metadata = flag(request, "metadata");
        int pageSize = request.parameter("pageSize").map(DocumentRoutes::pageSize).orElse(ListQuery.DEFAULT_PAGE_SIZE);
        ListQuery.Scope scope = switch (request.parameter("scope").orElse("LOCAL")) {
            case "LOCAL" -> ListQuery.Scope.LOCAL;
            case "GLOBAL" -> ListQuery.Scope.GLOBAL;
            default -> throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'scope' is LOCAL or GLOBAL");
        };
        boolean refuse = switch (request.parameter("partial").orElse("allow")) {
            case "allow" -> false;
            case "refuse" -> true;
            default -> throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'partial' is allow or refuse");
        };
        List<JsonValue> prefix = request.parameter("partitionKeyPrefix").map(Keys::partition).orElse(List.of());
        return in(request, (collection, terms) -> {
            KeyRange interval = DocumentKey.prefix(collection.id(), collection.strategy(), prefix);
            ListTokens tokens = new ListTokens(edge.tokens(), interval, scope);
            Optional<DocumentKey> after = tokens.read(request.parameter("continuationToken").orElse(""));
            return edge.snapshots().chosen(terms, collection.id(), interval).thenCompose(at -> {
                ListQuery query = new ListQuery(collection.id(), interval, after, pageSize, scope, refuse, at.region(), at.consistency(),
                        at.demand(), at.deadline());
                return edge.listing().list(query).thenApply(page -> {
                    byte[] body = Bodies.page(page, metadata, edge.tracker().map(), tokens.write(page.next()));
                    return new RestAnswer(200, body, RestAnswer.JSON, edge.snapshots().headers(at), at.token().join(page.seen()),
                            page.served(), Math.max(1, (body.length + 4_095) / 4_096));
                });
            });
        });
    }

    static int pageSize(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'pageSize' is a number, not '" + text + "'");
        }
    }

    private CompletableFuture<RestAnswer> batch(RestRequest request) {
        byte[] bytes = request.body();
        // Documents stand two levels deep in the batch, and may use all their own levels.
        if (!(JsonParser.parse(bytes, JsonParser.MAX_NESTING + 2) instanceof JsonObject body)) {
            throw new AvilaError(ErrorCode.NOT_AN_OBJECT, "a batch is {\"documents\": [...]}");
        }
        DocumentBodies.onlyMembers(body.members(), Set.of("documents", "atomic", "compressed"), Set.of());
        if (!(body.getOrNull("documents") instanceof JsonArray documents)) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "a batch has an array 'documents'");
        }
        boolean atomic = flag(body, "atomic");
        boolean compressed = flag(body, "compressed");
        int limit = Limits.MAX_BATCH_BYTES + (1 << 20);
        if (bytes.length > limit) {
            throw new AvilaError(ErrorCode.REQUEST_TOO_LARGE,
                    "the batch has " + bytes.length + " bytes; the limit is " + Limits.MAX_BATCH_BYTES);
        }
        List<Supplier<JsonObject>> bodies = new ArrayList<>();
        documents.elements().forEach(element -> bodies.add(() -> element(element, compressed)));
        return in(request, (collection, terms) -> edge.documents()
                .batch(collection, bodies, atomic, headers.operation(request, collection.id(), bytes), terms)
                .thenApply(result -> answer(request, result, bytes.length)));
    }

    private static JsonObject element(JsonValue element, boolean compressed) {
        if (compressed && element instanceof JsonString base64) {
            return DocumentBodies.compressed(base64.value());
        }
        if (element instanceof JsonObject object) {
            return object;
        }
        throw new AvilaError(ErrorCode.NOT_AN_OBJECT, "a document is a JSON object");
    }

    private static boolean flag(JsonObject body, String name) {
        JsonValue value = body.getOrNull(name);
        if (value != null && !(value instanceof JsonBoolean)) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'" + name + "' is true or false");
        }
        return JsonBoolean.TRUE.equals(value);
    }

    private RestAnswer answer(RestRequest request, DocumentOperations.BatchResult result, int wireBytes) {
        List<JsonValue> ids = new ArrayList<>();
        List<JsonValue> results = new ArrayList<>();
        int size = 0;
        boolean all = true;
        DocumentOperations.Written last = null;
        for (DocumentOperations.BatchItem item : result.items()) {
            ids.add(item.id().isEmpty() ? JsonNull.NULL : Bodies.text(item.id()));
            DocumentOperations.Written written = item.written();
            AvilaError refusal = item.refusal();
            if (written != null) {
                last = written;
                size += written.document().sizeBytes();
                results.add(Bodies.object("id", Bodies.text(item.id()), "status", JsonNumber.of(201), "version",
                        Bodies.text(written.unit().version()), "etag", Bodies.text(EntityTag.of(written.document().vector())), "sizeBytes",
                        JsonNumber.of(written.document().sizeBytes()), "receipt", Bodies.receipt(written)));
            } else if (refusal != null) {
                all = false;
                results.add(Bodies.object("id", item.id().isEmpty() ? JsonNull.NULL : Bodies.text(item.id()), "status",
                        JsonNumber.of(refusal.code().httpStatus()), "error", Problems.json(refusal, "")));
            }
        }
        double ratio = size == 0 ? 1 : Math.round(100.0 * size / wireBytes) / 100.0;
        JsonObject body = Bodies.object("ids", new JsonArray(ids), "results", new JsonArray(results), "sizeBytes", JsonNumber.of(size),
                "compressionRatio", JsonNumber.of(ratio), "latencyMs", JsonNumber.of(latencyMs(request)));
        RestAnswer answer = RestAnswer.json(all ? 201 : 207, body);
        return last == null
                ? new RestAnswer(answer.status(), answer.body(), RestAnswer.JSON, Map.of(), result.session(), null, 1)
                : answer.from(result.session(), last.served(), 5 * Math.max(1, (size + 1_023) / 1_024));
    }
}
