package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.proto.node.MemberOperation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A region's nodes, and which of them have a replica of which group. Immutable.
 *
 * @param version of the region's map when this last changed; 0 as the cluster was formed
 * @param nodes by rising id
 * @param groups the controller, the data groups, and of the catalog the voters of this region, by rising number
 * @param gone nodes that left: their ids are never used again
 * @param operations by rising number: the one that runs, if one does, and the latest of those that are over
 */
public record Members(long version, List<Node> nodes, List<GroupDescriptor> groups, List<Node> gone, List<MemberOperation> operations) {
    /** Of a controller that has heard of no node yet. */
    public static final Members NONE = new Members(0, List.of(), List.of(), List.of(), List.of());
    /** How many operations that are over are remembered. */
    private static final int REMEMBERED = 20;

    /**
     * Where a node is found.
     *
     * @param rpcAddress {@code host:port} for nodes and routers
     * @param raftAddress {@code host:port} of its Raft server
     * @param endpoint where clients reach it
     */
    public record Node(NodeId node, String rpcAddress, String raftAddress, String endpoint) {
        void write(ByteWriter out) {
            out.writeString(node.toString()).writeString(rpcAddress).writeString(raftAddress).writeString(endpoint);
        }

        static Node read(ByteReader in) {
            return new Node(NodeId.parse(in.readString()), in.readString(), in.readString(), in.readString());
        }
    }

    public Members {
        nodes = List.copyOf(nodes);
        groups = List.copyOf(groups);
        gone = List.copyOf(gone);
        operations = List.copyOf(operations);
        Set<NodeId> known = new LinkedHashSet<>(nodes.stream().map(Node::node).toList());
        for (GroupDescriptor group : groups) {
            // Invariant: a group's members are nodes of the region.
            if (!known.containsAll(group.nodes())) {
                throw new IllegalArgumentException("group " + group.number() + " has members that are no nodes of the region");
            }
        }
    }

    public boolean isNone() {
        return nodes.isEmpty();
    }

    public Optional<Node> find(NodeId id) {
        return nodes.stream().filter(node -> node.node().equals(id)).findFirst();
    }

    public Optional<GroupDescriptor> group(int number) {
        return groups.stream().filter(group -> group.number() == number).findFirst();
    }

    public Optional<MemberOperation> running() {
        return operations.stream().filter(MemberOperation::isRunning).findFirst();
    }

    /** The move that is to be made now. */
    public Optional<MemberOperation.Move> move() {
        return running().filter(operation -> operation.done() < operation.moves().size())
                .map(operation -> operation.moves().get(operation.done()));
    }

    /** Whether the node is to have a replica of the group: it is a member, or about to be one. */
    public boolean isPlaced(NodeId node, int group) {
        return group(group).stream().anyMatch(placed -> placed.has(node))
                || move().stream().anyMatch(move -> move.group() == group && move.after().contains(node));
    }

    /** The region's data groups, rising. */
    public List<Integer> dataGroups() {
        return groups.stream().filter(group -> group.kind() == GroupDescriptor.Kind.DATA).map(GroupDescriptor::number).sorted().toList();
    }

    /** The group with these nodes for members. @throws IllegalArgumentException for one that is none of the region's */
    GroupDescriptor placed(GroupDescriptor group, List<NodeId> on, NodeId preferred, long at) {
        List<GroupDescriptor.Member> members = on.stream().map(id -> new GroupDescriptor.Member(id, find(id)
                .orElseThrow(() -> new IllegalArgumentException(id + " is no node of the region")).raftAddress())).toList();
        return new GroupDescriptor(group.number(), group.kind(), members, preferred, at);
    }

    Members with(long at, List<Node> all, List<GroupDescriptor> placed, List<Node> left) {
        List<Node> sorted = new ArrayList<>(all);
        sorted.sort((a, b) -> a.node().compareTo(b.node()));
        List<GroupDescriptor> byNumber = new ArrayList<>(placed);
        byNumber.sort((a, b) -> Integer.compare(a.number(), b.number()));
        return new Members(at, sorted, byNumber, left, operations);
    }

    Members begun(MemberOperation operation) {
        List<MemberOperation> all = new ArrayList<>(operations);
        while (all.size() > REMEMBERED) {
            all.removeFirst(); // over: one at a time runs, and it is the newest
        }
        all.add(operation);
        return new Members(version, nodes, groups, gone, all);
    }

    Members changed(MemberOperation next) {
        return new Members(version, nodes, groups, gone,
                operations.stream().map(one -> one.number() == next.number() ? next : one).toList());
    }

    public void write(ByteWriter out) {
        out.writeVarLong(version);
        list(out, nodes, Node::write);
        list(out, groups, Members::writeGroup);
        list(out, gone, Node::write);
        list(out, operations, MemberOperation::write);
    }

    public static Members read(ByteReader in) {
        return new Members(in.readVarLong(), list(in, Node::read), list(in, Members::readGroup), list(in, Node::read),
                list(in, MemberOperation::read));
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(512);
        write(out);
        return out.toByteArray();
    }

    public static Members decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        Members members = read(in);
        in.expectEnd();
        return members;
    }

    private static <T> void list(ByteWriter out, List<T> values, java.util.function.BiConsumer<T, ByteWriter> write) {
        out.writeVarInt(values.size());
        values.forEach(value -> write.accept(value, out));
    }

    private static <T> List<T> list(ByteReader in, Function<ByteReader, T> read) {
        List<T> values = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            values.add(read.apply(in));
        }
        return Collections.unmodifiableList(values);
    }

    /** A group's descriptor as bytes. */
    public static void writeGroup(GroupDescriptor group, ByteWriter out) {
        out.writeVarInt(group.number()).writeByte(group.kind().ordinal());
        list(out, group.members(), (member, to) -> to.writeString(member.node().toString()).writeString(member.raftAddress()));
        out.writeString(group.preferredLeader().toString()).writeVarLong(group.version());
    }

    public static GroupDescriptor readGroup(ByteReader in) {
        return new GroupDescriptor(in.readVarInt(), GroupDescriptor.Kind.values()[in.readByte()],
                list(in, from -> new GroupDescriptor.Member(NodeId.parse(from.readString()), from.readString())),
                NodeId.parse(in.readString()), in.readVarLong());
    }
}
