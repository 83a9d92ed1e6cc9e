package io.aviladb.core.version;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest of a set of documents: the sum of their SHA-256 digests, in four parts of 64 bits. So the digest of an interval is the sum of those of its
 * parts, however it is cut. It finds what faults do, not what somebody forges who can choose documents at will.
 *
 * @param documents how many there are
 */
public record StateDigest(long documents, long a, long b, long c, long d) {
    public static final StateDigest EMPTY = new StateDigest(0, 0, 0, 0, 0);

    /** Of one document: where it is, what it says, and which versions made it. */
    public static StateDigest of(byte[] key, byte[] json, VersionVector vector) {
        ByteWriter out = new ByteWriter(key.length + 16).writeBytes(key).writeVarInt(json.length);
        MessageDigest sha = sha256();
        sha.update(out.toByteArray());
        sha.update(json);
        ByteReader in = new ByteReader(sha.digest(vector.toByteArray()));
        return new StateDigest(1, in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public StateDigest plus(StateDigest other) {
        return new StateDigest(documents + other.documents, a + other.a, b + other.b, c + other.c, d + other.d);
    }

    public void write(ByteWriter out) {
        out.writeVarLong(documents).writeLong(a).writeLong(b).writeLong(c).writeLong(d);
    }

    public static StateDigest read(ByteReader in) {
        return new StateDigest(in.readVarLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    /** 64 hexadecimal digits. */
    public String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
    }
}
