package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/**
 * @param term the highest that the replica has heard of
 * @param clockMillis the node's wall clock, for the comparison of clocks
 * @param ledThrough where the replica leads: the index of the last entry of its log; else -1
 * @param votes whether the replica votes; one that is being rebuilt doesn't
 */
public record TermReply(long term, long clockMillis, long ledThrough, boolean votes) {
    void write(ByteWriter out) {
        out.writeVarLong(term).writeVarLong(clockMillis).writeVarLong(ledThrough + 1).writeByte(votes ? 1 : 0);
    }

    static TermReply read(ByteReader in) {
        return new TermReply(in.readVarLong(), in.readVarLong(), in.readVarLong() - 1, in.readByte() != 0);
    }
}
