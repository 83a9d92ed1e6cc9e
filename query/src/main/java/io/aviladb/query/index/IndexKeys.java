package io.aviladb.query.index;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.query.eval.ValueBytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of entries: collection (4), index (4), the fields' values, the document's key behind its collection, and that key's length (2), by which it
 * is found again.
 *
 * <p>A long value is cut: documents whose values begin alike then stand side by side, in the order of their keys. So entries of different bytes are in
 * the order of their values, and entries of equal bytes may have different ones: whoever reads an index looks at the documents too.
 */
public final class IndexKeys {
    /** Of one field. */
    static final int MAX_VALUE_BYTES = 512;
    static final int COLLECTION_BYTES = 4;
    private static final int PREFIX_BYTES = 8;
    /** Stands where a value was cut: greater than any byte at which two values of equal beginning can differ. */
    private static final int CUT = 0xFE;

    private IndexKeys() {
    }

    /** All entries of the index. */
    public static KeyRange all(int collection, int index) {
        return KeyRange.prefix(prefix(collection, index).toByteArray());
    }

    static ByteWriter prefix(int collection, int index) {
        return new ByteWriter(64).writeInt(collection).writeInt(index);
    }

    /** The document that the entry is about. @throws MalformedBytesException where the bytes are no entry */
    public static DocumentKey document(byte[] entry) {
        int end = entry.length - 2;
        int length = end < 0 ? -1 : (entry[end] & 0xFF) << 8 | entry[end + 1] & 0xFF;
        if (length < 0 || end - length < PREFIX_BYTES) {
            throw new MalformedBytesException("an index entry of " + entry.length + " bytes");
        }
        byte[] key = new byte[COLLECTION_BYTES + length];
        System.arraycopy(entry, 0, key, 0, COLLECTION_BYTES);
        System.arraycopy(entry, end - length, key, COLLECTION_BYTES, length);
        return new DocumentKey(key);
    }

    static byte[] entry(byte[] prefixAndValues, DocumentKey key) {
        int length = key.bytes().length - COLLECTION_BYTES;
        return new ByteWriter(prefixAndValues.length + length + 2).writeRaw(prefixAndValues).writeRaw(key.bytes(), COLLECTION_BYTES, length)
                .writeByte(length >>> 8).writeByte(length).toByteArray();
    }

    /** A value as it stands in an entry. */
    static byte[] value(@Nullable JsonValue value, boolean descending) {
        byte[] bytes = ValueBytes.of(value);
        if (bytes.length > MAX_VALUE_BYTES) {
            bytes = Arrays.copyOf(bytes, MAX_VALUE_BYTES + 1);
            bytes[MAX_VALUE_BYTES] = (byte) CUT;
        }
        return descending ? inverted(bytes) : bytes;
    }

    static byte[] inverted(byte[] bytes) {
        byte[] inverted = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            inverted[i] = (byte) ~bytes[i];
        }
        return inverted;
    }
}
