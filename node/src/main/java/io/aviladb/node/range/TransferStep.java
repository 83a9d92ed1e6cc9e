package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;

/**
 * A step of a range's transfer to another group of its region, as an entry of one of the two groups' logs. Answered with a {@link RangeChange};
 * again after it was done: done. The order of the steps is the controller's, see {@code docs/protocols/range-transfer.md}.
 */
public sealed interface TransferStep {
    int FIRST_KIND = 75;
    int LAST_KIND = 82;

    /** The controller's number of the transfer. */
    long operation();

    /** The range as it was called when the transfer began. */
    RangeRef range();

    /** To the old group: from here on it notes which of the range's rows change. */
    record Export(long operation, RangeRef range) implements TransferStep {}

    /** To the old group: from here on the range takes no write and answers no read. */
    record Freeze(long operation, RangeRef range) implements TransferStep {}

    /** To the old group, once the map says that the range stays: it has it again, at an epoch beyond any that the transfer has named. */
    record Unfreeze(long operation, RangeRef range) implements TransferStep {}

    /**
     * To the old group, once the new one serves: what is left of the range goes, so many rows with each entry, until the answer is done.
     *
     * @param group the new one
     */
    record Leave(long operation, RangeRef range, int group) implements TransferStep {}

    /** To the new group: rows of the range are going to come. What an earlier transfer left of its keys goes first. */
    record Receive(long operation, RangeRef range, KeyRange keys) implements TransferStep {}

    /** To the new group: the rows behind a position of the copy. Refused where the copy stands elsewhere. */
    record Import(long operation, RangeRef range, byte[] from, RangeChunk chunk) implements TransferStep {}

    /** To the new group, once the map says that the range is its own: it serves from here on. */
    record Take(long operation, RangeRef range) implements TransferStep {}

    /** To the new group, once the map says that the range stays where it was: the copy goes, so many rows with each entry. */
    record Discard(long operation, RangeRef range) implements TransferStep {}

    /** The range's name after a transfer that was done. */
    static RangeRef moved(RangeRef range) {
        return new RangeRef(range.range(), range.epoch() + 1);
    }

    /** The range's name after a transfer that was given up: beyond the one that it would have got. */
    static RangeRef kept(RangeRef range) {
        return new RangeRef(range.range(), range.epoch() + 2);
    }

    /** Begins with the entry's kind. */
    default void write(ByteWriter out) {
        int kind = switch (this) {
            case Export export -> FIRST_KIND;
            case Freeze freeze -> FIRST_KIND + 1;
            case Unfreeze unfreeze -> FIRST_KIND + 2;
            case Leave leave -> FIRST_KIND + 3;
            case Receive receive -> FIRST_KIND + 4;
            case Import imported -> FIRST_KIND + 5;
            case Take take -> FIRST_KIND + 6;
            case Discard discard -> LAST_KIND;
        };
        range().write(out.writeByte(kind).writeVarLong(operation()));
        switch (this) {
            case Leave leave -> out.writeVarInt(leave.group());
            case Receive receive -> receive.keys().write(out);
            case Import imported -> imported.chunk().write(out.writeBytes(imported.from()));
            case Export export -> {
            }
            case Freeze freeze -> {
            }
            case Unfreeze unfreeze -> {
            }
            case Take take -> {
            }
            case Discard discard -> {
            }
        }
    }

    static TransferStep read(int kind, ByteReader in) {
        long operation = in.readVarLong();
        RangeRef range = RangeRef.read(in);
        return switch (kind) {
            case FIRST_KIND -> new Export(operation, range);
            case FIRST_KIND + 1 -> new Freeze(operation, range);
            case FIRST_KIND + 2 -> new Unfreeze(operation, range);
            case FIRST_KIND + 3 -> new Leave(operation, range, in.readVarInt());
            case FIRST_KIND + 4 -> new Receive(operation, range, KeyRange.read(in));
            case FIRST_KIND + 5 -> new Import(operation, range, in.readBytes(), RangeChunk.read(in));
            case FIRST_KIND + 6 -> new Take(operation, range);
            case LAST_KIND -> new Discard(operation, range);
            default -> throw new MalformedBytesException("unknown step of a transfer " + kind);
        };
    }
}
