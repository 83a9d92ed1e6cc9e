package io.aviladb.testkit;

import io.aviladb.cli.dev.EmbeddedCluster;
import io.aviladb.client.AvilaClient;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cluster of a test class. Regions and nodes are named as everywhere: {@code sa-east-1}, {@code sa-east-1/2}. Faults act between nodes and routers,
 * never between a client and its region's router; each method returns once its fault is in force. Safe for several threads.
 */
public final class TestCluster implements AutoCloseable {
    private final EmbeddedCluster cluster;
    private final Map<String, AvilaClient> clients = new ConcurrentHashMap<>();

    TestCluster(EmbeddedCluster cluster) {
        this.cluster = cluster;
    }

    /** Names of the regions. */
    public List<String> regions() {
        return cluster.regions().stream().map(RegionId::name).toList();
    }

    /** Names of a region's nodes. */
    public List<String> nodes(String region) {
        return cluster.nodes(new RegionId(region)).stream().map(NodeId::toString).toList();
    }

    /** Where a region's router listens, for whatever speaks HTTP: {@code http://127.0.0.1:40123}. */
    public String endpoint(String region) {
        if (!regions().contains(region)) {
            throw new IllegalArgumentException("the cluster has the regions " + regions() + ", and not " + region);
        }
        return cluster.endpoint(new RegionId(region));
    }

    /** The one client of a region that the cluster keeps. It carries the session of all who use it, and is closed at the end. */
    public AvilaClient client(String region) {
        return clients.computeIfAbsent(region, this::newClient);
    }

    /** A client of its own, with a session of its own; whoever takes it closes it. */
    public AvilaClient newClient(String region) {
        return AvilaClient.connect(endpoint(region).replace("http://", "aviladb://"));
    }

    /**
     * Ends a node as a crash does, or all nodes of a region.
     *
     * @throws AvilaError where there is no node or region of this name, as of all faults
     */
    public void kill(String place) {
        play(Map.of("kill", new JsonString(place)));
    }

    /** Starts a node, or all nodes of a region, that don't run. */
    public void restart(String place) {
        play(Map.of("restart", new JsonString(place)));
    }

    /** Nothing goes between two regions, two nodes, or a region and a node. */
    public void cut(String one, String other) {
        play(Map.of("cut", pair(one, other)));
    }

    /** Nothing goes into a region or out of it. */
    public void isolate(String region) {
        play(Map.of("isolate", new JsonString(region)));
    }

    /** What goes between two places takes so much longer, both ways together. */
    public void delay(String one, String other, Duration roundTrip) {
        play(Map.of("delay", pair(one, other), "ms", JsonNumber.of(roundTrip.toMillis())));
    }

    /** A node's clock is ahead by so much, or behind. */
    public void shiftClock(String node, Duration offset) {
        play(Map.of("clock", new JsonString(node), "offsetMs", JsonNumber.of(offset.toMillis())));
    }

    /** Ends every fault, and starts what was killed. */
    public void heal() {
        play(Map.of("heal", JsonBoolean.TRUE));
    }

    private static JsonArray pair(String one, String other) {
        return JsonArray.of(new JsonString(one), new JsonString(other));
    }

    private void play(Map<String, JsonValue> fault) {
        cluster.fault(new JsonObject(fault));
    }

    /** Closes the clients, stops the nodes, removes the data. */
    @Override
    public void close() {
        clients.values().forEach(AvilaClient::close);
        cluster.close();
    }
}
