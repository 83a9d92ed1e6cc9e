package io.aviladb.core.time;

/**
 * A hybrid logical clock's reading: 48 bits of milliseconds since 1970, 16 bits of counter, ordered as one unsigned number.
 *
 * <p>Source: Kulkarni et al., <em>Logical Physical Clocks</em>, OPODIS 2014. Ours differs in width: the counter takes the low 16 bits.
 */
public record HybridTimestamp(long bits) implements Comparable<HybridTimestamp> {
    public static final HybridTimestamp ZERO = new HybridTimestamp(0);
    public static final HybridTimestamp MAX = new HybridTimestamp(-1L);
    public static final int COUNTER_BITS = 16;
    public static final long MAX_MILLIS = (1L << 48) - 1;

    public static HybridTimestamp of(long millis, int counter) {
        if (millis < 0 || millis > MAX_MILLIS || counter < 0 || counter > 0xFFFF) {
            throw new IllegalArgumentException("milliseconds have 48 bits and the counter 16: " + millis + ", " + counter);
        }
        return new HybridTimestamp(millis << COUNTER_BITS | counter);
    }

    public static HybridTimestamp ofMillis(long millis) {
        return of(millis, 0);
    }

    public long millis() {
        return bits >>> COUNTER_BITS;
    }

    public int counter() {
        return (int) (bits & 0xFFFF);
    }

    /** The next reading; the counter carries into the milliseconds. */
    public HybridTimestamp next() {
        return new HybridTimestamp(bits + 1);
    }

    public HybridTimestamp max(HybridTimestamp other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public HybridTimestamp min(HybridTimestamp other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public boolean isAfter(HybridTimestamp other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(HybridTimestamp other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return millis() + "." + counter();
    }
}
