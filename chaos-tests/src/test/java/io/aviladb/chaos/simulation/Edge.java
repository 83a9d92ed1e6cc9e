package io.aviladb.chaos.simulation;

import io.aviladb.core.random.RandomSource;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.RangeRouter;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.WriteRouter;
import io.aviladb.router.topology.Seed;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A region's router, without its REST and gRPC. */
record Edge(RegionId region, TopologyTracker tracker, WriteRouter writes, ReadRouter reads, RangeRouter ranges, WallClock clock) {
    static String name(RegionId region) {
        return region.name() + "-router";
    }

    static Edge of(String name, RegionId region, Network network, List<Seed> seeds, Life life, WallClock clock, Random random) {
        RandomSource source = RandomSource.of(random);
        TopologyTracker tracker = new TopologyTracker(network.connector(name, life), seeds, region, Optional.empty(),
                life.scheduler(), clock);
        tracker.start();
        return new Edge(region, tracker, new WriteRouter(tracker, life.scheduler(), source, clock),
                new ReadRouter(tracker, life.scheduler(), source, clock),
                new RangeRouter(tracker, life.scheduler(), source), clock);
    }

    Deadline in(Duration time) {
        return Deadline.in(clock, time);
    }
}
