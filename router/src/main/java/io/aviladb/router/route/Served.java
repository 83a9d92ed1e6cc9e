package io.aviladb.router.route;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import org.jspecify.annotations.Nullable;

/**
 * Where an answer was made, and why there.
 *
 * @param why {@code leader}, {@code nearest}, {@code hedged}, {@code forwarded}, or {@code router} for what no node was asked about
 * @param decision what was chosen of which replicas; null where only one could be asked
 */
public record Served(RegionId region, String node, String why, @Nullable RoutingDecision decision) {
    public Served(RegionId region, String node, String why) {
        this(region, node, why, null);
    }

    static Served by(NodeId node, String why, @Nullable RoutingDecision decision) {
        return new Served(node.region(), node.toString(), why, decision);
    }

    public static Served by(NodeId node, String why) {
        return by(node, why, null);
    }
}
