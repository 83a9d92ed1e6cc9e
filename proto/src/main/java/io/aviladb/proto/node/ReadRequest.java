package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;

/** One document, by its key. */
public record ReadRequest(int group, RangeRef range, DocumentKey key, ReadTerms terms) {
    void write(ByteWriter out) {
        out.writeVarInt(group);
        range.write(out);
        out.writeBytes(key.bytes());
        terms.write(out);
    }

    static ReadRequest read(ByteReader in) {
        return new ReadRequest(in.readVarInt(), RangeRef.read(in), new DocumentKey(in.readBytes()), ReadTerms.read(in));
    }
}
