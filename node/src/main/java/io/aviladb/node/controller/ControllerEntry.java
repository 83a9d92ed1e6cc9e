package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;

/** A change of the region's range map. Each may be proposed again: the second changes nothing. */
public sealed interface ControllerEntry {
    /** Gives the collection its first range, at the data group whose turn it is. */
    record Assign(int collection) implements ControllerEntry {}

    /** Takes all ranges of the collection away. */
    record Drop(int collection) implements ControllerEntry {}

    /** The entry that proposes the change. */
    default byte[] encode() {
        return switch (this) {
            case Assign assign -> new ByteWriter().writeByte(0).writeVarInt(assign.collection()).toByteArray();
            case Drop drop -> new ByteWriter().writeByte(1).writeVarInt(drop.collection()).toByteArray();
        };
    }

    static ControllerEntry decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int kind = in.readByte();
        int collection = in.readVarInt();
        in.expectEnd();
        return switch (kind) {
            case 0 -> new Assign(collection);
            case 1 -> new Drop(collection);
            default -> throw new MalformedBytesException("unknown controller entry " + kind);
        };
    }
}
