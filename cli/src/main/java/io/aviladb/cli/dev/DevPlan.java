package io.aviladb.cli.dev;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.server.Ports;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.server.ClusterLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which regions and nodes there are and where they listen. RPC and Raft ports are chosen once and kept with the data; the ports of routers
 * are chosen at each start.
 */
record DevPlan(ClusterLayout layout, int basePort) {
    private static final int REGION_PORTS = 100;
    static final String HOST = "127.0.0.1";

    /**
     * The plan that the data folder has, with the routers' ports as asked; or a new one, kept before anything is started.
     *
     * @param regions empty: what the data have, or the default
     * @param port of the first region; 0 for any
     */
    static DevPlan of(Path data, List<RegionId> regions, int nodesPerRegion, int port) throws IOException {
        Optional<ClusterLayout> known = ClusterLayout.load(data);
        Ports ports = new Ports();
        List<RegionId> all = known.isPresent() ? regionsOf(known.get()) : regions.isEmpty() ? DevOptions.DEFAULT_REGIONS : regions;
        int perRegion = nodesPerRegion != 0 ? nodesPerRegion : DevOptions.DEFAULT_NODES;
        if (known.isPresent()) {
            int has = known.get().nodes().size() / all.size();
            if (!regions.isEmpty() && !regions.equals(all) || nodesPerRegion != 0 && nodesPerRegion != has) {
                throw CommandFailure.failed(
                        "the data in " + data.toAbsolutePath() + " are of a cluster with the regions " + names(all) + " and "
                                + has + " nodes in each",
                        "Leave --regions and --nodes-per-region out, or name another folder with --data.");
            }
            perRegion = has;
        }
        int base = port != 0 ? port : ports.free(REGION_PORTS * (all.size() - 1) + perRegion + 1);
        List<ClusterLayout.Node> nodes = new ArrayList<>();
        for (int k = 0; k < all.size(); k++) {
            for (int n = 1; n <= perRegion; n++) {
                NodeId node = new NodeId(all.get(k), n);
                String endpoint = "http://" + HOST + ":" + (base + REGION_PORTS * k + n);
                nodes.add(known.isPresent()
                        ? kept(known.get(), node, endpoint)
                        : new ClusterLayout.Node(node, HOST + ":" + ports.free(1), HOST + ":" + ports.free(1), endpoint));
            }
        }
        ClusterLayout layout = known.isPresent()
                ? withNodes(known.get(), nodes)
                : ClusterLayout.plan("dev", UUID.randomUUID(), secret(), nodes);
        DevPlan plan = new DevPlan(layout, base);
        plan.requireFree();
        layout.store(data);
        return plan;
    }

    private static ClusterLayout.Node kept(ClusterLayout layout, NodeId node, String endpoint) {
        for (ClusterLayout.Node known : layout.nodes()) {
            if (known.node().equals(node)) {
                return new ClusterLayout.Node(node, known.rpcAddress(), known.raftAddress(), endpoint);
            }
        }
        throw CommandFailure.failed("the cluster.json in the data folder does not name " + node,
                "Remove the folder to begin without data.");
    }

    private static ClusterLayout withNodes(ClusterLayout layout, List<ClusterLayout.Node> nodes) {
        return new ClusterLayout(layout.clusterId(), layout.name(), layout.secret(), layout.regions(), nodes, layout.groups());
    }

    /** In the order of the nodes: that of the ports. */
    private static List<RegionId> regionsOf(ClusterLayout layout) {
        return layout.nodes().stream().map(node -> node.node().region()).distinct().toList();
    }

    private static String names(List<RegionId> regions) {
        return String.join(",", regions.stream().map(RegionId::name).toList());
    }

    private static byte[] secret() {
        byte[] secret = new byte[ClusterLayout.SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    private void requireFree() {
        for (RegionId region : regions()) {
            requireFree(portOf(region), "--port chooses another one.");
        }
        for (ClusterLayout.Node node : layout.nodes()) {
            requireFree(port(node.endpoint()), "--port chooses another one.");
            requireFree(port(node.rpcAddress()),
                    "It was chosen when the data were made. End what uses it, or name another folder with --data.");
            requireFree(port(node.raftAddress()),
                    "It was chosen when the data were made. End what uses it, or name another folder with --data.");
        }
    }

    private static void requireFree(int port, String fix) {
        if (!Ports.isFree(port)) {
            throw CommandFailure.failed("port " + port + " is in use", fix);
        }
    }

    static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    List<RegionId> regions() {
        return regionsOf(layout);
    }

    List<NodeId> nodes() {
        return layout.nodes().stream().map(ClusterLayout.Node::node).toList();
    }

    List<NodeId> nodesOf(RegionId region) {
        return nodes().stream().filter(node -> node.region().equals(region)).toList();
    }

    ClusterLayout.Node node(NodeId id) {
        return layout.nodes().stream().filter(node -> node.node().equals(id)).findFirst().orElseThrow();
    }

    int portOf(RegionId region) {
        return basePort + REGION_PORTS * regions().indexOf(region);
    }

    String endpointOf(RegionId region) {
        return "http://" + HOST + ":" + portOf(region);
    }

    Path folderOf(Path data, NodeId node) {
        return data.resolve("nodes").resolve(node.region().name() + "-" + node.ordinal());
    }
}
