package io.aviladb.cli.dev;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.server.RouterConfig;
import io.aviladb.router.topology.Seed;
import java.util.List;
import java.util.Optional;

/** How the routers of a cluster on this machine are set up. */
final class Routers {
    private Routers() {
    }

    /** A region's: in this process, whatever becomes of the nodes. */
    static RouterConfig ofRegion(DevPlan plan, RegionId region) {
        return new RouterConfig(region, "", DevPlan.HOST, plan.portOf(region), seeds(plan), RouterConfig.DEFAULT_TIMEOUT, Optional.empty());
    }

    static RouterConfig ofNode(DevPlan plan, NodeId node) {
        return new RouterConfig(node.region(), node.toString(), DevPlan.HOST, DevPlan.port(plan.node(node).endpoint()), seeds(plan),
                RouterConfig.DEFAULT_TIMEOUT, Optional.of(node));
    }

    private static List<Seed> seeds(DevPlan plan) {
        return plan.layout().nodes().stream().map(node -> new Seed(node.node(), node.rpcAddress())).toList();
    }

    static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
