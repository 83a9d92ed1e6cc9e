package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import java.util.Optional;

/** Asks the owner of a range for what was. */
public sealed interface HistoryRequest {
    int group();

    RangeRef range();

    ReadTerms terms();

    /**
     * Records of conflicts, in the order of keys.
     *
     * @param after begins after this one
     * @param since records from this stamp of the region on
     * @param maxRows at most so many, and
     * @param maxBytes at most about so many bytes, but at least one
     */
    record Conflicts(int group, RangeRef range, KeyRange interval, Optional<ConflictId> after, HybridTimestamp since, int maxRows,
            int maxBytes, ReadTerms terms) implements HistoryRequest {}

    /**
     * One document's versions that are still there, the newest first.
     *
     * @param only this one, with its body; without it all, without bodies
     */
    record Versions(int group, RangeRef range, DocumentKey key, Optional<Version> only, ReadTerms terms) implements HistoryRequest {}

    /** The range's deleted documents that are still kept, and which regions have to say what before they go. @param maxKeys looks at so many documents */
    record Tombstones(int group, RangeRef range, int maxKeys, ReadTerms terms) implements HistoryRequest {}

    /**
     * A digest of the documents of an interval as they were at the snapshot that the terms name.
     *
     * @param maxKeys looks at so many documents
     * @param each whether each document's own digest is wanted
     */
    record Digest(int group, RangeRef range, KeyRange interval, int maxKeys, boolean each, ReadTerms terms) implements HistoryRequest {}

    private int kind() {
        if (this instanceof Conflicts) {
            return 0;
        }
        return this instanceof Versions ? 1 : this instanceof Tombstones ? 70 : 71;
    }

    default void write(ByteWriter out) {
        out.writeByte(kind()).writeVarInt(group());
        range().write(out);
        terms().write(out);
        if (this instanceof Conflicts conflicts) {
            conflicts.interval().write(out);
            out.writeBytes(conflicts.after().map(ConflictId::encode).orElse(new byte[0])).writeLong(conflicts.since().bits())
                    .writeVarInt(conflicts.maxRows()).writeVarInt(conflicts.maxBytes());
        } else if (this instanceof Versions versions) {
            out.writeBytes(versions.key().bytes()).writeBoolean(versions.only().isPresent());
            versions.only().ifPresent(version -> version.write(out));
        } else if (this instanceof Tombstones tombstones) {
            out.writeVarInt(tombstones.maxKeys());
        } else if (this instanceof Digest digest) {
            digest.interval().write(out);
            out.writeVarInt(digest.maxKeys()).writeBoolean(digest.each());
        }
    }

    static HistoryRequest read(ByteReader in) {
        int kind = in.readByte();
        int group = in.readVarInt();
        RangeRef range = RangeRef.read(in);
        ReadTerms terms = ReadTerms.read(in);
        if (kind == 0) {
            KeyRange interval = KeyRange.read(in);
            byte[] after = in.readBytes();
            return new Conflicts(group, range, interval, after.length == 0 ? Optional.empty() : Optional.of(ConflictId.decode(after)),
                    new HybridTimestamp(in.readLong()), in.readVarInt(), in.readVarInt(), terms);
        }
        if (kind == 1) {
            DocumentKey key = new DocumentKey(in.readBytes());
            return new Versions(group, range, key, in.readBoolean() ? Optional.of(Version.read(in)) : Optional.empty(), terms);
        }
        if (kind == 70) {
            return new Tombstones(group, range, in.readVarInt(), terms);
        }
        if (kind == 71) {
            return new Digest(group, range, KeyRange.read(in), in.readVarInt(), in.readBoolean(), terms);
        }
        throw new MalformedBytesException("unknown request " + kind);
    }
}
