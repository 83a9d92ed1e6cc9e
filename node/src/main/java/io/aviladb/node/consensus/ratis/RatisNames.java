package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** Our names in Ratis' words. */
final class RatisNames {
    private RatisNames() {
    }

    /** {@code sa-east-1/1} is {@code sa-east-1_1}. */
    static RaftPeerId peer(NodeId node) {
        return RaftPeerId.valueOf(node.region() + "_" + node.ordinal());
    }

    static NodeId node(String peer) {
        int cut = peer.lastIndexOf('_');
        if (cut < 0) {
            throw new IllegalArgumentException("not one of our peers: " + peer);
        }
        return NodeId.parse(peer.substring(0, cut) + "/" + peer.substring(cut + 1));
    }

    static RaftGroupId group(UUID cluster, int number) {
        return RaftGroupId.valueOf(UUID.nameUUIDFromBytes((cluster + "/" + number).getBytes(StandardCharsets.UTF_8)));
    }

    /** All peers have the same priority: a higher one would pull leadership along with a node that comes and goes. */
    static RaftGroup group(UUID cluster, GroupDescriptor descriptor) {
        List<RaftPeer> peers = descriptor.members().stream()
                .map(m -> RaftPeer.newBuilder().setId(peer(m.node())).setAddress(m.raftAddress()).build()).toList();
        return RaftGroup.valueOf(group(cluster, descriptor.number()), peers);
    }
}
