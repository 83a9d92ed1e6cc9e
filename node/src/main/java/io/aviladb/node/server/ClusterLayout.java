package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.node.consensus.GroupDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a cluster is made of: fixed when it is formed. Kept by every node in {@value #FILE} of its data directory.
 *
 * @param secret known to the cluster's nodes only; {@value #SECRET_BYTES} bytes, shared and not to be changed
 * @param regions in order of their incarnations
 */
public record ClusterLayout(UUID clusterId, String name, byte[] secret, List<Region> regions, List<Node> nodes,
        List<GroupDescriptor> groups) {
    public static final String FILE = "cluster.json";
    public static final int SECRET_BYTES = 32;
    /** The number of the one group that the whole cluster shares. */
    public static final int CATALOG_GROUP = 1;

    /** A region in its first life. */
    public record Region(RegionId region, RegionIncarnation incarnation) {}

    /**
     * Where a node is found.
     *
     * @param rpcAddress {@code host:port} for nodes and routers
     * @param raftAddress {@code host:port} of its Raft server
     * @param endpoint where clients reach it
     */
    public record Node(NodeId node, String rpcAddress, String raftAddress, String endpoint) {}

    public ClusterLayout {
        regions = List.copyOf(regions);
        nodes = List.copyOf(nodes);
        groups = List.copyOf(groups);
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("a cluster's secret has " + SECRET_BYTES + " bytes, not " + secret.length);
        }
        Set<NodeId> known = new HashSet<>();
        for (Node node : nodes) {
            check(known.add(node.node()), "node " + node.node() + " stands twice in the layout");
            check(regions.stream().anyMatch(region -> region.region().equals(node.node().region())),
                    "node " + node.node() + " is of no region of the layout");
        }
        check(!nodes.isEmpty(), "a cluster has at least one node");
        check(regions.stream().map(Region::region).distinct().count() == regions.size(), "a region stands twice in the layout");
        check(regions.stream().map(Region::incarnation).distinct().count() == regions.size(), "two regions have one incarnation");
        check(groups.stream().mapToInt(GroupDescriptor::number).distinct().count() == groups.size(), "two groups have one number");
        for (GroupDescriptor group : groups) {
            check(group.members().stream().allMatch(member -> known.contains(member.node()))
                    && group.members().stream().anyMatch(member -> member.node().equals(group.preferredLeader())),
                    "group " + group.number() + " has members that are no nodes, or is led from outside");
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * Lays a new cluster out. Regions get incarnations 1, 2, … in order of their first node. Groups: see {@link GroupPlan}.
     *
     * @throws IllegalArgumentException where a node stands twice, there is none, or a region has more than {@value GroupPlan#MAX_NODES}
     */
    public static ClusterLayout plan(String name, UUID id, byte[] secret, List<Node> nodes) {
        List<RegionId> order = nodes.stream().map(node -> node.node().region()).distinct().toList();
        List<Region> regions = order.stream().map(region -> new Region(region, new RegionIncarnation(order.indexOf(region) + 1))).toList();
        return new ClusterLayout(id, name, secret, regions, nodes, GroupPlan.of(order, nodes));
    }

    /** @throws IllegalArgumentException where the cluster has no such node */
    public Node node(NodeId id) {
        return nodes.stream().filter(node -> node.node().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the cluster '" + name + "' has no node " + id));
    }

    /** @throws IllegalArgumentException where the cluster has no such region */
    public RegionIncarnation incarnation(RegionId id) {
        return regions.stream().filter(region -> region.region().equals(id)).findFirst().map(Region::incarnation)
                .orElseThrow(() -> new IllegalArgumentException("the cluster '" + name + "' has no region " + id));
    }

    /** The groups that the node has a replica of. */
    public List<GroupDescriptor> groupsOf(NodeId id) {
        return groups.stream().filter(group -> group.members().stream().anyMatch(member -> member.node().equals(id))).toList();
    }

    /** The numbers of the region's data groups, rising. */
    public List<Integer> dataGroups(RegionId region) {
        return groups.stream().filter(group -> group.kind() == GroupDescriptor.Kind.DATA && inside(group, region))
                .map(GroupDescriptor::number).sorted().toList();
    }

    /** The region's controller group. @throws IllegalArgumentException where the cluster has no such region */
    public GroupDescriptor controller(RegionId region) {
        return groups.stream().filter(group -> group.kind() == GroupDescriptor.Kind.CONTROLLER && inside(group, region)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the cluster '" + name + "' has no controller for " + region));
    }

    private static boolean inside(GroupDescriptor group, RegionId region) {
        return group.preferredLeader().region().equals(region);
    }

    public byte[] toJson() {
        return LayoutJson.write(this);
    }

    /** @throws LayoutFormatException where the bytes are no layout, or one that newer software wrote */
    public static ClusterLayout parse(byte[] json) {
        return LayoutJson.read(json);
    }

    /** The layout in the data directory; empty where the node is part of no cluster yet. @throws LayoutFormatException as {@link #parse} */
    public static Optional<ClusterLayout> load(Path data) throws IOException {
        Path file = data.resolve(FILE);
        return Files.exists(file) ? Optional.of(parse(Files.readAllBytes(file))) : Optional.empty();
    }

    /** Puts the layout into the data directory, whole or not at all, readable by the owner only. Durable when this returns. */
    public void store(Path data) throws IOException {
        PrivateFile.write(data.resolve(FILE), toJson());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterLayout that && clusterId.equals(that.clusterId) && name.equals(that.name)
                && Arrays.equals(secret, that.secret) && regions.equals(that.regions) && nodes.equals(that.nodes)
                && groups.equals(that.groups);
    }

    @Override
    public int hashCode() {
        return clusterId.hashCode();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ClusterLayout[" + name + ", " + clusterId + ", " + regions + ", " + nodes + ", " + groups + "]";
    }
}
