package io.aviladb.replication.feed;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.ArrayList;
import java.util.List;

/** One row of a group's feed. Its place, (stamp of the unit, position in it), is the row's key and not in here. */
public sealed interface FeedRow {
    /**
     * A write of this region; the version's stamp is the row's.
     *
     * @param operationRow finds the operation's answer, empty where there is none
     * @param first whether the document had no head before, and has it now: the write leaves the collector nothing to look for
     */
    record Own(DocumentKey key, byte[] operationRow, boolean first) implements FeedRow {}

    /**
     * A write of another region was merged in. Local consumers see it; links don't forward it.
     *
     * @param first whether the document had no head before: the write superseded nothing
     */
    record Merged(DocumentKey key, Version version, boolean first) implements FeedRow {}

    /** An operation was refused: its answer travels like an effect. */
    record Refusal(DocumentKey key, byte[] operationRow) implements FeedRow {}

    /** Closes the group up to the row's stamp, and says what each of its ranges has covered of every region. */
    record Mark(List<Coverage> ranges) implements FeedRow {
        public Mark {
            ranges = List.copyOf(ranges);
        }
    }

    /** What an interval has covered, the region's own stamps included. */
    record Coverage(KeyRange interval, VersionVector covered) {
        void write(ByteWriter out) {
            interval.write(out);
            covered.write(out);
        }

        static Coverage read(ByteReader in) {
            return new Coverage(KeyRange.read(in), VersionVector.read(in));
        }
    }

    default byte[] encode() {
        ByteWriter out = new ByteWriter(96);
        if (this instanceof Own own) {
            out.writeByte(1).writeBytes(own.key().bytes()).writeBytes(own.operationRow()).writeBoolean(own.first());
        } else if (this instanceof Merged merged) {
            out.writeByte(2).writeBytes(merged.key().bytes());
            merged.version().write(out);
            out.writeBoolean(merged.first());
        } else if (this instanceof Refusal refusal) {
            out.writeByte(3).writeBytes(refusal.key().bytes()).writeBytes(refusal.operationRow());
        } else if (this instanceof Mark mark) {
            out.writeByte(4).writeVarInt(mark.ranges().size());
            mark.ranges().forEach(range -> range.write(out));
        }
        return out.toByteArray();
    }

    static FeedRow decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> new Own(new DocumentKey(in.readBytes()), in.readBytes(), in.readBoolean());
            case 2 -> new Merged(new DocumentKey(in.readBytes()), Version.read(in), in.readBoolean());
            case 3 -> new Refusal(new DocumentKey(in.readBytes()), in.readBytes());
            case 4 -> {
                List<Coverage> ranges = new ArrayList<>();
                for (int count = in.readCount(); count > 0; count--) {
                    ranges.add(Coverage.read(in));
                }
                yield new Mark(ranges);
            }
            default -> throw new MalformedBytesException("unknown feed row " + kind);
        };
    }
}
