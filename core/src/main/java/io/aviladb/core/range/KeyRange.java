package io.aviladb.core.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The interval {@code [start, end)} of document keys, as unsigned bytes. An empty end stands for the end of all keys. */
public record KeyRange(byte[] start, byte[] end) {
    public KeyRange {
        if (end.length != 0 && Arrays.compareUnsigned(start, end) >= 0) {
            throw new IllegalArgumentException("an interval's start lies before its end");
        }
    }

    /** All keys that begin with the bytes. */
    public static KeyRange prefix(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return new KeyRange(prefix, end);
            }
        }
        return new KeyRange(prefix, new byte[0]);
    }

    public static KeyRange collection(int collection) {
        return prefix(new ByteWriter().writeInt(collection).toByteArray());
    }

    public boolean contains(DocumentKey key) {
        return Arrays.compareUnsigned(key.bytes(), start) >= 0 && (end.length == 0 || Arrays.compareUnsigned(key.bytes(), end) < 0);
    }

    /** Whether a bound at the bytes would leave keys on both sides. */
    public boolean isInside(byte[] at) {
        return Arrays.compareUnsigned(at, start) > 0 && (end.length == 0 || Arrays.compareUnsigned(at, end) < 0);
    }

    /** Whether the other begins where this ends. */
    public boolean touches(KeyRange behind) {
        return end.length != 0 && Arrays.equals(end, behind.start);
    }

    /** This and what begins where it ends. @throws IllegalArgumentException where something lies between, or the two overlap */
    public KeyRange followedBy(KeyRange behind) {
        if (!touches(behind)) {
            throw new IllegalArgumentException(behind + " doesn't begin where " + this + " ends");
        }
        return new KeyRange(start, behind.end);
    }

    /** Whether every key of the other is in this. */
    public boolean covers(KeyRange other) {
        return intersect(other).filter(other::equals).isPresent();
    }

    /** What of this lies behind the end of the other. */
    public Optional<KeyRange> after(KeyRange other) {
        if (other.end.length == 0 || end.length != 0 && Arrays.compareUnsigned(other.end, end) >= 0) {
            return Optional.empty();
        }
        return Optional.of(Arrays.compareUnsigned(other.end, start) <= 0 ? this : new KeyRange(other.end, end));
    }

    public Optional<KeyRange> intersect(KeyRange other) {
        byte[] from = Arrays.compareUnsigned(start, other.start) >= 0 ? start : other.start;
        byte[] to = end.length == 0 ? other.end : other.end.length == 0 || Arrays.compareUnsigned(end, other.end) <= 0 ? end : other.end;
        return to.length != 0 && Arrays.compareUnsigned(from, to) >= 0 ? Optional.empty() : Optional.of(new KeyRange(from, to));
    }

    public void write(ByteWriter out) {
        out.writeBytes(start).writeBytes(end);
    }

    public static KeyRange read(ByteReader in) {
        return new KeyRange(in.readBytes(), in.readBytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyRange that && Arrays.equals(start, that.start) && Arrays.equals(end, that.end);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(start) + Arrays.hashCode(end);
    }

    @Override
    public String toString() {
        return "[" + HexFormat.of().formatHex(start) + ", " + HexFormat.of().formatHex(end) + ")";
    }
}
