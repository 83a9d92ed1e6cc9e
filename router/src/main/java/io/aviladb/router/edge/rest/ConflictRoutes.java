package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.edge.DocumentBodies;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.Keys;
import io.aviladb.router.edge.OperationIds;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.edge.Resolution;
import io.aviladb.router.scatter.ConflictLister;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.session.EntityTag;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Records of conflicts over REST: of a collection, of a document, one explained. */
final class ConflictRoutes {
    private static final String COLLECTION = "/v1/databases/{db}/collections/{coll}";
    private static final byte[] LISTING = {'k'};

    private final Edge edge;
    private final RequestHeaders headers;

    ConflictRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(
                new Route("listConflicts", HttpMethod.GET, COLLECTION + "/conflicts", Set.of("since", "pageSize", "continuationToken"),
                        this::ofCollection),
                new Route("listDocumentConflicts", HttpMethod.GET, COLLECTION + "/documents/{id}/conflicts", Set.of("partitionKey"),
                        this::ofDocument),
                new Route("explainConflict", HttpMethod.GET, COLLECTION + "/conflicts/{conflict}", Set.of(), this::explain),
                new Route("resolveConflict", HttpMethod.POST, COLLECTION + "/documents/{id}/resolve", Set.of("partitionKey"),
                        this::resolve));
    }

    private CompletableFuture<CollectionDefinition> collection(RestRequest request, RequestTerms terms) {
        return edge.definitions().collection(request.collection(), terms.deadline());
    }

    private CompletableFuture<RestAnswer> ofCollection(RestRequest request) {
        int pageSize = request.parameter("pageSize").map(ConflictRoutes::pageSize).orElse(ListQuery.DEFAULT_PAGE_SIZE);
        HybridTimestamp since = request.parameter("since").map(ConflictRoutes::since).orElse(HybridTimestamp.ZERO);
        RequestTerms terms = headers.terms(request);
        return collection(request, terms).thenCompose(collection -> {
            KeyRange interval = KeyRange.collection(collection.id());
            byte[] listing = Arrays.copyOf(OperationIds.digest(interval.start(), LISTING), 16);
            Optional<ConflictId> after = request.parameter("continuationToken").filter(token -> !token.isEmpty())
                    .map(token -> ConflictId.decode(edge.tokens().queryContinuation(token, listing)));
            return list(collection, terms, interval, after, since, pageSize, listing);
        });
    }

    private CompletableFuture<RestAnswer> ofDocument(RestRequest request) {
        RequestTerms terms = headers.terms(request);
        return collection(request, terms).thenCompose(collection -> {
            DocumentKey key = Keys.of(collection, request.parameter("partitionKey").map(Keys::partition), request.variable("id"));
            return list(collection, terms, KeyRange.prefix(key.bytes()), Optional.empty(), HybridTimestamp.ZERO, ListQuery.MAX_PAGE_SIZE,
                    new byte[0]);
        });
    }

    private CompletableFuture<RestAnswer> list(CollectionDefinition collection, RequestTerms terms, KeyRange interval,
            Optional<ConflictId> after, HybridTimestamp since, int pageSize, byte[] listing) {
        ConflictLister.Query query = new ConflictLister.Query(interval, after, since, pageSize, terms.region(), terms.consistency(),
                terms.demand(), terms.deadline());
        return edge.history().conflicts(query).thenApply(page -> {
            ConflictBodies bodies = new ConflictBodies(known(collection, page.rows()), edge.tracker().map());
            String next = page.next().map(id -> edge.tokens().queryContinuation(listing, id.encode())).orElse("");
            RestAnswer answer = RestAnswer.json(200, Bodies.object("conflicts", Bodies.array(page.rows(), bodies::summary),
                    "continuationToken", Bodies.text(next)));
            return answer.from(seen(terms.token(), page.rows()), page.served(), Math.max(1, (answer.body().length + 4_095) / 4_096));
        });
    }

    /** A record may be judged by a policy that this router hasn't heard of: the groups always hear first. */
    static CollectionDefinition known(CollectionDefinition collection, List<HistoryReply.Conflict> rows) {
        for (HistoryReply.Conflict row : rows) {
            int number = ConflictRecord.decode(row.record()).conflict().policyNumber();
            if (!collection.policies().knows(number)) {
                throw new AvilaError(ErrorCode.NOT_READY, "merge policy " + number + " of the collection isn't known here yet");
            }
        }
        return collection;
    }

    static VersionVector seen(VersionVector token, List<HistoryReply.Conflict> rows) {
        VersionVector seen = token;
        for (HistoryReply.Conflict row : rows) {
            Conflict conflict = ConflictRecord.decode(row.record()).conflict();
            seen = seen.join(conflict.older().vector()).join(conflict.newer().vector());
        }
        return seen;
    }

    private CompletableFuture<RestAnswer> explain(RestRequest request) {
        RequestTerms terms = headers.terms(request);
        return collection(request, terms).thenCompose(collection -> {
            ConflictId id = id(request.variable("conflict"), collection);
            ConflictLister.Query query = new ConflictLister.Query(KeyRange.prefix(id.key().bytes()), Optional.empty(), HybridTimestamp.ZERO,
                    ListQuery.MAX_PAGE_SIZE, terms.region(), terms.consistency(), terms.demand(), terms.deadline());
            return edge.history().conflicts(query).thenApply(page -> {
                List<HistoryReply.Conflict> found = page.rows().stream().filter(row -> row.id().equals(id)).toList();
                if (found.isEmpty()) {
                    throw new RefusedException(notFound("'" + id + "' isn't recorded here, or no more"), terms.token(), page.served());
                }
                Conflict conflict = ConflictRecord.decode(found.getFirst().record()).conflict();
                RestAnswer answer = RestAnswer.json(200,
                        new ConflictBodies(known(collection, found), edge.tracker().map()).explanation(id, conflict));
                return answer.from(seen(terms.token(), found), page.served(), Math.max(1, (answer.body().length + 4_095) / 4_096));
            });
        });
    }

    private CompletableFuture<RestAnswer> resolve(RestRequest request) {
        byte[] body = request.body();
        Resolution resolution = Resolution.parse(DocumentBodies.object(body));
        RequestTerms terms = headers.terms(request);
        return collection(request, terms).thenCompose(collection -> edge.history()
                .resolver(edge.documents())
                .resolve(collection, request.parameter("partitionKey").map(Keys::partition), request.variable("id"), resolution,
                        headers.operation(request, collection.id(), body), terms))
                .thenApply(written -> {
                    double latencyMs = Math.round((edge.clock().nanos() - request.startNanos()) / 1_000.0) / 1_000.0;
                    return RestAnswer.json(200, Bodies.written(written, latencyMs, body.length))
                            .with(Map.of("etag", EntityTag.quoted(written.document().vector())))
                            .from(written.session(), written.served(), 5 * Math.max(1, (written.document().sizeBytes() + 1_023) / 1_024));
                });
    }

    private static ConflictId id(String text, CollectionDefinition collection) {
        ConflictId id;
        try {
            id = ConflictId.parse(text);
        } catch (IllegalArgumentException e) {
            throw notFound(String.valueOf(e.getMessage()));
        }
        if (id.key().bytes().length < 4 || id.key().collection() != collection.id()) {
            throw notFound("'" + text + "' is no conflict of this collection");
        }
        return id;
    }

    private static AvilaError notFound(String detail) {
        return new AvilaError(ErrorCode.CONFLICT_NOT_FOUND, detail);
    }

    static HybridTimestamp since(String text) {
        try {
            return HybridTimestamp.ofMillis(Math.max(0, Instant.parse(text).toEpochMilli()));
        } catch (DateTimeParseException | ArithmeticException | IllegalArgumentException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'since' is a time as in 2026-01-31T12:00:00Z, not '" + text + "'");
        }
    }

    static int pageSize(String text) {
        try {
            int size = Integer.parseInt(text);
            if (size >= 1 && size <= ListQuery.MAX_PAGE_SIZE) {
                return size;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST,
                "'pageSize' is a number from 1 to " + ListQuery.MAX_PAGE_SIZE + ", not '" + text + "'");
    }
}
