package io.aviladb.crdt.conflict;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.document.LiveVersion;
import java.util.List;
import java.util.Optional;

/**
 * A conflict as a group keeps it. Durable; equal on all replicas of the group.
 *
 * @param recordedAt the stamp of the entry that brought the two together here: it differs between regions
 * @param collapsed the name under which the two live on as one body since they are stable; absent before. Nobody wrote that version
 */
public record ConflictRecord(HybridTimestamp recordedAt, Optional<Version> collapsed, Conflict conflict) {
    private static final int FORMAT = 1;

    public ConflictRecord withCollapsed(Version name) {
        return new ConflictRecord(recordedAt, Optional.of(name), conflict);
    }

    /** Whether a set of these versions, one of its sides, or what it lives on as, is among the names. */
    public boolean isAmong(List<Version> names) {
        return names.contains(conflict.older().version()) || names.contains(conflict.newer().version())
                || collapsed.filter(names::contains).isPresent();
    }

    /** Whether somebody has written the document after having seen both sides, or nothing is left of it. */
    public boolean isSettled(List<LiveVersion> live) {
        return live.isEmpty() || live.stream().anyMatch(later -> !isAmong(List.of(later.version()))
                && later.vector().covers(conflict.older().version()) && later.vector().covers(conflict.newer().version()));
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(conflict.older().sizeBytes() + conflict.newer().sizeBytes() + 128);
        out.writeByte(FORMAT).writeLong(recordedAt.bits()).writeBoolean(collapsed.isPresent());
        collapsed.ifPresent(name -> name.write(out));
        conflict.write(out);
        return out.toByteArray();
    }

    /** Without the bodies, which may be large. */
    public static HybridTimestamp recordedAtOf(byte[] bytes) {
        return recordedAt(new ByteReader(bytes));
    }

    private static HybridTimestamp recordedAt(ByteReader in) {
        int format = in.readByte();
        if (format != FORMAT) {
            throw new MalformedBytesException("a conflict's format " + format + " is unknown to this software");
        }
        return new HybridTimestamp(in.readLong());
    }

    /** @throws MalformedBytesException where the bytes are no record */
    public static ConflictRecord decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        ConflictRecord row = new ConflictRecord(recordedAt(in), in.readBoolean() ? Optional.of(Version.read(in)) : Optional.empty(),
                Conflict.read(in));
        in.expectEnd();
        return row;
    }
}
