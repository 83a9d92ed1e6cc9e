package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.NodeId;

/** A change of the region's range map. Each may be proposed again: the second changes nothing. */
public sealed interface ControllerEntry {
    /** Gives the collection its first range, at the data group whose turn it is. */
    record Assign(int collection) implements ControllerEntry {}

    /** Takes all ranges of the collection away. */
    record Drop(int collection) implements ControllerEntry {}

    /** Begins an operation: a bound is to come at the key. @param token the same again is the same operation */
    record Split(int collection, byte[] at, boolean byHand, long token) implements ControllerEntry {}

    /** Begins an operation: the bound at the key is to go. @param token the same again is the same operation */
    record Merge(int collection, byte[] at, boolean byHand, long token) implements ControllerEntry {}

    /** Ends an operation, after its group has answered: the map follows the group's log. @param error empty where it was done */
    record Finish(long number, String error) implements ControllerEntry {}

    /** Begins an operation: the range is to go to the group. @param token the same again is the same operation */
    record Transfer(int collection, long range, int group, boolean byHand, long token) implements ControllerEntry {}

    /**
     * Decides a transfer, once: the map says from here on where the range belongs.
     *
     * @param error why it is given up; empty where the new group has all of it
     */
    record Decide(long number, String error) implements ControllerEntry {}

    /** Takes the nodes and groups in with which the region was formed; nothing where some are known. */
    record Found(Members formed) implements ControllerEntry {}

    /** Begins an operation: the node is one of the region's, and is to have replicas. @param token the same again is the same operation */
    record AddNode(Members.Node node, long token) implements ControllerEntry {}

    /** Begins an operation: the node is to have no replicas, and then to be gone. @param token the same again is the same operation */
    record RemoveNode(NodeId node, long token) implements ControllerEntry {}

    /** A move of a member operation is in the log of the group itself. @param move how many were made before it */
    record Moved(long number, int move) implements ControllerEntry {}

    /** Ends a member operation whose moves are all made. */
    record EndMember(long number) implements ControllerEntry {}

    /** The entry that proposes the change. */
    default byte[] encode() {
        ByteWriter out = new ByteWriter();
        switch (this) {
            case Assign assign -> out.writeByte(0).writeVarInt(assign.collection());
            case Drop drop -> out.writeByte(1).writeVarInt(drop.collection());
            case Split split -> out.writeByte(2).writeVarInt(split.collection()).writeBytes(split.at()).writeBoolean(split.byHand())
                    .writeLong(split.token());
            case Merge merge -> out.writeByte(3).writeVarInt(merge.collection()).writeBytes(merge.at()).writeBoolean(merge.byHand())
                    .writeLong(merge.token());
            case Finish finish -> out.writeByte(4).writeVarLong(finish.number()).writeString(finish.error());
            case Transfer transfer -> out.writeByte(5).writeVarInt(transfer.collection()).writeVarLong(transfer.range())
                    .writeVarInt(transfer.group()).writeBoolean(transfer.byHand()).writeLong(transfer.token());
            case Decide decide -> out.writeByte(6).writeVarLong(decide.number()).writeString(decide.error());
            case Found found -> found.formed().write(out.writeByte(20));
            case AddNode add -> {
                add.node().write(out.writeByte(21));
                out.writeLong(add.token());
            }
            case RemoveNode remove -> out.writeByte(22).writeString(remove.node().toString()).writeLong(remove.token());
            case Moved moved -> out.writeByte(23).writeVarLong(moved.number()).writeVarInt(moved.move());
            case EndMember end -> out.writeByte(24).writeVarLong(end.number());
        }
        return out.toByteArray();
    }

    static ControllerEntry decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int kind = in.readByte();
        ControllerEntry entry = switch (kind) {
            case 0 -> new Assign(in.readVarInt());
            case 1 -> new Drop(in.readVarInt());
            case 2 -> new Split(in.readVarInt(), in.readBytes(), in.readBoolean(), in.readLong());
            case 3 -> new Merge(in.readVarInt(), in.readBytes(), in.readBoolean(), in.readLong());
            case 4 -> new Finish(in.readVarLong(), in.readString());
            case 5 -> new Transfer(in.readVarInt(), in.readVarLong(), in.readVarInt(), in.readBoolean(), in.readLong());
            case 6 -> new Decide(in.readVarLong(), in.readString());
            case 20 -> new Found(Members.read(in));
            case 21 -> new AddNode(Members.Node.read(in), in.readLong());
            case 22 -> new RemoveNode(NodeId.parse(in.readString()), in.readLong());
            case 23 -> new Moved(in.readVarLong(), in.readVarInt());
            case 24 -> new EndMember(in.readVarLong());
            default -> throw new MalformedBytesException("unknown controller entry " + kind);
        };
        in.expectEnd();
        return entry;
    }
}
