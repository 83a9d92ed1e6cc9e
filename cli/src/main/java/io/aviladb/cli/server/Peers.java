package io.aviladb.cli.server;

import io.aviladb.cli.config.NodeFile.PeerAddress;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.proto.node.NodeConnector;
import java.util.List;
import java.util.Map;

/** A node's own ways to its peers, where they are not what the peers advertise: through relays, or across networks. */
final class Peers {
    private Peers() {
    }

    /** The layout as this node reaches it. */
    static ClusterLayout reached(ClusterLayout layout, Map<NodeId, PeerAddress> ways) {
        if (ways.isEmpty()) {
            return layout;
        }
        List<ClusterLayout.Node> nodes = layout.nodes().stream().map(node -> {
            PeerAddress way = ways.get(node.node());
            return way == null
                    ? node
                    : new ClusterLayout.Node(node.node(), way.rpc(), way.raft().isEmpty() ? node.raftAddress() : way.raft(),
                            node.endpoint());
        }).toList();
        List<GroupDescriptor> groups = layout.groups().stream().map(group -> reached(group, ways)).toList();
        return new ClusterLayout(layout.clusterId(), layout.name(), layout.secret(), layout.regions(), nodes, groups);
    }

    private static GroupDescriptor reached(GroupDescriptor group, Map<NodeId, PeerAddress> ways) {
        List<GroupDescriptor.Member> members = group.members().stream().map(member -> {
            PeerAddress way = ways.get(member.node());
            return way == null || way.raft().isEmpty() ? member : new GroupDescriptor.Member(member.node(), way.raft());
        }).toList();
        return new GroupDescriptor(group.number(), group.kind(), members, group.preferredLeader());
    }

    /** What others advertise is overridden, wherever the address was learnt. */
    static NodeConnector reaching(NodeConnector inner, Map<NodeId, PeerAddress> ways) {
        return (node, address) -> {
            PeerAddress way = ways.get(node);
            return inner.connect(node, way == null ? address : way.rpc());
        };
    }
}
