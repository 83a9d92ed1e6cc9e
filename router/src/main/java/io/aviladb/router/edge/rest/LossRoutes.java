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
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.Version;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.loss.RegionLoss;
import io.aviladb.router.loss.UnconfirmedWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the loss of a region would cost. */
final class LossRoutes {
    private final Edge edge;

    LossRoutes(Edge edge) {
        this.edge = edge;
    }

    List<Route> routes() {
        return List.of(new Route("getRpo", HttpMethod.GET, "/v1/rpo", Set.of(), this::rpo),
                new Route("whatIf", HttpMethod.GET, "/v1/whatif", Set.of("lose"), this::whatIf));
    }

    private CompletableFuture<RestAnswer> whatIf(RestRequest request) {
        String name = request.parameter("lose")
                .orElseThrow(() -> new AvilaError(ErrorCode.MALFORMED_REQUEST, "what if what? 'lose' names a region"));
        RegionId region = edge.tracker().map().regionNames().stream().filter(known -> known.name().equals(name)).findFirst()
                .orElseThrow(() -> new AvilaError(ErrorCode.UNKNOWN_REGION, "the cluster has no region '" + name + "'"));
        return edge.loss().lose(region).thenApply(report -> RestAnswer.json(200, json(report)));
    }

    private JsonObject json(RegionLoss.Report report) {
        List<JsonValue> copies = new ArrayList<>();
        for (int i = 0; i < report.remaining().size(); i++) {
            copies.add(
                    exposure(report.copies().get(i), Bodies.object("region", Bodies.text(report.remaining().get(i)))));
        }
        UnconfirmedWrites.Exposure lost = report.lost();
        boolean tokens = lost.known() && lost.writes() > 0;
        JsonValue unmet = !tokens
                ? JsonNull.NULL
                : edge.tracker().map().incarnation(report.region())
                        .<JsonValue>map(incarnation -> Bodies.text(new Version(lost.oldest(), incarnation))).orElse(JsonNull.NULL);
        return Bodies.object("lose", Bodies.text(report.region()), "remaining", Bodies.names(report.remaining()), "stops",
                Bodies.object("known", JsonBoolean.of(report.mapKnown()), "groups",
                        Bodies.array(report.groups(),
                                group -> Bodies.object("group", JsonNumber.of(group.group()), "kind",
                                        Bodies.text(group.kind().name().toLowerCase(Locale.ROOT)), "ranges",
                                        JsonNumber.of(group.ranges()))),
                        "ranges", JsonNumber.of(report.groups().stream().mapToInt(RegionLoss.StoppedGroup::ranges).sum())),
                "loss", exposure(lost, JsonObject.EMPTY), "copies", new JsonArray(copies), "tokensUnmetFrom", unmet, "goesOn",
                Bodies.object("reads", JsonBoolean.of(report.reachable() > 0), "writes", JsonBoolean.of(report.reachable() > 0),
                        "definitions", JsonBoolean.of(report.definitionsGoOn()), "remote", JsonBoolean.of(report.remoteGoesOn()),
                        "majority",
                        JsonBoolean.of(report.majorityGoesOn()), "all", JsonBoolean.FALSE, "prefixAdvances", JsonBoolean.FALSE));
    }

    private static JsonObject exposure(UnconfirmedWrites.Exposure exposure, JsonObject start) {
        boolean known = exposure.known();
        return start.with("writes", JsonNumber.of(known ? exposure.writes() : -1))
                .with("oldestAgeMs", JsonNumber.of(known ? exposure.oldestAgeMillis() : -1))
                .with("complete", JsonBoolean.of(known && exposure.complete())).with("basis", Bodies.text(basis(exposure)));
    }

    private static String basis(UnconfirmedWrites.Exposure exposure) {
        return !exposure.known() ? "unknown" : exposure.targetsAnswer() ? "measured" : "acknowledged";
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
                Bodies.text(basis(exposure)));
    }
}
