package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import java.util.List;
import java.util.Optional;

/**
 * How a node is doing.
 *
 * @param quarantined whether the node's clock keeps it from leading
 * @param ranges those of the groups that the node leads, where sizes were asked for
 */
public record NodeStatus(NodeId node, List<Group> groups, List<Link> links, boolean quarantined, long freeDiskBytes, List<Range> ranges) {
    /** @param leads whether this replica leads and serves */
    public record Group(int group, Topology.GroupKind kind, Optional<NodeId> leader, boolean leads, long term, long applied,
            HybridTimestamp closed,
            int ranges, boolean alive, long sizeBytes) {
        void write(ByteWriter out) {
            out.writeVarInt(group).writeByte(kind.ordinal());
            Wire.writeNode(out, leader);
            out.writeBoolean(leads).writeVarLong(term).writeVarLong(applied).writeLong(closed.bits()).writeVarInt(ranges)
                    .writeBoolean(alive)
                    .writeVarLong(sizeBytes);
        }

        static Group read(ByteReader in) {
            return new Group(in.readVarInt(), Topology.GroupKind.values()[in.readByte()], Wire.readNode(in), in.readBoolean(),
                    in.readVarLong(),
                    in.readVarLong(), new HybridTimestamp(in.readLong()), in.readVarInt(), in.readBoolean(), in.readVarLong());
        }
    }

    /**
     * A link that this node pulls.
     *
     * @param lagMillis the source's closed mark minus the cursor; -1 where the source hasn't answered yet
     * @param lagEntries changes known at the source and not applied here
     * @param state {@code connecting}, {@code streaming}, {@code waiting} or {@code rebasing}
     */
    public record Link(RegionId from, RegionId to, int sourceGroup, int targetGroup, long lagMillis, long lagEntries, String state,
            long receivedBytes,
            long jsonBytes) {
        void write(ByteWriter out) {
            out.writeString(from.name()).writeString(to.name()).writeVarInt(sourceGroup).writeVarInt(targetGroup).writeVarLong(lagMillis)
                    .writeVarLong(lagEntries).writeString(state).writeVarLong(receivedBytes).writeVarLong(jsonBytes);
        }

        static Link read(ByteReader in) {
            return new Link(new RegionId(in.readString()), new RegionId(in.readString()), in.readVarInt(), in.readVarInt(),
                    in.readVarLong(),
                    in.readVarLong(), in.readString(), in.readVarLong(), in.readVarLong());
        }
    }

    /**
     * What a range takes and is asked.
     *
     * @param sizeBytes about what its documents take on the disk and in memory
     * @param opsPerSecond reads and writes that the leader has served in the last seconds
     * @param middle the key at which the load is halved; empty where no bound would divide it
     * @param indexes those that the range maintains
     */
    public record Range(RangeRef ref, long sizeBytes, double opsPerSecond, byte[] middle, List<HotKey> hottest, List<Index> indexes) {
        /** Without indexes. */
        public Range(RangeRef ref, long sizeBytes, double opsPerSecond, byte[] middle, List<HotKey> hottest) {
            this(ref, sizeBytes, opsPerSecond, middle, hottest, List.of());
        }

        void write(ByteWriter out) {
            ref.write(out);
            out.writeVarLong(sizeBytes).writeLong(Double.doubleToLongBits(opsPerSecond)).writeBytes(middle);
            Wire.writeList(out, hottest, HotKey::write);
            Wire.writeList(out, indexes, Index::write);
        }

        static Range read(ByteReader in) {
            return new Range(RangeRef.read(in), in.readVarLong(), Double.longBitsToDouble(in.readLong()), in.readBytes(),
                    Wire.readList(in, HotKey::read), Wire.readList(in, Index::read));
        }
    }

    /**
     * An index in a range.
     *
     * @param ready whether every document of the range that belongs into it has its entry
     * @param done about how much of the range has been gone through, from 0 to 1
     */
    public record Index(int id, boolean ready, double done) {
        void write(ByteWriter out) {
            out.writeVarInt(id).writeBoolean(ready).writeLong(Double.doubleToLongBits(done));
        }

        static Index read(ByteReader in) {
            return new Index(in.readVarInt(), in.readBoolean(), Double.longBitsToDouble(in.readLong()));
        }
    }

    /** @param share of the range's operations, from 0 to 1 */
    public record HotKey(DocumentKey key, double share) {
        void write(ByteWriter out) {
            out.writeBytes(key.bytes()).writeLong(Double.doubleToLongBits(share));
        }

        static HotKey read(ByteReader in) {
            return new HotKey(new DocumentKey(in.readBytes()), Double.longBitsToDouble(in.readLong()));
        }
    }

    void write(ByteWriter out) {
        out.writeString(node.toString());
        Wire.writeList(out, groups, Group::write);
        Wire.writeList(out, links, Link::write);
        out.writeBoolean(quarantined).writeVarLong(freeDiskBytes);
        Wire.writeList(out, ranges, Range::write);
    }

    static NodeStatus read(ByteReader in) {
        return new NodeStatus(NodeId.parse(in.readString()), Wire.readList(in, Group::read), Wire.readList(in, Link::read),
                in.readBoolean(),
                in.readVarLong(), Wire.readList(in, Range::read));
    }
}
