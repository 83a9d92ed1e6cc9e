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

    public void write(ByteWriter out) {
        out.writeVarLong(range).writeVarLong(epoch);
    }

    public static RangeRef read(ByteReader in) {
        return new RangeRef(in.readVarLong(), in.readVarLong());
    }
}
