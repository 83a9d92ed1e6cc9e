package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/** Asks for the term of one group's replica. */
public record TermRequest(int group) {
    void write(ByteWriter out) {
        out.writeVarInt(group);
    }

    static TermRequest read(ByteReader in) {
        return new TermRequest(in.readVarInt());
    }
}
