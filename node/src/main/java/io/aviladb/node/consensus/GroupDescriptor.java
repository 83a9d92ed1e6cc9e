package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.util.List;

/**
 * A Raft group.
 *
 * @param number unique in the cluster; the Raft group's UUID is derived from it and the cluster's id
 * @param preferredLeader who leads where nothing speaks against it, so that every node of a region leads something
 */
public record GroupDescriptor(int number, Kind kind, List<Member> members, NodeId preferredLeader) {
    /** What a group is for. */
    public enum Kind {
        CATALOG, CONTROLLER, DATA
    }

    /** A replica's node and the address ({@code host:port}) at which its Raft server listens. */
    public record Member(NodeId node, String raftAddress) {}

    public GroupDescriptor {
        members = List.copyOf(members);
    }
}
