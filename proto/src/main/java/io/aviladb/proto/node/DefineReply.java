package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/** The catalog's version in which the change is. */
public record DefineReply(long catalogVersion) {
    void write(ByteWriter out) {
        out.writeVarLong(catalogVersion);
    }

    static DefineReply read(ByteReader in) {
        return new DefineReply(in.readVarLong());
    }
}
