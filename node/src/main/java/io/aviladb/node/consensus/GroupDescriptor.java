package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.util.List;

/**
 * A Raft group.
 *
 * @param number unique in the cluster; the Raft group's UUID is derived from it and the cluster's id
 * @param preferredLeader who leads where nothing speaks against it, so that every node of a region leads something
 * @param version of the region's map when the group was placed so; 0 where it is as the cluster was formed. Of two descriptors of a group the
 *        higher one is the present one
 */
public record GroupDescriptor(int number, Kind kind, List<Member> members, NodeId preferredLeader, long version) {
    /** What a group is for. */
    public enum Kind {
        CATALOG, CONTROLLER, DATA
    }

    /** A replica's node and the address ({@code host:port}) at which its Raft server listens. */
    public record Member(NodeId node, String raftAddress) {}

    public GroupDescriptor {
        members = List.copyOf(members);
    }

    /** As the cluster was formed. */
    public GroupDescriptor(int number, Kind kind, List<Member> members, NodeId preferredLeader) {
        this(number, kind, members, preferredLeader, 0);
    }

    public List<NodeId> nodes() {
        return members.stream().map(Member::node).toList();
    }

    public boolean has(NodeId node) {
        return members.stream().anyMatch(member -> member.node().equals(node));
    }
}
