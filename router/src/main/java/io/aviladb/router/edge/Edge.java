package io.aviladb.router.edge;

import io.aviladb.core.time.Clock;
import io.aviladb.router.loss.RegionLoss;
import io.aviladb.router.loss.UnconfirmedWrites;
import io.aviladb.router.query.Fragments;
import io.aviladb.router.route.CatalogRouter;
import io.aviladb.router.route.RangeRouter;
import io.aviladb.router.route.RoutingDecision;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.Listing;
import io.aviladb.router.session.SessionTokens;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What REST and gRPC serve with.
 *
 * @param nodeName of the node that the router is in; empty for a router of its own
 */
public record Edge(TopologyTracker tracker, CatalogRouter catalog, DocumentOperations documents, Definitions definitions, Listing listing,
        Fragments fragments, Receipts receipts, RangeRouter ranges, History history, Snapshots snapshots,
        SessionTokens tokens, ClusterStatus status, UnconfirmedWrites unconfirmed, RegionLoss loss, Verification verification,
        Metrics metrics, InFlightLimit inFlight,
        Readiness readiness,
        Optional<FaultControl> faults, Clock clock, Duration defaultTimeout, String nodeName) {
    /** Where an answer was made, as {@code X-AvilaDB-Routed} tells it. @param served absent where the router answers by what it knows itself */
    public String routed(@Nullable Served served) {
        Served where = served != null ? served : new Served(tracker.own(), nodeName.isEmpty() ? "none" : nodeName, "router");
        return "region=" + where.region() + "; node=" + where.node() + "; why=" + where.why()
                + (served == null || nodeName.isEmpty() ? "" : "; router=" + nodeName);
    }

    /** The choice between replicas that led to an answer, as the log has it: it can be made again of its text. Empty where there was none. */
    public static String decision(@Nullable Served served) {
        RoutingDecision decision = served == null ? null : served.decision();
        return decision == null ? "" : decision.toString();
    }

    /** A name for a request that logs, answers and error reports share. */
    public static String newRequestId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
