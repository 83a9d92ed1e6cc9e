package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.GroupDescriptor.Kind;
import io.aviladb.node.consensus.GroupDescriptor.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which groups a new cluster has. One catalog over all regions, number 1: the first node of each votes; in an only region up to three of its
 * nodes. Then, for the region of place k = 0, 1, …: its controller, number 100 (k + 1), on its first nodes, and after it one data group for
 * each node, which that node leads and the nodes after it, in a circle, follow.
 *
 * <p>A region's group has three members, or as many as the region has nodes. Two members stand where there are two nodes: one would be no
 * less available than two, but a lost disk would lose what was acknowledged.
 */
final class GroupPlan {
    static final int MAX_NODES = 99;
    private static final int REPLICAS = 3;
    private static final int REGION_STEP = MAX_NODES + 1;

    private GroupPlan() {
    }

    static List<GroupDescriptor> of(List<RegionId> regions, List<ClusterLayout.Node> nodes) {
        List<List<Member>> byRegion = regions.stream().map(region -> members(region, nodes)).toList();
        List<GroupDescriptor> groups = new ArrayList<>();
        groups.add(group(ClusterLayout.CATALOG_GROUP, Kind.CATALOG,
                byRegion.size() == 1 ? replicas(byRegion.getFirst(), 0) : byRegion.stream().map(List::getFirst).toList()));
        for (int k = 0; k < byRegion.size(); k++) {
            List<Member> members = byRegion.get(k);
            int controller = REGION_STEP * (k + 1);
            groups.add(group(controller, Kind.CONTROLLER, replicas(members, 0)));
            for (int i = 0; i < members.size(); i++) {
                groups.add(group(controller + 1 + i, Kind.DATA, replicas(members, i)));
            }
        }
        return groups;
    }

    private static List<Member> members(RegionId region, List<ClusterLayout.Node> nodes) {
        List<Member> members = nodes.stream().filter(node -> node.node().region().equals(region))
                .sorted(Comparator.comparing(ClusterLayout.Node::node)).map(node -> new Member(node.node(), node.raftAddress())).toList();
        if (members.size() > MAX_NODES) {
            throw new IllegalArgumentException("region " + region + " has " + members.size() + " nodes; the limit is " + MAX_NODES);
        }
        return members;
    }

    private static List<Member> replicas(List<Member> members, int first) {
        List<Member> replicas = new ArrayList<>();
        for (int i = 0; i < Math.min(REPLICAS, members.size()); i++) {
            replicas.add(members.get((first + i) % members.size()));
        }
        return replicas;
    }

    private static GroupDescriptor group(int number, Kind kind, List<Member> members) {
        NodeId leader = members.getFirst().node();
        return new GroupDescriptor(number, kind, members, leader);
    }
}
