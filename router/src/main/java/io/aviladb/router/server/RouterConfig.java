package io.aviladb.router.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.topology.Seed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a router is set up.
 *
 * @param region that it serves
 * @param nodeName of the node that it is in, for {@code X-AvilaDB-Routed}; empty for a router of its own
 * @param bindHost address to listen on
 * @param port 0 for any
 * @param seeds all nodes that are known at start
 * @param defaultTimeout of a request that names none; too small fails requests during failover, too large keeps clients waiting
 * @param localNode the node in the same process
 * @param maxInFlight requests under way at once; too small refuses bursts, too large lets a slow node fill the memory
 */
public record RouterConfig(RegionId region, String nodeName, String bindHost, int port, List<Seed> seeds, Duration defaultTimeout,
        Optional<NodeId> localNode, int maxInFlight) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    public static final int DEFAULT_MAX_IN_FLIGHT = 4_096;

    public RouterConfig {
        seeds = List.copyOf(seeds);
        if (port < 0 || port > 65_535 || maxInFlight < 1 || defaultTimeout.isNegative() || defaultTimeout.isZero()) {
            throw new IllegalArgumentException("a router's port is 0 to 65535, its limit and time-out are positive");
        }
    }

    /** With the default limit. */
    public RouterConfig(RegionId region, String nodeName, String bindHost, int port, List<Seed> seeds, Duration defaultTimeout,
            Optional<NodeId> localNode) {
        this(region, nodeName, bindHost, port, seeds, defaultTimeout, localNode, DEFAULT_MAX_IN_FLIGHT);
    }
}
