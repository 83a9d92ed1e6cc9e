package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/**
 * @param layout the cluster's layout once all expected nodes are known; empty before
 * @param known how many nodes have come, and
 * @param expected how many must
 */
public record JoinReply(byte[] layout, int known, int expected) {
    void write(ByteWriter out) {
        out.writeBytes(layout).writeVarInt(known).writeVarInt(expected);
    }

    static JoinReply read(ByteReader in) {
        return new JoinReply(in.readBytes(), in.readVarInt(), in.readVarInt());
    }
}
