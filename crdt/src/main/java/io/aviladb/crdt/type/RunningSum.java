package io.aviladb.crdt.type;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.time.HybridTimestamp;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * All that one region incarnation has added to one counter.
 *
 * @param began the stamp of the first increment: a sum that was forgotten and begun again is another sum
 * @param at the stamp of the last increment in it; the region's own writes are totally ordered, so the later sum holds the earlier
 * @param sum exact
 */
public record RunningSum(HybridTimestamp began, HybridTimestamp at, BigDecimal sum) {
    private static final int MAX_SCALE = 20_000;

    public RunningSum {
        // Invariant: began <= at.
        if (began.isAfter(at)) {
            throw new IllegalArgumentException("a sum begins before it ends: " + began + ", " + at);
        }
    }

    public RunningSum plus(BigDecimal amount, HybridTimestamp stamp) {
        return new RunningSum(began, stamp, sum.add(amount));
    }

    public RunningSum later(RunningSum other) {
        return other.at.isAfter(at) ? other : this;
    }

    void write(ByteWriter out) {
        out.writeLong(began.bits()).writeLong(at.bits()).writeVarLong((long) sum.scale() << 1 ^ sum.scale() >> 31)
                .writeBytes(sum.unscaledValue().toByteArray());
    }

    static RunningSum read(ByteReader in) {
        HybridTimestamp began = new HybridTimestamp(in.readLong());
        HybridTimestamp at = new HybridTimestamp(in.readLong());
        long zigzag = in.readVarLong();
        long scale = zigzag >>> 1 ^ -(zigzag & 1);
        byte[] unscaled = in.readBytes();
        if (Math.abs(scale) > MAX_SCALE || unscaled.length == 0 || began.isAfter(at)) {
            throw new MalformedBytesException("a running sum is damaged");
        }
        return new RunningSum(began, at, new BigDecimal(new BigInteger(unscaled), (int) scale));
    }
}
