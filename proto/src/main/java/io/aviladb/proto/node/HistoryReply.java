package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.StateDigest;
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

    /**
     * @param count deleted documents among those looked at
     * @param complete whether all of the range were looked at
     * @param absorbed how many of them every region has, and is known to have: they wait for the retention and the collector only
     * @param oldest the oldest delete's stamp; zero without one
     * @param holders who holds the others back
     */
    record Tombstones(int count, boolean complete, int absorbed, HybridTimestamp oldest, List<Holder> holders) implements HistoryReply {
        public Tombstones {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A region that isn't known to have what another one wrote.
     *
     * @param region the one that has to say so
     * @param of whose writes
     * @param acknowledged up to where it has said so; zero where it has said nothing
     * @param tombstones how many wait for it
     */
    record Holder(RegionIncarnation region, RegionIncarnation of, HybridTimestamp acknowledged, int tombstones) {
        private void write(ByteWriter out) {
            out.writeVarInt(region.number()).writeVarInt(of.number()).writeLong(acknowledged.bits()).writeVarInt(tombstones);
        }

        private static Holder read(ByteReader in) {
            return new Holder(new RegionIncarnation(in.readVarInt()), new RegionIncarnation(in.readVarInt()),
                    new HybridTimestamp(in.readLong()), in.readVarInt());
        }
    }

    /**
     * @param upTo the last document that was looked at, where there are more behind it
     * @param each the documents that there are, in the order of keys; empty where they weren't asked for
     */
    record Digest(StateDigest digest, Optional<DocumentKey> upTo, List<DocumentDigest> each) implements HistoryReply {
        public Digest {
            each = List.copyOf(each);
        }
    }

    /** A document's digest. */
    record DocumentDigest(DocumentKey key, StateDigest digest) {
        private void write(ByteWriter out) {
            digest.write(out.writeBytes(key.bytes()));
        }

        private static DocumentDigest read(ByteReader in) {
            return new DocumentDigest(new DocumentKey(in.readBytes()), StateDigest.read(in));
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
        } else if (this instanceof Tombstones tombstones) {
            out.writeByte(70).writeVarInt(tombstones.count()).writeBoolean(tombstones.complete()).writeVarInt(tombstones.absorbed())
                    .writeLong(tombstones.oldest().bits());
            Wire.writeList(out, tombstones.holders(), Holder::write);
        } else if (this instanceof Digest digest) {
            digest.digest().write(out.writeByte(71));
            out.writeBytes(digest.upTo().map(DocumentKey::bytes).orElse(new byte[0]));
            Wire.writeList(out, digest.each(), DocumentDigest::write);
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
        if (kind == 70) {
            return new Tombstones(in.readVarInt(), in.readBoolean(), in.readVarInt(), new HybridTimestamp(in.readLong()),
                    Wire.readList(in, Holder::read));
        }
        if (kind == 71) {
            StateDigest digest = StateDigest.read(in);
            byte[] upTo = in.readBytes();
            return new Digest(digest, upTo.length == 0 ? Optional.empty() : Optional.of(new DocumentKey(upTo)),
                    Wire.readList(in, DocumentDigest::read));
        }
        throw new MalformedBytesException("unknown reply " + kind);
    }
}
