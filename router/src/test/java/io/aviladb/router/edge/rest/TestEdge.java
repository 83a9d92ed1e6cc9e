package io.aviladb.router.edge.rest;

import io.aviladb.core.random.RandomSource;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.router.edge.ClusterStatus;
import io.aviladb.router.edge.Definitions;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.History;
import io.aviladb.router.edge.InFlightLimit;
import io.aviladb.router.edge.Metrics;
import io.aviladb.router.edge.Readiness;
import io.aviladb.router.edge.Receipts;
import io.aviladb.router.edge.Snapshots;
import io.aviladb.router.edge.Verification;
import io.aviladb.router.loss.RegionLoss;
import io.aviladb.router.loss.UnconfirmedWrites;
import io.aviladb.router.query.Fragments;
import io.aviladb.router.route.CatalogRouter;
import io.aviladb.router.route.ClosedCuts;
import io.aviladb.router.route.RangeRouter;
import io.aviladb.router.route.Confirmations;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.WriteRouter;
import io.aviladb.router.scatter.Listing;
import io.aviladb.router.session.SessionTokens;
import io.aviladb.router.topology.TopologyTracker;
import io.aviladb.router.verify.OrderWatch;
import io.aviladb.router.verify.ReplicaCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** An edge that knows no node: enough to look at its routes. */
final class TestEdge {
    private TestEdge() {
    }

    static Edge unconnected() {
        Scheduler never = (delay, task) -> () -> {};
        RandomSource random = RandomSource.of(new Random(1));
        RegionId region = new RegionId("sa-east-1");
        TopologyTracker tracker = new TopologyTracker((node, address) -> {
            throw new AssertionError("nobody connects");
        }, List.of(), region, Optional.empty(), never, Clock.system());
        ReadRouter reads = new ReadRouter(tracker, never, random, Clock.system());
        Listing listing = new Listing(tracker, reads);
        Confirmations confirmations = new Confirmations(tracker, reads);
        CatalogRouter catalog = new CatalogRouter(tracker, reads, never, random);
        ClosedCuts cuts = new ClosedCuts(tracker, never, random);
        Verification verification = new Verification(new ReplicaCheck(tracker, reads, cuts, never, random),
                new OrderWatch(Clock.system()));
        return new Edge(tracker, catalog,
                new DocumentOperations(tracker, new WriteRouter(tracker, never, random, Clock.system()), reads, confirmations,
                        verification.order()),
                new Definitions(tracker, catalog), listing, new Fragments(tracker, reads, listing, never), new Receipts(confirmations),
                new RangeRouter(tracker, never, random), new History(reads),
                new Snapshots(tracker, cuts),
                new SessionTokens(() -> new byte[0]),
                new ClusterStatus(tracker), new UnconfirmedWrites(tracker), new RegionLoss(tracker, new UnconfirmedWrites(tracker)),
                verification,
                new Metrics(region, "test", () -> 0), new InFlightLimit(1), new Readiness(tracker),
                Optional.empty(), Clock.system(), Duration.ofSeconds(1), "");
    }
}
