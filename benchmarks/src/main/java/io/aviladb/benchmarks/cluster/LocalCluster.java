package io.aviladb.benchmarks.cluster;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.NodeConfig;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.node.server.NodeServer;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.StatusRequest;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.router.server.RouterConfig;
import io.aviladb.router.server.RouterServer;
import io.aviladb.router.topology.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cluster in this process, on real disks: nodes speak gRPC with one another, and each region's router, which is in its first node, calls them
 * directly.
 */
public final class LocalCluster implements AutoCloseable {
    private final Map<NodeId, NodeServer> nodes = new TreeMap<>();
    private final Map<RegionId, RouterServer> routers = new TreeMap<>();
    private final GrpcConnector connector = new GrpcConnector();
    private final ClusterLayout layout;

    /** Returns once every region serves and every group is led by the node that is to lead it. */
    public LocalCluster(Path root, int nodesPerRegion, List<RegionId> regions, NodeLimits limits) throws IOException {
        List<Integer> ports = Ports.free(2 * nodesPerRegion * regions.size());
        List<ClusterLayout.Node> places = new ArrayList<>();
        for (RegionId region : regions) {
            for (int number = 1; number <= nodesPerRegion; number++) {
                int at = 2 * places.size();
                places.add(new ClusterLayout.Node(new NodeId(region, number), Ports.HOST + ":" + ports.get(at),
                        Ports.HOST + ":" + ports.get(at + 1), ""));
            }
        }
        layout = ClusterLayout.plan("benchmark", new UUID(2, 2), new byte[ClusterLayout.SECRET_BYTES], places);
        FaultTable faults = new FaultTable();
        try {
            for (int i = 0; i < places.size(); i++) {
                NodeId node = places.get(i).node();
                NodeConfig config = NodeConfig.of(node, root.resolve(node.toString().replace('/', '-')), Ports.HOST, ports.get(2 * i),
                        ports.get(2 * i + 1)).withLimits(limits);
                nodes.put(node, NodeServer.start(config, layout, connector, faults));
            }
            NodeConnector direct = (node, address) -> node(node).api();
            List<Seed> seeds = places.stream().map(place -> new Seed(place.node(), place.rpcAddress())).toList();
            for (RegionId region : regions) {
                NodeId first = new NodeId(region, 1);
                routers.put(region, RouterServer.start(new RouterConfig(region, first.toString(), Ports.HOST, 0, seeds,
                        RouterConfig.DEFAULT_TIMEOUT, Optional.of(first)), direct, Optional.empty()));
            }
            Waiting.until("readiness", () -> nodes.values().stream().allMatch(NodeServer::isReady)
                    && routers.values().stream().allMatch(RouterServer::isReady));
            Waiting.until("the planned leaders", () -> regions.stream().allMatch(region -> leaders(region).size() == nodesPerRegion));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private NodeServer node(NodeId node) {
        return Objects.requireNonNull(nodes.get(node), () -> "no node " + node);
    }

    /** Where a region's clients go: {@code host:port}. */
    public String endpoint(RegionId region) {
        return Ports.HOST + ":" + Objects.requireNonNull(routers.get(region), () -> "no region " + region).port();
    }

    /** The replicas of a region that lead their data groups, where the planned ones do. */
    public List<DataGroup> leaders(RegionId region) {
        return layout.groups().stream().filter(group -> group.kind() == GroupDescriptor.Kind.DATA)
                .filter(group -> group.preferredLeader().region().equals(region))
                .flatMap(group -> node(group.preferredLeader()).dataGroup(group.number()).stream()).filter(DataGroup::leads).toList();
    }

    /** The number of a collection that has been created: the nodes hear of it from the catalog, some a little later. */
    public int collection(String name) {
        NodeServer node = nodes.values().iterator().next();
        Supplier<Optional<CollectionDefinition>> known = () -> node.api().topology(new TopologyRequest(0, 0)).join().collections().stream()
                .filter(collection -> collection.name().equals(name)).findFirst();
        Waiting.until("the collection " + name, () -> known.get().isPresent());
        return known.get().orElseThrow().id();
    }

    /** All links, as the nodes that pull them see them. */
    public Stream<NodeStatus.Link> links() {
        return nodes.values().stream().flatMap(node -> node.api().status(new StatusRequest(false)).join().links().stream());
    }

    @Override
    public void close() {
        routers.values().forEach(RouterServer::close);
        nodes.values().forEach(NodeServer::close);
        connector.close();
    }
}
