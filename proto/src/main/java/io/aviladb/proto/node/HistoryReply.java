package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.List;
import java.util.Optional;

/** What was. */
public sealed interface HistoryReply {
    /**
     * @param next the last one looked at, where there are more behind it: rows that the request leaves out count as looked at
     */
    record Conflicts(List<Conflict> rows, Optional<ConflictId> next) implements HistoryReply {
        public Conflicts {
            rows = List.copyOf(rows);
        }
    }

    /**
     * @param record as the group keeps it
     * @param settled whether somebody has written the document after having seen both sides
     */
    record Conflict(ConflictId id, byte[] record, boolean settled) {
        private void write(ByteWriter out) {
            out.writeBytes(id.encode()).writeBytes(record).writeBoolean(settled);
        }

        private static Conflict read(ByteReader in) {
            return new Conflict(ConflictId.decode(in.readBytes()), in.readBytes(), in.readBoolean());
        }
    }

    /**
     * @param vector the document's state; where it is gone without a trace, what was forgotten in its place
     * @param exists whether the document has any live version, be it a delete
     * @param rows the newest first
     * @param more whether there are older ones behind
     */
    record Versions(VersionVector vector, boolean exists, List<Row> rows, boolean more) implements HistoryReply {
        public Versions {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A version.
     *
     * @param vector all that it has seen, itself included
     * @param live whether no other version has seen it
     * @param sizeBytes of its JSON; 0 for a delete
     * @param json empty where bodies weren't asked for
     */
    record Row(Version version, VersionVector vector, boolean delete, boolean live, int sizeBytes, byte[] json) {
        private void write(ByteWriter out) {
            version.write(out);
            vector.write(out);
            out.writeBoolean(delete).writeBoolean(live).writeVarInt(sizeBytes).writeBytes(json);
        }

        private static Row read(ByteReader in) {
            return new Row(Version.read(in), VersionVector.read(in), in.readBoolean(), in.readBoolean(), in.readVarInt(), in.readBytes());
        }
    }

    default void write(ByteWriter out) {
        if (this instanceof Conflicts conflicts) {
            Wire.writeList(out.writeByte(0), conflicts.rows(), Conflict::write);
            out.writeBytes(conflicts.next().map(ConflictId::encode).orElse(new byte[0]));
        } else if (this instanceof Versions versions) {
            versions.vector().write(out.writeByte(1));
            Wire.writeList(out.writeBoolean(versions.exists()), versions.rows(), Row::write);
            out.writeBoolean(versions.more());
        }
    }

    static HistoryReply read(ByteReader in) {
        int kind = in.readByte();
        if (kind == 0) {
            List<Conflict> rows = Wire.readList(in, Conflict::read);
            byte[] next = in.readBytes();
            return new Conflicts(rows, next.length == 0 ? Optional.empty() : Optional.of(ConflictId.decode(next)));
        }
        if (kind == 1) {
            return new Versions(VersionVector.read(in), in.readBoolean(), Wire.readList(in, Row::read), in.readBoolean());
        }
        throw new MalformedBytesException("unknown reply " + kind);
    }
}
