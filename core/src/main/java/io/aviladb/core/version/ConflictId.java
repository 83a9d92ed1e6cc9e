package io.aviladb.core.version;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.util.Arrays;
import java.util.Base64;

/**
 * The name of a conflict: the document, and two of its versions neither of which has seen the other. Versions are named by their writers, so
 * every region gives the same conflict the same name.
 *
 * @param newer the version with the higher name
 */
public record ConflictId(DocumentKey key, Version older, Version newer) {
    private static final int SUFFIX_BYTES = 20;

    public ConflictId {
        if (older.compareTo(newer) >= 0) {
            throw new IllegalArgumentException(older + " is not older than " + newer);
        }
    }

    /** The key of a record's row: document key, then both versions with their stamps' complements, so that the newest conflict comes first. */
    public byte[] encode() {
        ByteWriter out = new ByteWriter(key.bytes().length + SUFFIX_BYTES).writeRaw(key.bytes());
        write(out, newer);
        write(out, older);
        return out.toByteArray();
    }

    private static void write(ByteWriter out, Version version) {
        int region = version.region().number();
        out.writeLong(~version.stamp().bits()).writeByte(region >>> 8).writeByte(region);
    }

    /** @throws MalformedBytesException where the bytes are no conflict's */
    public static ConflictId decode(byte[] bytes) {
        int length = bytes.length - SUFFIX_BYTES;
        if (length < 0) {
            throw new MalformedBytesException("a conflict's key of " + bytes.length + " bytes");
        }
        ByteReader in = new ByteReader(bytes, length, SUFFIX_BYTES);
        try {
            Version newer = read(in);
            return new ConflictId(new DocumentKey(Arrays.copyOf(bytes, length)), read(in), newer);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException("a conflict's key is damaged: " + e.getMessage());
        }
    }

    private static Version read(ByteReader in) {
        HybridTimestamp stamp = new HybridTimestamp(~in.readLong());
        return new Version(stamp, new RegionIncarnation(in.readByte() << 8 | in.readByte()));
    }

    /** @throws IllegalArgumentException where the text is no conflict's name */
    public static ConflictId parse(String text) {
        try {
            return decode(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException | MalformedBytesException e) {
            throw new IllegalArgumentException("'" + text + "' is no conflict's id", e);
        }
    }

    /** The row's key in base64url: it says by itself where the record is. */
    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(encode());
    }
}
