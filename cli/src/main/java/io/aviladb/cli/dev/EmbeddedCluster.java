package io.aviladb.cli.dev;

import io.aviladb.cli.CommandFailure;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * What {@code aviladb dev} runs, in this process and for its tests: without card, log files, signals and simulated distances, on free ports of this
 * machine.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private final DevPlan plan;
    private final DevCluster cluster;
    private final Path data;

    private EmbeddedCluster(DevPlan plan, DevCluster cluster, Path data) {
        this.plan = plan;
        this.cluster = cluster;
        this.data = data;
    }

    /**
     * Starts a cluster and waits until every region serves.
     *
     * @param regions of which the first three may be {@link #defaultRegions()}
     * @param data a folder of its own, which is removed at the end
     * @throws CommandFailure where a node doesn't start, or a region doesn't serve in time
     */
    public static EmbeddedCluster start(List<RegionId> regions, int nodesPerRegion, Path data, Duration longest)
            throws IOException, InterruptedException {
        DevPlan plan = DevPlan.of(data, regions, nodesPerRegion, 0);
        EmbeddedCluster started = new EmbeddedCluster(plan, new DevCluster(plan, data, new RoundTrips(Map.of()), false), data);
        try {
            started.cluster.startNodes();
            started.cluster.awaitServing(longest);
            return started;
        } catch (Throwable failed) {
            started.close();
            throw failed;
        }
    }

    /** The regions that {@code aviladb dev} has when none are named. */
    public static List<RegionId> defaultRegions() {
        return DevOptions.DEFAULT_REGIONS;
    }

    /** In the order in which they were named. */
    public List<RegionId> regions() {
        return plan.regions();
    }

    /** Nodes of a region, from the first. */
    public List<NodeId> nodes(RegionId region) {
        return plan.nodesOf(region);
    }

    /** A region's router, such as {@code http://127.0.0.1:40123}; it answers whichever nodes are down. */
    public String endpoint(RegionId region) {
        return plan.endpointOf(region);
    }

    /**
     * Plays a fault as {@code POST /v1/faults} takes it; returns once it is in force.
     *
     * @return what is in force now
     * @throws AvilaError where it isn't one, or names what isn't there
     */
    public JsonObject fault(JsonObject body) {
        try {
            return cluster.faults().apply(body).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof AvilaError refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Stops all nodes and removes the data. */
    @Override
    public void close() {
        cluster.close();
        Folders.remove(data);
    }
}
