package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/** @param known the version that the caller has, 0 for none; an answer waits for another one, at most {@code waitMillis} */
public record TopologyRequest(long known, long waitMillis) {
    void write(ByteWriter out) {
        out.writeVarLong(known).writeVarLong(waitMillis);
    }

    static TopologyRequest read(ByteReader in) {
        return new TopologyRequest(in.readVarLong(), in.readVarLong());
    }
}
