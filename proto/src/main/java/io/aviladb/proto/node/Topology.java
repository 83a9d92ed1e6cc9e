package io.aviladb.proto.node;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a node knows of the cluster: the catalog, and the range map and leaders of its own region. A snapshot, replaced as a whole.
 *
 * @param version grows with each change at this node; comparable only with answers of the same node since its start
 * @param mapVersion of the region's range map
 * @param clusterSecret signs session tokens; 32 bytes, empty until the catalog is known
 */
public record Topology(long version, NodeId self, long catalogVersion, long mapVersion, byte[] clusterSecret, List<Region> regions,
        List<Node> nodes,
        List<String> databases, List<CollectionDefinition> collections, List<Range> ranges, List<Group> groups) {
    /** A region and its present life. */
    public record Region(RegionId region, RegionIncarnation incarnation) {
        void write(ByteWriter out) {
            out.writeString(region.name()).writeVarInt(incarnation.number());
        }

        static Region read(ByteReader in) {
            return new Region(new RegionId(in.readString()), new RegionIncarnation(in.readVarInt()));
        }
    }

    /**
     * A node of the cluster.
     *
     * @param rpcAddress {@code host:port} of its RPC
     * @param endpoint the URL of its router, empty where it has none
     */
    public record Node(NodeId node, String rpcAddress, String endpoint) {
        void write(ByteWriter out) {
            out.writeString(node.toString()).writeString(rpcAddress).writeString(endpoint);
        }

        static Node read(ByteReader in) {
            return new Node(NodeId.parse(in.readString()), in.readString(), in.readString());
        }
    }

    /** A range of this region and the group that owns it. */
    public record Range(RangeRef ref, int collection, KeyRange keys, int group) {
        private boolean meets(Range other) {
            return keys.intersect(other.keys).isPresent();
        }

        void write(ByteWriter out) {
            ref.write(out);
            out.writeInt(collection);
            keys.write(out);
            out.writeVarInt(group);
        }

        static Range read(ByteReader in) {
            return new Range(RangeRef.read(in), in.readInt(), KeyRange.read(in), in.readVarInt());
        }
    }

    /**
     * Two tellings of a region's ranges as one, key by key: whoever tells of a higher epoch is the newer. A range that meets none of the others is
     * gone, since the others know what there is.
     *
     * @param known all ranges, as of the map
     * @param told some, as of their groups' logs or of another map
     */
    public static List<Range> newest(List<Range> known, List<Range> told) {
        Map<Long, Long> epochs = new HashMap<>();
        known.forEach(range -> epochs.put(range.ref().range(), range.ref().epoch()));
        List<Range> newer = told.stream().filter(range -> epochs.getOrDefault(range.ref().range(), 0L) < range.ref().epoch())
                .filter(range -> isNewer(range, known)).toList();
        if (newer.isEmpty()) {
            return known;
        }
        List<Range> all = new ArrayList<>(newer);
        known.stream().filter(range -> newer.stream().noneMatch(other -> other.meets(range))).forEach(all::add);
        all.sort(Comparator.comparing(range -> range.ref().range()));
        return all;
    }

    private static boolean isNewer(Range range, List<Range> known) {
        boolean met = false;
        for (Range other : known) {
            if (range.meets(other)) {
                if (other.ref().epoch() >= range.ref().epoch()) {
                    return false;
                }
                met = true;
            }
        }
        return met;
    }

    /** What a group is for. */
    public enum GroupKind {
        CATALOG, CONTROLLER, DATA
    }

    /** A group of this region, or the catalog's. The leader is what this node believes. */
    public record Group(int group, GroupKind kind, List<NodeId> members, Optional<NodeId> leader) {
        void write(ByteWriter out) {
            out.writeVarInt(group).writeByte(kind.ordinal());
            Wire.writeList(out, members, (node, to) -> to.writeString(node.toString()));
            Wire.writeNode(out, leader);
        }

        static Group read(ByteReader in) {
            return new Group(in.readVarInt(), GroupKind.values()[in.readByte()], Wire.readList(in, from -> NodeId.parse(from.readString())),
                    Wire.readNode(in));
        }
    }

    void write(ByteWriter out) {
        out.writeVarLong(version).writeString(self.toString()).writeVarLong(catalogVersion).writeVarLong(mapVersion)
                .writeBytes(clusterSecret);
        Wire.writeList(out, regions, Region::write);
        Wire.writeList(out, nodes, Node::write);
        Wire.writeList(out, databases, (name, to) -> to.writeString(name));
        Wire.writeList(out, collections, CollectionDefinition::write);
        Wire.writeList(out, ranges, Range::write);
        Wire.writeList(out, groups, Group::write);
    }

    static Topology read(ByteReader in) {
        return new Topology(in.readVarLong(), NodeId.parse(in.readString()), in.readVarLong(), in.readVarLong(), in.readBytes(),
                Wire.readList(in, Region::read), Wire.readList(in, Node::read), Wire.readList(in, ByteReader::readString),
                Wire.readList(in, CollectionDefinition::read), Wire.readList(in, Range::read), Wire.readList(in, Group::read));
    }
}
