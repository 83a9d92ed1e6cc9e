package io.aviladb.storage;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import java.util.Arrays;

/** The key of an operation's answer: document key, row key, and the row key's length (2), by which the two are told apart. */
record DedupKey(DocumentKey key, byte[] rowKey) {
    DedupKey {
        if (rowKey.length > 0xFFFF) {
            throw new IllegalArgumentException("a row key has up to 65535 bytes, not " + rowKey.length);
        }
    }

    byte[] encode() {
        return new ByteWriter(key.bytes().length + rowKey.length + 2).writeRaw(key.bytes()).writeRaw(rowKey).writeByte(rowKey.length >>> 8)
                .writeByte(rowKey.length).toByteArray();
    }

    static DedupKey decode(byte[] bytes) {
        int end = bytes.length - 2;
        int length = end < 0 ? 0 : (bytes[end] & 0xFF) << 8 | bytes[end + 1] & 0xFF;
        if (end - length < 0) {
            throw new MalformedBytesException("a dedup key of " + bytes.length + " bytes");
        }
        return new DedupKey(new DocumentKey(Arrays.copyOf(bytes, end - length)), Arrays.copyOfRange(bytes, end - length, end));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DedupKey that && key.equals(that.key) && Arrays.equals(rowKey, that.rowKey);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(rowKey);
    }
}
