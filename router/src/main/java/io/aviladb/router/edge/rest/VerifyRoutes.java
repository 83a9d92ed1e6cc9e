package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.RangeBound;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.Version;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.CollectionName;
import io.aviladb.router.verify.CollectionReport;
import io.aviladb.router.verify.CollectionReport.Verdict;
import io.aviladb.router.verify.Difference;
import io.aviladb.router.verify.OrderWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Self-checks, over REST. */
final class VerifyRoutes {
    private static final int DEFAULT_DOCUMENTS = 10_000;
    private static final int MAX_DOCUMENTS = 10_000_000;

    private final Edge edge;
    private final RequestHeaders headers;

    VerifyRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("verify", HttpMethod.GET, "/v1/verify", Set.of("database", "collection", "documents"), this::verify));
    }

    private CompletableFuture<RestAnswer> verify(RestRequest request) {
        RequestTerms terms = headers.terms(request);
        long documents = request.parameter("documents").map(VerifyRoutes::documents).orElse(DEFAULT_DOCUMENTS);
        List<CollectionDefinition> collections = collections(request.parameter("database"), request.parameter("collection"));
        return edge.verification().check(collections, documents, terms.deadline())
                .thenApply(reports -> RestAnswer.json(200, json(reports)));
    }

    private static int documents(String text) {
        try {
            int documents = Integer.parseInt(text);
            if (documents >= 1 && documents <= MAX_DOCUMENTS) {
                return documents;
            }
        } catch (NumberFormatException none) {
            // said below
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'documents' is a number from 1 to " + MAX_DOCUMENTS + ", not '" + text + "'");
    }

    private List<CollectionDefinition> collections(Optional<String> database, Optional<String> collection) {
        ClusterMap map = edge.tracker().map();
        if (database.isEmpty()) {
            if (collection.isPresent()) {
                throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'collection' needs 'database' beside it");
            }
            return map.databases().stream().flatMap(name -> map.collectionsOf(name).stream()).toList();
        }
        if (!map.databases().contains(database.get())) {
            throw new AvilaError(ErrorCode.DATABASE_NOT_FOUND, "there is no database '" + database.get() + "'");
        }
        if (collection.isEmpty()) {
            return map.collectionsOf(database.get());
        }
        return List.of(map.collection(new CollectionName(database.get(), collection.get())).orElseThrow(() -> new AvilaError(
                ErrorCode.COLLECTION_NOT_FOUND, "database '" + database.get() + "' has no collection '" + collection.get() + "'")));
    }

    private JsonObject json(List<CollectionReport> reports) {
        OrderWatch order = edge.verification().order();
        List<Verdict> verdicts = reports.stream().map(CollectionReport::verdict).toList();
        Verdict worst = verdicts.stream().max(Verdict::compareTo).orElse(Verdict.IDENTICAL);
        String verdict = order.broken() > 0 ? "violated" : word(worst);
        return Bodies.object("verdict", Bodies.text(verdict), "region", Bodies.text(edge.tracker().own()), "collections",
                Bodies.array(reports, this::collection), "order",
                Bodies.object("documents", JsonNumber.of(order.documents()), "checkedReads", JsonNumber.of(order.checked()), "violated",
                        JsonNumber.of(order.broken()), "violations", Bodies.array(order.violations(), this::violation)));
    }

    private JsonObject collection(CollectionReport report) {
        CollectionDefinition definition = report.collection();
        List<JsonValue> regions = new ArrayList<>();
        report.regions().forEach((region, standing) -> regions.add(standing("region", Bodies.text(region), standing)));
        List<JsonValue> nodes = new ArrayList<>();
        report.nodes().forEach((node, standing) -> nodes.add(standing("node", Bodies.text(node), standing)));
        JsonValue cut = report.cut().<JsonValue>map(at -> Bodies.text(new Version(at,
                edge.tracker().map().incarnation(edge.tracker().own()).orElse(new RegionIncarnation(1))))).orElse(JsonNull.NULL);
        return Bodies.object("database", Bodies.text(definition.database()), "collection", Bodies.text(definition.name()), "verdict",
                Bodies.text(word(report.verdict())), "documents", JsonNumber.of(report.digest().documents()), "whole",
                JsonBoolean.of(report.whole()), "cut", cut, "digest", Bodies.text(report.digest().hex()), "regions",
                new JsonArray(regions), "nodes", new JsonArray(nodes), "differences", Bodies.array(report.differences(),
                        VerifyRoutes::difference),
                "because", because(report.failure()));
    }

    private static JsonObject standing(String what, JsonValue name, CollectionReport.Standing standing) {
        String state = standing.differs() ? "different" : standing.missed() != null ? "missed" : "identical";
        return Bodies.object(what, name, "state", Bodies.text(state), "documents", JsonNumber.of(standing.compared()), "because",
                because(standing.missed()));
    }

    private static JsonValue because(@Nullable AvilaError error) {
        return error == null ? JsonNull.NULL : Bodies.text(error.code().name() + ": " + error.detail());
    }

    private static JsonObject difference(Difference difference) {
        return Bodies.object("key", new JsonArray(RangeBound.decode(difference.key().bytes())), "kind",
                Bodies.text(difference.kind().name().toLowerCase(Locale.ROOT)), "at", Bodies.text(difference.place()), "reference",
                Bodies.text(difference.reference()));
    }

    private JsonObject violation(OrderWatch.Violation violation) {
        return Bodies.object("key", new JsonArray(RangeBound.decode(violation.key().bytes())), "consistency",
                Bodies.text(violation.consistency().name().toLowerCase(Locale.ROOT)), "before", shown(violation.before()), "read",
                shown(violation.read()));
    }

    private JsonObject shown(OrderWatch.Shown shown) {
        return Bodies.object("what", Bodies.text(shown.what()), "region", Bodies.text(shown.region()), "node", Bodies.text(shown.node()),
                "at", Bodies.text(Instant.ofEpochMilli(shown.atMillis())), "versions", Bodies.text(shown.vector()));
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
