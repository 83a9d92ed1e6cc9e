package io.aviladb.router.edge.rest;

import com.linecorp.armeria.common.HttpMethod;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.Receipts;
import io.aviladb.router.route.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Where a write has arrived by now. */
final class ReceiptRoutes {
    /** How long a region that doesn't have the write yet is waited for, unless the request says otherwise. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Edge edge;
    private final RequestHeaders headers;

    ReceiptRoutes(Edge edge) {
        this.edge = edge;
        this.headers = new RequestHeaders(edge);
    }

    List<Route> routes() {
        return List.of(new Route("getReceipt", HttpMethod.GET, "/v1/receipts/{receipt}", Set.of(), this::get));
    }

    private CompletableFuture<RestAnswer> get(RestRequest request) {
        Deadline deadline = headers.deadline(request);
        boolean asked = request.header("x-aviladb-timeout").isPresent();
        return edge.receipts().state(request.variable("receipt"), asked ? deadline : deadline.atMost(PATIENCE))
                .thenApply(state -> RestAnswer.json(200, json(state)));
    }

    private static JsonObject json(Receipts.State state) {
        Receipts.Receipt receipt = state.receipt();
        return Bodies.object("id", Bodies.text(receipt.id()), "region", Bodies.text(receipt.region()), "group",
                JsonNumber.of(receipt.group()), "term", JsonNumber.of(receipt.term()), "index", JsonNumber.of(receipt.index()), "version",
                Bodies.text(receipt.version()), "regions", Bodies.names(state.have()), "pending", Bodies.names(state.others()));
    }
}
