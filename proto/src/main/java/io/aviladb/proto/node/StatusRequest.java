package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/** @param sizes whether sizes on disk are wanted: they cost a look at the disk */
public record StatusRequest(boolean sizes) {
    void write(ByteWriter out) {
        out.writeBoolean(sizes);
    }

    static StatusRequest read(ByteReader in) {
        return new StatusRequest(in.readBoolean());
    }
}
