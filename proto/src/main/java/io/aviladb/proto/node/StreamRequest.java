package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/** @param payload what the stream's kind wants to know: replication's own bytes for a feed, nothing for a snapshot */
public record StreamRequest(Kind kind, int group, byte[] payload) {
    /** What flows. The order is the wire's. */
    public enum Kind {
        /** A group's changes, for a link. */
        FEED,
        /** The files of a group's newest snapshot. */
        SNAPSHOT,
        /** A range's part of a query: {@link FragmentRequest} and {@link FragmentFrame}. */
        QUERY
    }

    void write(ByteWriter out) {
        out.writeByte(kind.ordinal()).writeVarInt(group).writeBytes(payload);
    }

    static StreamRequest read(ByteReader in) {
        return new StreamRequest(Kind.values()[in.readByte()], in.readVarInt(), in.readBytes());
    }
}
