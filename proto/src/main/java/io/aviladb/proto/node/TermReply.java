package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/**
 * @param term the highest that the replica has heard of
 * @param clockMillis the node's wall clock, for the comparison of clocks
 */
public record TermReply(long term, long clockMillis) {
    void write(ByteWriter out) {
        out.writeVarLong(term).writeVarLong(clockMillis);
    }

    static TermReply read(ByteReader in) {
        return new TermReply(in.readVarLong(), in.readVarLong());
    }
}
