package io.aviladb.core.write;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;

/** One document's part of a unit. */
public record DocumentWrite(DocumentKey key, Precondition precondition, Mutation mutation) {
    public void write(ByteWriter out) {
        out.writeBytes(key.bytes());
        precondition.write(out);
        mutation.write(out);
    }

    public static DocumentWrite read(ByteReader in) {
        return new DocumentWrite(new DocumentKey(in.readBytes()), Precondition.read(in), Mutation.read(in));
    }
}
