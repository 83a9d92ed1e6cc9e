package io.aviladb.storage;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.time.HybridTimestamp;

/** The last log entry that a store holds, and the highest stamp given up to it. Ordered: none of the three ever falls. */
public record Applied(long term, long index, HybridTimestamp stamp) {
    /** Before the first entry. */
    public static final Applied NOTHING = new Applied(0, 0, HybridTimestamp.ZERO);

    public Applied {
        if (term < 0 || index < 0) {
            throw new IllegalArgumentException("terms and indexes aren't negative: " + term + ", " + index);
        }
    }

    /** @throws IllegalStateException where the next is not after this: an entry would be applied twice, or time run back */
    Applied checkedNext(Applied next) {
        if (next.index <= index || next.term < term || next.stamp.compareTo(stamp) < 0) {
            throw new IllegalStateException(next + " is not after " + this);
        }
        return next;
    }

    byte[] encode() {
        return new ByteWriter(24).writeLong(term).writeLong(index).writeLong(stamp.bits()).toByteArray();
    }

    static Applied decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        Applied applied = new Applied(in.readLong(), in.readLong(), new HybridTimestamp(in.readLong()));
        in.expectEnd();
        return applied;
    }
}
