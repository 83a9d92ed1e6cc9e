package io.aviladb.query.eval;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;

/**
 * A sum of numbers without rounding, so that it doesn't depend on the order of its terms nor on how they were split among partial sums.
 * Integers go to a 64-bit sum that widens; doubles to a superaccumulator (Neal 2015): 32-bit limbs of a fixed-point number that holds every double,
 * each in a long so that carries can wait.
 */
final class ExactSum {
    private static final int LIMBS = 68;
    private static final int LEAST_EXPONENT = -1_074;
    /** Additions before a limb could overflow its long: 2^62 / 2^33. */
    private static final int CARRY_AFTER = 1 << 28;

    /** More than any number of 64-bit integers can add up to. */
    private static final int MAX_WHOLE_BYTES = 32;

    private long small;
    private BigInteger large = BigInteger.ZERO;
    private long @org.jspecify.annotations.Nullable [] limbs;
    private int uncarried;

    void add(long value) {
        long sum = small + value;
        if (((small ^ sum) & (value ^ sum)) < 0) {
            large = large.add(BigInteger.valueOf(small)).add(BigInteger.valueOf(value));
            small = 0;
        } else {
            small = sum;
        }
    }

    /** @param value finite */
    void add(double value) {
        long[] into = limbs == null ? (limbs = new long[LIMBS]) : limbs;
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7FF;
        long mantissa = bits & (1L << 52) - 1 | (exponent == 0 ? 0 : 1L << 52);
        int shift = Math.max(exponent, 1) - 1; // value = ±mantissa × 2^(shift + LEAST_EXPONENT)
        int limb = shift >>> 5;
        int inLimb = shift & 31;
        long sign = bits < 0 ? -1 : 1;
        long low = (mantissa & 0xFFFFFFFFL) << inLimb;
        long high = (mantissa >>> 32) << inLimb;
        into[limb] += sign * (low & 0xFFFFFFFFL);
        into[limb + 1] += sign * ((low >>> 32) + (high & 0xFFFFFFFFL));
        into[limb + 2] += sign * (high >>> 32);
        if (++uncarried >= CARRY_AFTER) {
            carry(into);
        }
    }

    private void carry(long[] into) {
        for (int i = 0; i < LIMBS - 1; i++) {
            into[i + 1] += into[i] >> 32;
            into[i] &= 0xFFFFFFFFL;
        }
        uncarried = 0;
    }

    void add(ExactSum other) {
        large = large.add(other.large);
        add(other.small);
        if (other.limbs == null) {
            return;
        }
        other.carry(other.limbs);
        long[] into = limbs == null ? (limbs = new long[LIMBS]) : limbs;
        carry(into);
        for (int i = 0; i < LIMBS; i++) {
            into[i] += other.limbs[i];
        }
        uncarried = 2;
    }

    /** The integers' sum, then the limbs that aren't zero, each with its place. */
    void write(ByteWriter out) {
        out.writeBytes(whole().toByteArray()).writeBoolean(limbs != null);
        if (limbs != null) {
            carry(limbs);
            out.writeVarInt((int) Arrays.stream(limbs).filter(limb -> limb != 0).count());
            for (int i = 0; i < LIMBS; i++) {
                if (limbs[i] != 0) {
                    out.writeVarInt(i).writeLong(limbs[i]);
                }
            }
        }
    }

    /** @throws MalformedBytesException where the bytes are none of {@link #write} */
    static ExactSum read(ByteReader in) {
        ExactSum sum = new ExactSum();
        byte[] whole = in.readBytes();
        if (whole.length == 0 || whole.length > MAX_WHOLE_BYTES) {
            throw new MalformedBytesException("a sum of integers has 1 to " + MAX_WHOLE_BYTES + " bytes");
        }
        sum.large = new BigInteger(whole);
        if (in.readBoolean()) {
            long[] limbs = new long[LIMBS];
            for (int left = in.readCount(); left > 0; left--) {
                int place = in.readVarInt();
                long limb = in.readLong();
                boolean carried = place < LIMBS - 1 ? limb >>> 32 == 0 : place == LIMBS - 1 && Math.abs(limb) < 1L << 61;
                if (!carried) {
                    throw new MalformedBytesException("no limb of a sum");
                }
                limbs[place] = limb;
            }
            sum.limbs = limbs;
        }
        return sum;
    }

    boolean isWhole() {
        return limbs == null;
    }

    BigInteger whole() {
        return large.add(BigInteger.valueOf(small));
    }

    BigDecimal exact() {
        BigInteger fixed = BigInteger.ZERO;
        if (limbs != null) {
            for (int i = LIMBS - 1; i >= 0; i--) {
                fixed = fixed.shiftLeft(32).add(BigInteger.valueOf(limbs[i]));
            }
        }
        BigDecimal fraction = new BigDecimal(fixed).multiply(TWO_TO_THE_LEAST);
        return fraction.add(new BigDecimal(whole()));
    }

    /** The nearest double to the sum over the count. */
    double dividedBy(long count) {
        return exact().divide(BigDecimal.valueOf(count), MathContext.DECIMAL128).doubleValue();
    }

    private static final BigDecimal TWO_TO_THE_LEAST = BigDecimal.ONE.divide(new BigDecimal(BigInteger.TWO.pow(-LEAST_EXPONENT)));
}
