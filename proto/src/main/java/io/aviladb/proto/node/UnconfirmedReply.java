package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.List;

/**
 * What a group has of other regions, and what others may lack of it.
 *
 * @param closed the group writes nothing more at or below this
 * @param coverage of the group's ranges, cut where it changes
 * @param parts an answer for each part that was asked about, in their order
 */
public record UnconfirmedReply(HybridTimestamp closed, List<Coverage> coverage, List<Unconfirmed> parts) {
    /**
     * @param covered what the keys have here of other regions' writes
     * @param acknowledged what each other region has said that it has covered of the keys, as far as this one has pulled its word
     */
    public record Coverage(KeyRange keys, VersionVector covered, List<Acknowledged> acknowledged) {
        public Coverage {
            acknowledged = List.copyOf(acknowledged);
        }

        void write(ByteWriter out) {
            keys.write(out);
            covered.write(out);
            Wire.writeList(out, acknowledged, Acknowledged::write);
        }

        static Coverage read(ByteReader in) {
            return new Coverage(KeyRange.read(in), VersionVector.read(in), Wire.readList(in, Acknowledged::read));
        }
    }

    /** What a region has said. */
    public record Acknowledged(RegionIncarnation by, VersionVector covered) {
        void write(ByteWriter out) {
            out.writeVarInt(by.number());
            covered.write(out);
        }

        static Acknowledged read(ByteReader in) {
            return new Acknowledged(new RegionIncarnation(in.readVarInt()), VersionVector.read(in));
        }
    }

    /**
     * Own writes above a part's stamp.
     *
     * @param writes documents written or deleted, each time it was
     * @param oldest zero where there is none
     * @param oldestAgeMillis by the clock of the node that answers
     * @param complete whether all were counted; else there are at least so many, and the oldest may be older
     */
    public record Unconfirmed(long writes, HybridTimestamp oldest, long oldestAgeMillis, boolean complete) {
        void write(ByteWriter out) {
            out.writeVarLong(writes).writeLong(oldest.bits()).writeVarLong(oldestAgeMillis).writeBoolean(complete);
        }

        static Unconfirmed read(ByteReader in) {
            return new Unconfirmed(in.readVarLong(), new HybridTimestamp(in.readLong()), in.readVarLong(), in.readBoolean());
        }
    }

    public UnconfirmedReply {
        coverage = List.copyOf(coverage);
        parts = List.copyOf(parts);
    }

    void write(ByteWriter out) {
        out.writeLong(closed.bits());
        Wire.writeList(out, coverage, Coverage::write);
        Wire.writeList(out, parts, Unconfirmed::write);
    }

    static UnconfirmedReply read(ByteReader in) {
        return new UnconfirmedReply(new HybridTimestamp(in.readLong()), Wire.readList(in, Coverage::read),
                Wire.readList(in, Unconfirmed::read));
    }
}
