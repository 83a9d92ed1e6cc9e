package io.aviladb.storage.feed;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.time.HybridTimestamp;

/** The key of a feed row: the unit's stamp (8) and the position in the unit (4). */
public record FeedKey(HybridTimestamp stamp, int position) {
    public FeedKey {
        if (position < 0) {
            throw new IllegalArgumentException("positions in a unit aren't negative: " + position);
        }
    }

    public byte[] encode() {
        return new ByteWriter(16).writeLong(stamp.bits()).writeInt(position).toByteArray();
    }

    /** Where the rows after all of the stamp begin: positions end before it. */
    public static byte[] after(HybridTimestamp stamp) {
        return new ByteWriter(16).writeLong(stamp.bits()).writeInt(-1).toByteArray();
    }

    /** @throws io.aviladb.core.codec.MalformedBytesException where the bytes are no feed row's key */
    public static FeedKey decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        FeedKey key = new FeedKey(new HybridTimestamp(in.readLong()), in.readInt());
        in.expectEnd();
        return key;
    }
}
