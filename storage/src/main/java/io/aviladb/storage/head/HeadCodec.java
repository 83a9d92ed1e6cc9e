package io.aviladb.storage.head;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.ArrayList;
import java.util.List;

/**
 * A head's bytes. First always 32: stamp 8, expiry 8, length 4, region 4, flags 4, spare 4 (zero), big-endian, of the newest live version.
 * A common head ends there. Any other goes on with its vector, a count, and its live versions, newest first.
 */
final class HeadCodec {
    /** The fixed part: what the table holds. */
    static final int BYTES = 32;
    private static final int FLAGS_AT = 24;
    private static final int DELETED = 1;
    /** More follows in the row; the table's entry is not enough. */
    private static final int LONG = 2;

    private HeadCodec() {
    }

    static byte[] encode(Head head) {
        boolean common = head.isCommon();
        Version newest = head.newest();
        ByteWriter out = new ByteWriter(common ? BYTES : BYTES + 64);
        out.writeLong(newest.stamp().bits()).writeLong(head.expiryMillis()).writeInt(head.length()).writeInt(newest.region().number())
                .writeInt((head.deleted() ? DELETED : 0) | (common ? 0 : LONG)).writeInt(0);
        if (!common) {
            head.vector().write(out);
            out.writeVarInt(head.live().size());
            head.live().forEach(version -> version.write(out));
        }
        return out.toByteArray();
    }

    /** Whether the 32 bytes are the whole head. */
    static boolean isWhole(byte[] fixed) {
        return (fixed[FLAGS_AT + 3] & LONG) == 0;
    }

    static Head decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        HybridTimestamp stamp = new HybridTimestamp(in.readLong());
        long expiryMillis = in.readLong();
        int length = in.readInt();
        int region = in.readInt();
        int flags = in.readInt();
        if (in.readInt() != 0 || (flags & ~(DELETED | LONG)) != 0) {
            throw new MalformedBytesException("a head with unknown flags " + flags);
        }
        try {
            Version newest = new Version(stamp, new RegionIncarnation(region));
            boolean deleted = (flags & DELETED) != 0;
            if ((flags & LONG) == 0) {
                in.expectEnd();
                return Head.of(newest, deleted, expiryMillis, length);
            }
            Head head = new Head(VersionVector.read(in), versions(in), deleted, expiryMillis, length);
            in.expectEnd();
            if (!head.newest().equals(newest)) {
                throw new MalformedBytesException("a head's first version is its newest");
            }
            return head;
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException("no head: " + e.getMessage());
        }
    }

    private static List<Version> versions(ByteReader in) {
        int count = in.readCount();
        List<Version> live = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            live.add(Version.read(in));
        }
        return live;
    }
}
