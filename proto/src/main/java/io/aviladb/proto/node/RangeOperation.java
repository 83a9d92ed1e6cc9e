package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * A change of a region's ranges that is under way, or was.
 *
 * @param number counts from 1 in each region
 * @param token of the request: the same request sent again is the same operation
 * @param group that owns the ranges, or did when it began
 * @param range as it was before: the one that splits, the left one of two, or the one that moves
 * @param at the bound that comes or goes; where the range that moves begins
 * @param other the new range, the right one of two, or what the one that moves is called afterwards
 * @param byHand whether a person asked for it: such a bound isn't taken away again because it is cold
 * @param error why it failed, or is being given up; empty otherwise
 * @param move of a transfer
 */
public record RangeOperation(long number, long token, Kind kind, State state, int collection, int group, RangeRef range, byte[] at,
        RangeRef other, boolean byHand, String error, Optional<Move> move) {
    /** An operation inside a group. */
    public RangeOperation(long number, long token, Kind kind, State state, int collection, int group, RangeRef range, byte[] at,
            RangeRef other, boolean byHand, String error) {
        this(number, token, kind, state, collection, group, range, at, other, byHand, error, Optional.empty());
    }

    /** What is done. */
    public enum Kind {
        SPLIT, MERGE, TRANSFER
    }

    /** @param group to which the range goes */
    public record Move(int group, KeyRange keys, Stage stage) {}

    /** How far a transfer is by the map. */
    public enum Stage {
        /** The map hasn't decided: rows are copied, and the transfer can be given up. */
        COPYING,
        /** The range is the new group's. */
        MOVED,
        /** The range stays where it was. */
        STAYS
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
                why, move);
    }

    /** This transfer, decided. @param why empty where the range moves */
    public RangeOperation decided(Stage stage, String why) {
        return new RangeOperation(number, token, kind, state, collection, group, range, at, other, byHand, why,
                move.map(before -> new Move(before.group(), before.keys(), stage)));
    }

    public void write(ByteWriter out) {
        out.writeVarLong(number).writeLong(token).writeByte(kind.ordinal()).writeByte(state.ordinal()).writeInt(collection)
                .writeVarInt(group);
        range.write(out);
        out.writeBytes(at);
        other.write(out);
        out.writeBoolean(byHand).writeString(error);
        move.ifPresent(to -> to.keys().write(out.writeVarInt(to.group()).writeByte(to.stage().ordinal())));
    }

    public static RangeOperation read(ByteReader in) {
        RangeOperation inside = new RangeOperation(in.readVarLong(), in.readLong(), Kind.values()[in.readByte()],
                State.values()[in.readByte()], in.readInt(), in.readVarInt(), RangeRef.read(in), in.readBytes(), RangeRef.read(in),
                in.readBoolean(), in.readString());
        return inside.kind != Kind.TRANSFER ? inside : inside.moving(in);
    }

    private RangeOperation moving(ByteReader in) {
        int to = in.readVarInt();
        Stage stage = Stage.values()[in.readByte()];
        return new RangeOperation(number, token, kind, state, collection, group, range, at, other, byHand, error,
                Optional.of(new Move(to, KeyRange.read(in), stage)));
    }

    @Override
    public boolean equals(Object that) {
        return that instanceof RangeOperation o && number == o.number && token == o.token && kind == o.kind && state == o.state
                && collection == o.collection && group == o.group && range.equals(o.range) && Arrays.equals(at, o.at)
                && other.equals(o.other) && byHand == o.byHand && error.equals(o.error) && move.equals(o.move);
    }

    @Override
    public int hashCode() {
        return Objects.hash(number, token, kind, state, range, other);
    }
}
