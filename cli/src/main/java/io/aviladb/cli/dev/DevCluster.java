package io.aviladb.cli.dev;

import io.aviladb.cli.Awaiting;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.fault.ClusterFaults;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.FaultyConnector;
import io.aviladb.router.server.RouterServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The nodes, one router for each region in this process, and the faults between them. */
final class DevCluster implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final DevPlan plan;
    private final FaultTable table = new FaultTable();
    private final ScheduledExecutorService timer = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("dev-distance").factory());
    private final ExecutorService faultThread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("dev-faults").factory());
    private final DevNodes nodes;
    private final ClusterFaults faults;
    private final Map<RegionId, RouterServer> routers = new LinkedHashMap<>();

    DevCluster(DevPlan plan, Path data, RoundTrips roundTrips, boolean processes) {
        this.plan = plan;
        FaultSet undisturbed = ClusterFaults
                .normal(new FaultSet(List.of(), List.of(), List.of(), roundTrips.distances(), List.of()));
        table.replace(undisturbed);
        nodes = processes
                ? new ProcessNodes(plan, data, table)
                : new InProcessNodes(plan, data, table, timer, this::faults);
        faults = new ClusterFaults(plan.nodes(), nodes, faultThread, table);
    }

    DevNodes nodes() {
        return nodes;
    }

    ClusterFaults faults() {
        return faults;
    }

    /** Starts all nodes, side by side, and the regions' routers. */
    void startNodes() {
        List<Thread> starting = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (NodeId node : plan.nodes()) {
            starting.add(Thread.ofPlatform().name("start-" + node).start(() -> {
                try {
                    nodes.start(node);
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                }
            }));
        }
        Routers.join(starting);
        if (!failures.isEmpty()) {
            Throwable first = failures.get(0);
            if (first instanceof CommandFailure known) {
                throw known;
            }
            throw new IllegalStateException("a node did not start", first);
        }
        nodes.play(table.current());
        for (RegionId region : plan.regions()) {
            routers.put(region, RouterServer.start(Routers.ofRegion(plan, region),
                    new FaultyConnector(nodes.connector(), region.name(), table, timer), Optional.of(faults)));
        }
    }

    /** @throws CommandFailure where a region doesn't serve by then */
    void awaitServing(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        for (Map.Entry<RegionId, RouterServer> router : routers.entrySet()) {
            Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
            if (!Awaiting.holds(BETWEEN_LOOKS, left, router.getValue()::isReady)) {
                throw CommandFailure.unavailable(router.getKey() + " does not serve after " + longest.toSeconds() + " s: "
                        + String.join("; ", router.getValue().notReadyBecause()), "The log in the data folder says more.");
            }
        }
    }

    @Override
    public void close() {
        List<Thread> stopping = new ArrayList<>();
        routers.values().forEach(router -> stopping.add(Thread.ofVirtual().start(router::close)));
        nodes.close();
        Routers.join(stopping);
        faultThread.shutdownNow();
        timer.shutdownNow();
    }
}
