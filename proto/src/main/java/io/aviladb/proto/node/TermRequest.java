package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/**
 * Asks for the term of one group's replica.
 *
 * @param wantsTick whether the leader, if it is here, is also asked to close the group soon: a reader in another region waits for that
 */
public record TermRequest(int group, boolean wantsTick) {
    public TermRequest(int group) {
        this(group, false);
    }

    void write(ByteWriter out) {
        out.writeVarInt(group).writeByte(wantsTick ? 1 : 0);
    }

    static TermRequest read(ByteReader in) {
        return new TermRequest(in.readVarInt(), in.readByte() == 1);
    }
}
