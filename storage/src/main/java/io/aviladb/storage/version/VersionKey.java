package io.aviladb.storage.version;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import java.util.Arrays;

/** The key of a version's row: document key, stamp's complement (8, so that the newest comes first), region (2). */
public record VersionKey(DocumentKey key, Version version) {
    private static final int SUFFIX_BYTES = 10;

    public byte[] encode() {
        return encode(key, version.stamp(), version.region().number());
    }

    /** Where the document's versions at or below the stamp begin. */
    public static byte[] seek(DocumentKey key, HybridTimestamp atMost) {
        return encode(key, atMost, 0);
    }

    private static byte[] encode(DocumentKey key, HybridTimestamp stamp, int region) {
        return new ByteWriter(key.bytes().length + SUFFIX_BYTES).writeRaw(key.bytes()).writeLong(~stamp.bits()).writeByte(region >>> 8)
                .writeByte(region).toByteArray();
    }

    /** @throws MalformedBytesException where the bytes are no version's key */
    public static VersionKey decode(byte[] bytes) {
        int length = bytes.length - SUFFIX_BYTES;
        if (length < 0) {
            throw new MalformedBytesException("a version's key of " + bytes.length + " bytes");
        }
        ByteReader in = new ByteReader(bytes, length, SUFFIX_BYTES);
        HybridTimestamp stamp = new HybridTimestamp(~in.readLong());
        int region = in.readByte() << 8 | in.readByte();
        if (region == 0) {
            throw new MalformedBytesException("a version's key without a region");
        }
        return new VersionKey(new DocumentKey(Arrays.copyOf(bytes, length)), new Version(stamp, new RegionIncarnation(region)));
    }
}
