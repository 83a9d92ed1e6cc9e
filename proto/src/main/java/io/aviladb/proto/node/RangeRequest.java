package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.RangeRef;

/** What a region's controller, or a group's leader, is asked to do with ranges. */
public sealed interface RangeRequest {
    /** To the controller's leader: a bound is to come at the key. @param token tells this request from any other */
    record Split(int collection, byte[] at, boolean byHand, long token) implements RangeRequest {}

    /** To the controller's leader: the bound at the key is to go. @param token tells this request from any other */
    record Merge(int collection, byte[] at, boolean byHand, long token) implements RangeRequest {}

    /** To the controller's leader: what has become of an operation; of all that it remembers where the number is 0. */
    record Find(long number) implements RangeRequest {}

    /** To the group's leader: does the operation's entry, and answers it as it is then. */
    record Perform(RangeOperation operation) implements RangeRequest {}

    /** To the group's leader: the key that halves the range's bytes. */
    record Middle(int group, RangeRef range) implements RangeRequest {}

    /** To the controller's leader: the range is to go to the group. @param token tells this request from any other */
    record Transfer(int collection, long range, int group, boolean byHand, long token) implements RangeRequest {}

    /** To the leader of one of a transfer's groups: takes a step of it, and answers the operation: done with the step, failed, or running still. */
    record TakeStep(RangeOperation operation, Step step) implements RangeRequest {}

    /** To the old group's leader: the piece of the copy behind the position. */
    record Copy(int group, long operation, byte[] from) implements RangeRequest {}

    /** Steps of a transfer, see {@code docs/protocols/range-transfer.md}. */
    enum Step {
        EXPORT(false), COPY(true), FREEZE(false), COMPLETE(true), TAKE(true), LEAVE(false), UNFREEZE(false), DISCARD(true);

        private final boolean ofNewGroup;

        Step(boolean ofNewGroup) {
            this.ofNewGroup = ofNewGroup;
        }

        /** The group that takes it. */
        public int group(RangeOperation transfer) {
            return ofNewGroup ? transfer.move().orElseThrow().group() : transfer.group();
        }
    }

    default void write(ByteWriter out) {
        if (this instanceof Split split) {
            out.writeByte(0).writeInt(split.collection()).writeBytes(split.at()).writeBoolean(split.byHand()).writeLong(split.token());
        } else if (this instanceof Merge merge) {
            out.writeByte(1).writeInt(merge.collection()).writeBytes(merge.at()).writeBoolean(merge.byHand()).writeLong(merge.token());
        } else if (this instanceof Find find) {
            out.writeByte(2).writeVarLong(find.number());
        } else if (this instanceof Perform perform) {
            perform.operation().write(out.writeByte(3));
        } else if (this instanceof Middle middle) {
            middle.range().write(out.writeByte(4).writeVarInt(middle.group()));
        } else if (this instanceof Transfer transfer) {
            out.writeByte(5).writeInt(transfer.collection()).writeVarLong(transfer.range()).writeVarInt(transfer.group())
                    .writeBoolean(transfer.byHand()).writeLong(transfer.token());
        } else if (this instanceof TakeStep step) {
            step.operation().write(out.writeByte(6).writeByte(step.step().ordinal()));
        } else if (this instanceof Copy copy) {
            out.writeByte(7).writeVarInt(copy.group()).writeVarLong(copy.operation()).writeBytes(copy.from());
        }
    }

    static RangeRequest read(ByteReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new Split(in.readInt(), in.readBytes(), in.readBoolean(), in.readLong());
            case 1 -> new Merge(in.readInt(), in.readBytes(), in.readBoolean(), in.readLong());
            case 2 -> new Find(in.readVarLong());
            case 3 -> new Perform(RangeOperation.read(in));
            case 4 -> {
                int group = in.readVarInt();
                yield new Middle(group, RangeRef.read(in));
            }
            case 5 -> new Transfer(in.readInt(), in.readVarLong(), in.readVarInt(), in.readBoolean(), in.readLong());
            case 6 -> {
                Step step = Step.values()[in.readByte()];
                yield new TakeStep(RangeOperation.read(in), step);
            }
            case 7 -> new Copy(in.readVarInt(), in.readVarLong(), in.readBytes());
            default -> throw new MalformedBytesException("unknown request " + kind);
        };
    }
}
