package io.aviladb.node.server;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.controller.Members;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this node knows of its region's nodes and groups: as the cluster was formed, or as the controller has told since, whichever is newer. Kept in
 * {@value #FILE} of its data directory, so that a node that starts alone knows which replicas it has. Any thread.
 */
final class Registry {
    static final String FILE = "members";
    private static final int FORMAT = 1;

    private final Path file;
    private final ClusterLayout layout;
    private final RegionId region;
    private volatile Members members; // Durable: in the file before it is shown.
    private final Set<Integer> newcomers = new TreeSet<>(); // Durable: groups in which the replica here began outside the configuration

    /** @throws IOException where the file can't be read, or is of a later format */
    Registry(Path data, ClusterLayout layout, RegionId region) throws IOException {
        this.file = data.resolve(FILE);
        this.layout = layout;
        this.region = region;
        this.members = formed(layout, region);
        if (Files.exists(file)) {
            read(Files.readAllBytes(file));
        }
    }

    /** As the layout has it. */
    static Members formed(ClusterLayout layout, RegionId region) {
        List<Members.Node> nodes = layout.nodes().stream().filter(node -> node.node().region().equals(region))
                .map(node -> new Members.Node(node.node(), node.rpcAddress(), node.raftAddress(), node.endpoint()))
                .sorted((a, b) -> a.node().compareTo(b.node())).toList();
        List<GroupDescriptor> groups = new ArrayList<>();
        for (GroupDescriptor group : layout.groups()) {
            List<GroupDescriptor.Member> ours = group.members().stream().filter(member -> member.node().region().equals(region)).toList();
            if (!ours.isEmpty()) {
                NodeId leader = group.preferredLeader().region().equals(region) ? group.preferredLeader() : ours.getFirst().node();
                groups.add(new GroupDescriptor(group.number(), group.kind(), ours, leader));
            }
        }
        return new Members(0, nodes, groups, List.of(), List.of());
    }

    private void read(byte[] bytes) throws IOException {
        try {
            ByteReader in = new ByteReader(bytes);
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IOException(file + " has format " + format + ", and this program reads format " + FORMAT);
            }
            Members stored = Members.read(in);
            for (int count = in.readCount(); count > 0; count--) {
                newcomers.add(in.readVarInt());
            }
            in.expectEnd();
            if (stored.version() >= members.version()) {
                members = stored;
            }
        } catch (MalformedBytesException e) {
            throw new IOException(file + " is damaged: remove it, and the node asks the controller anew", e);
        }
    }

    private void store(Members next) {
        ByteWriter out = new ByteWriter(512).writeByte(FORMAT);
        next.write(out);
        out.writeVarInt(newcomers.size());
        newcomers.forEach(out::writeVarInt);
        try {
            PrivateFile.write(file, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Members members() {
        return members;
    }

    /** @return whether it is news */
    synchronized boolean learn(Members told) {
        if (told.isNone() || told.version() <= members.version()) {
            return false;
        }
        store(told);
        members = told;
        return true;
    }

    synchronized void newcomer(int group, boolean is) {
        if (is ? newcomers.add(group) : newcomers.remove(group)) {
            store(members);
        }
    }

    synchronized boolean isNewcomer(int group) {
        return newcomers.contains(group);
    }

    /** Whether the controller has told that the node left the region. */
    boolean isGone(NodeId node) {
        return members.gone().stream().anyMatch(gone -> gone.node().equals(node));
    }

    /** The region's node, or another region's as the cluster was formed. */
    Optional<Members.Node> node(NodeId id) {
        if (id.region().equals(region)) {
            return members.find(id).or(() -> members.gone().stream().filter(gone -> gone.node().equals(id)).findFirst());
        }
        return layout.nodes().stream().filter(node -> node.node().equals(id)).findFirst()
                .map(node -> new Members.Node(node.node(), node.rpcAddress(), node.raftAddress(), node.endpoint()));
    }

    /** The group with all its members: the catalog's voters of other regions are those of the layout. */
    GroupDescriptor whole(GroupDescriptor group) {
        if (group.kind() != GroupDescriptor.Kind.CATALOG) {
            return group;
        }
        List<GroupDescriptor.Member> all = new ArrayList<>(group.members());
        Set<RegionId> others = new HashSet<>();
        NodeId leader = group.preferredLeader();
        for (GroupDescriptor formed : layout.groups()) {
            if (formed.number() == group.number()) {
                formed.members().stream().filter(member -> !member.node().region().equals(region)).forEach(member -> {
                    all.add(member);
                    others.add(member.node().region());
                });
                leader = others.contains(formed.preferredLeader().region()) ? formed.preferredLeader() : leader;
            }
        }
        return new GroupDescriptor(group.number(), group.kind(), all, leader, group.version());
    }
}
