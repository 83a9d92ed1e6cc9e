package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.loss.UnconfirmedWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the loss of a region would cost. */
final class LossRoutes {
    private final Edge edge;

    LossRoutes(Edge edge) {
        this.edge = edge;
    }

    List<Route> routes() {
        return List.of(new Route("getRpo", HttpMethod.GET, "/v1/rpo", Set.of(), this::rpo));
    }

    private CompletableFuture<RestAnswer> rpo(RestRequest request) {
        List<UnconfirmedWrites.Question> links = edge.unconfirmed().everyLink();
        return edge.unconfirmed().ask(links).thenApply(exposures -> {
            List<JsonValue> rows = new ArrayList<>();
            for (int i = 0; i < links.size(); i++) {
                rows.add(json(links.get(i), exposures.get(i)));
            }
            return RestAnswer.json(200,
                    Bodies.object("region", Bodies.text(edge.tracker().own()), "links", new JsonArray(rows)));
        });
    }

    private static JsonObject json(UnconfirmedWrites.Question link, UnconfirmedWrites.Exposure exposure) {
        boolean known = exposure.known();
        return Bodies.object("from", Bodies.text(link.source()), "to", Bodies.text(link.others().getFirst()), "oldestAgeMs",
                JsonNumber.of(known ? exposure.oldestAgeMillis() : -1), "unconfirmedWrites", JsonNumber.of(known ? exposure.writes() : -1),
                "complete", JsonBoolean.of(known && exposure.complete()), "basis",
                Bodies.text(!known ? "unknown" : exposure.targetsAnswer() ? "measured" : "acknowledged"));
    }
}
