package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.Version;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.History;
import io.aviladb.router.edge.Keys;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.session.EntityTag;
import io.aviladb.router.topology.ClusterMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A document's versions over REST, as far as they are still kept. */
final class VersionRoutes {
    private static final String VERSIONS = "/v1/databases/{db}/collections/{coll}/documents/{id}/versions";

    private final Edge edge;
    private final RequestHeaders headers;

    VersionRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("listVersions", HttpMethod.GET, VERSIONS, Set.of("partitionKey"), this::list));
    }

    private CompletableFuture<History.Versions> ask(RestRequest request, Optional<Version> only) {
        RequestTerms terms = headers.terms(request);
        return edge.definitions().collection(request.collection(), terms.deadline()).thenCompose(collection -> {
            DocumentKey key = Keys.of(collection, request.parameter("partitionKey").map(Keys::partition), request.variable("id"));
            return edge.history().versions(key, only, terms);
        });
    }

    private CompletableFuture<RestAnswer> list(RestRequest request) {
        return ask(request, Optional.empty()).thenApply(versions -> {
            if (versions.reply().rows().isEmpty() && !versions.reply().exists()) {
                throw new RefusedException(
                        new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND, "no document '" + request.variable("id") + "' has this partition key"),
                        versions.session(), versions.served());
            }
            ClusterMap map = edge.tracker().map();
            JsonObject body = Bodies.object("versions", Bodies.array(versions.reply().rows(), row -> json(row, map)), "more",
                    JsonBoolean.of(versions.reply().more()));
            return RestAnswer.json(200, body).from(versions.session(), versions.served(), 1);
        });
    }

    private static JsonObject json(HistoryReply.Row row, ClusterMap map) {
        List<JsonValue> regions = new ArrayList<>();
        row.vector().forEach((region, stamp) -> regions.add(name(region, map)));
        return Bodies.object("version", Bodies.text(row.version()), "at",
                Bodies.text(Instant.ofEpochMilli(row.version().stamp().millis())), "author",
                Bodies.object("region", name(row.version().region(), map)), "regions", new JsonArray(regions),
                "kind", Bodies.text(row.delete() ? "delete" : "update"), "live", JsonBoolean.of(row.live()), "sizeBytes",
                JsonNumber.of(row.sizeBytes()));
    }

    private static JsonValue name(RegionIncarnation region, ClusterMap map) {
        return Bodies.text(map.region(region).map(RegionId::name).orElse("#" + region));
    }

    /** One version's body, as its region wrote it. */
    CompletableFuture<RestAnswer> one(RestRequest request, String text) {
        Version version = version(text);
        return ask(request, Optional.of(version)).thenApply(versions -> {
            HistoryReply.Row row = versions.reply().rows().stream().findFirst()
                    .orElseThrow(() -> versions.missing(version));
            if (row.delete()) {
                throw refused(versions, new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND, "version " + version + " is a delete"));
            }
            return new RestAnswer(200, row.json(), RestAnswer.JSON, Map.of("etag", EntityTag.quoted(row.vector())), versions.session(),
                    versions.served(), Math.max(1, (row.json().length + 4_095) / 4_096));
        });
    }

    static Version version(String text) {
        try {
            return Version.parse(text);
        } catch (IllegalArgumentException e) {
            throw new AvilaError(ErrorCode.MALFORMED_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private static RefusedException refused(History.Versions versions, AvilaError error) {
        return new RefusedException(error, versions.session(), versions.served());
    }
}
