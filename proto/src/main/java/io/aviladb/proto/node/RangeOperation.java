package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.RangeRef;
import java.util.Arrays;
import java.util.Objects;

/**
 * A change of a region's ranges that is under way, or was.
 *
 * @param number counts from 1 in each region
 * @param token of the request: the same request sent again is the same operation
 * @param group that owns the ranges
 * @param range as it was before: the one that splits, or the left one of two
 * @param at the bound that comes or goes
 * @param other the new range, or the right one of two
 * @param byHand whether a person asked for it: such a bound isn't taken away again because it is cold
 * @param error why it failed; empty otherwise
 */
public record RangeOperation(long number, long token, Kind kind, State state, int collection, int group, RangeRef range, byte[] at,
        RangeRef other, boolean byHand, String error) {
    /** What is done. */
    public enum Kind {
        SPLIT, MERGE
    }

    /** How far it is. */
    public enum State {
        /** Asked for again and again until the group has answered. */
        RUNNING,
        /** The group's log has it, and the map. */
        DONE,
        /** The group can't do it any more; nothing has changed. */
        FAILED
    }

    /** This, over. @param why empty where it was done */
    public RangeOperation finished(String why) {
        return new RangeOperation(number, token, kind, why.isEmpty() ? State.DONE : State.FAILED, collection, group, range, at, other,
                byHand,
                why);
    }

    public void write(ByteWriter out) {
        out.writeVarLong(number).writeLong(token).writeByte(kind.ordinal()).writeByte(state.ordinal()).writeInt(collection)
                .writeVarInt(group);
        range.write(out);
        out.writeBytes(at);
        other.write(out);
        out.writeBoolean(byHand).writeString(error);
    }

    public static RangeOperation read(ByteReader in) {
        return new RangeOperation(in.readVarLong(), in.readLong(), Kind.values()[in.readByte()], State.values()[in.readByte()],
                in.readInt(),
                in.readVarInt(), RangeRef.read(in), in.readBytes(), RangeRef.read(in), in.readBoolean(), in.readString());
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof RangeOperation o && number == o.number && token == o.token && kind == o.kind && state == o.state
                && collection == o.collection && group == o.group && range.equals(o.range) && Arrays.equals(at, o.at)
                && other.equals(o.other) && byHand == o.byHand && error.equals(o.error);
    }

    @Override
    public int hashCode() {
        return Objects.hash(number, token, kind, state, range, other);
    }
}
