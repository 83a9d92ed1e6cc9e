package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.List;
import java.util.Optional;

/**
 * @param more whether the interval holds more after the last key that was looked at
 * @param upTo that key, where there is more; empty where none was looked at
 * @param seen joins the session's token
 * @param covered everything that the regions wrote in the range up to these stamps is in what was read
 * @param closed the group writes nothing more at or below this
 */
public record ScanReply(List<Row> rows, boolean more, Optional<DocumentKey> upTo, VersionVector seen, VersionVector covered,
        HybridTimestamp closed) {
    /** A document; its vector is its state, the ETag a digest of it. One that is deleted has no JSON. */
    public record Row(DocumentKey key, byte[] json, VersionVector vector, boolean deleted) {
        public static Row live(DocumentKey key, byte[] json, VersionVector vector) {
            return new Row(key, json, vector, false);
        }

        public static Row deleted(DocumentKey key, VersionVector vector) {
            return new Row(key, new byte[0], vector, true);
        }

        /**
         * The state that covers the other; of concurrent ones that with the higher stamp: they will be merged. The greatest by one total order that
         * agrees with the vectors', so that it doesn't matter in which order rows are compared. Of one state the row that says gone: there the document
         * has been seen to have expired, and it stays so.
         */
        public static Row newest(Row one, Row other) {
            int order = one.vector().highest().compareTo(other.vector().highest());
            if (order == 0) {
                order = byRegion(one.vector(), other.vector());
            }
            return (order != 0 ? order : Boolean.compare(one.deleted(), other.deleted())) >= 0 ? one : other;
        }

        private static int byRegion(VersionVector one, VersionVector other) {
            int[] order = {0};
            one.join(other).forEach((region, stamp) -> {
                if (order[0] == 0) {
                    order[0] = one.at(region).compareTo(other.at(region));
                }
            });
            return order[0];
        }

        void write(ByteWriter out) {
            out.writeBytes(key.bytes()).writeBytes(json);
            vector.write(out);
            out.writeBoolean(deleted);
        }

        static Row read(ByteReader in) {
            return new Row(new DocumentKey(in.readBytes()), in.readBytes(), VersionVector.read(in), in.readBoolean());
        }
    }

    public ScanReply {
        rows = List.copyOf(rows);
    }

    void write(ByteWriter out) {
        Wire.writeList(out, rows, Row::write);
        out.writeBoolean(more).writeBoolean(upTo.isPresent());
        upTo.ifPresent(key -> out.writeBytes(key.bytes()));
        seen.write(out);
        covered.write(out);
        out.writeLong(closed.bits());
    }

    static ScanReply read(ByteReader in) {
        return new ScanReply(Wire.readList(in, Row::read), in.readBoolean(),
                in.readBoolean() ? Optional.of(new DocumentKey(in.readBytes())) : Optional.empty(), VersionVector.read(in),
                VersionVector.read(in), new HybridTimestamp(in.readLong()));
    }
}
