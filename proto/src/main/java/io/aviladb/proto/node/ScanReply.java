package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.List;

/**
 * @param more whether the interval holds more after the last row
 * @param seen joins the session's token
 * @param closed the group writes nothing more at or below this
 */
public record ScanReply(List<Row> rows, boolean more, VersionVector seen, HybridTimestamp closed) {
    /** A document; its vector is its state, the ETag a digest of it. One that is deleted has no JSON. */
    public record Row(DocumentKey key, byte[] json, VersionVector vector, boolean deleted) {
        public static Row live(DocumentKey key, byte[] json, VersionVector vector) {
            return new Row(key, json, vector, false);
        }

        public static Row deleted(DocumentKey key, VersionVector vector) {
            return new Row(key, new byte[0], vector, true);
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
        out.writeBoolean(more);
        seen.write(out);
        out.writeLong(closed.bits());
    }

    static ScanReply read(ByteReader in) {
        return new ScanReply(Wire.readList(in, Row::read), in.readBoolean(), VersionVector.read(in), new HybridTimestamp(in.readLong()));
    }
}
