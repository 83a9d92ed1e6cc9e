package io.aviladb.core.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;

/** A range as a request names it: an old epoch is refused, never served. */
public record RangeRef(long range, long epoch) {
    public RangeRef {
        if (range < 1 || epoch < 1) {
            throw new IllegalArgumentException("ranges and epochs count from 1: " + range + ", " + epoch);
        }
    }

    /** What the range is called after a split; the new range behind it begins at the same epoch. */
    public RangeRef afterSplit() {
        return new RangeRef(range, epoch + 1);
    }

    /** What this range is called once its neighbour behind is part of it: further than both, so that every key's epoch rises. */
    public RangeRef mergedWith(RangeRef behind) {
        return new RangeRef(range, Math.max(epoch, behind.epoch) + 1);
    }

    public void write(ByteWriter out) {
        out.writeVarLong(range).writeVarLong(epoch);
    }

    public static RangeRef read(ByteReader in) {
        return new RangeRef(in.readVarLong(), in.readVarLong());
    }
}
