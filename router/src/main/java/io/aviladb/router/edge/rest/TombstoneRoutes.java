package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeBound;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.scatter.TombstoneLister;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Deleted documents that this region still keeps, and which regions hold them back. */
final class TombstoneRoutes {
    private final Edge edge;
    private final RequestHeaders headers;

    TombstoneRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List
                .of(new Route("listTombstones", HttpMethod.GET, "/v1/databases/{db}/collections/{coll}/tombstones", Set.of(), this::list));
    }

    private CompletableFuture<RestAnswer> list(RestRequest request) {
        RequestTerms terms = headers.terms(request);
        return edge.definitions().collection(request.collection(), terms.deadline())
                .thenCompose(collection -> edge.history()
                        .tombstones(new TombstoneLister.Query(KeyRange.collection(collection.id()), terms.region(), terms.consistency(),
                                terms.demand(), terms.deadline())))
                .thenApply(page -> RestAnswer.json(200, json(page.parts())).from(terms.token(), page.served(), page.parts().size()));
    }

    private JsonObject json(List<TombstoneLister.Part> parts) {
        return Bodies.object("tombstones", JsonNumber.of(parts.stream().mapToLong(part -> part.reply().count()).sum()), "complete",
                JsonBoolean.of(parts.stream().allMatch(part -> part.reply().complete())), "ranges", Bodies.array(parts, this::range));
    }

    private JsonObject range(TombstoneLister.Part part) {
        HistoryReply.Tombstones reply = part.reply();
        return Bodies.object("range", JsonNumber.of(part.range().ref().range()), "start", bound(part.range().keys().start()), "end",
                bound(part.range().keys().end()), "tombstones", JsonNumber.of(reply.count()), "complete", JsonBoolean.of(reply.complete()),
                "absorbed", JsonNumber.of(reply.absorbed()), "oldest", at(reply.oldest()), "heldBy",
                Bodies.array(reply.holders(), this::holder));
    }

    private static JsonValue bound(byte[] bound) {
        List<JsonValue> values = RangeBound.decode(bound);
        return values.isEmpty() ? JsonNull.NULL : new JsonArray(values);
    }

    private JsonObject holder(HistoryReply.Holder holder) {
        return Bodies.object("region", name(holder.region()), "of", name(holder.of()), "acknowledged", at(holder.acknowledged()), "cursor",
                Bodies.text("%016x".formatted(holder.acknowledged().bits())), "tombstones", JsonNumber.of(holder.tombstones()));
    }

    private JsonValue name(RegionIncarnation region) {
        return edge.tracker().map().region(region).map(Bodies::text).orElse(Bodies.text(region));
    }

    private static JsonValue at(HybridTimestamp stamp) {
        return stamp.equals(HybridTimestamp.ZERO) ? JsonNull.NULL : Bodies.text(Instant.ofEpochMilli(stamp.millis()));
    }
}
