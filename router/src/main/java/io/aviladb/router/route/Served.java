package io.aviladb.router.route;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;

/** Where an answer was made, and why there. @param why {@code leader}, {@code nearest}, {@code forwarded}, or {@code router} for what no node was asked about */
public record Served(RegionId region, String node, String why) {
    public static Served by(NodeId node, String why) {
        return new Served(node.region(), node.toString(), why);
    }
}
