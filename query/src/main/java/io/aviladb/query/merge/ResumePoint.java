package io.aviladb.query.merge;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;

/**
 * Where the next page begins: after a row, however keys have moved among ranges since.
 *
 * @param remaining rows that LIMIT still allows
 */
public record ResumePoint(RowKey after, long remaining) {
    public byte[] toBytes() {
        ByteWriter out = new ByteWriter();
        after.write(out);
        return out.writeVarLong(remaining).toByteArray();
    }

    /** @throws MalformedBytesException where the bytes are none of {@link #toBytes()} */
    public static ResumePoint ofBytes(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        return new ResumePoint(RowKey.read(in), in.readVarLong());
    }
}
