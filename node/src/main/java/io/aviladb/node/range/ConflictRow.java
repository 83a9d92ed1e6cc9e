package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.crdt.conflict.Conflict;

/**
 * A conflict as a group keeps it. Durable; equal on all replicas of the group.
 *
 * @param recordedAt the stamp of the entry that brought the two together here: it differs between regions
 */
public record ConflictRow(HybridTimestamp recordedAt, Conflict conflict) {
    private static final int FORMAT = 1;

    byte[] encode() {
        ByteWriter out = new ByteWriter(conflict.older().sizeBytes() + conflict.newer().sizeBytes() + 128);
        out.writeByte(FORMAT).writeLong(recordedAt.bits());
        conflict.write(out);
        return out.toByteArray();
    }

    /** Without the bodies, which may be large. */
    public static HybridTimestamp recordedAtOf(byte[] bytes) {
        return header(new ByteReader(bytes));
    }

    private static HybridTimestamp header(ByteReader in) {
        int format = in.readByte();
        if (format != FORMAT) {
            throw new MalformedBytesException("a conflict's format " + format + " is unknown to this software");
        }
        return new HybridTimestamp(in.readLong());
    }

    /** @throws MalformedBytesException where the bytes are no record */
    public static ConflictRow decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        ConflictRow row = new ConflictRow(header(in), Conflict.read(in));
        in.expectEnd();
        return row;
    }
}
