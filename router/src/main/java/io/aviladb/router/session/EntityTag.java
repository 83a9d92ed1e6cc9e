package io.aviladb.router.session;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.version.VersionVector;
import java.util.Base64;
import java.util.Optional;

/** A document's ETag: a check byte and its version vector, in base64url. Equal states have equal tags, in every region. */
public final class EntityTag {
    private EntityTag() {
    }

    /** Without quotes. */
    public static String of(VersionVector vector) {
        byte[] content = vector.toByteArray();
        byte[] tag = new byte[1 + content.length];
        System.arraycopy(content, 0, tag, 1, content.length);
        tag[0] = check(tag);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    }

    /** With quotes, as the header has it. */
    public static String quoted(VersionVector vector) {
        return '"' + of(vector) + '"';
    }

    /** The state that the tag stands for, quotes optional; empty for anything that was never a tag here. */
    public static Optional<VersionVector> parse(String text) {
        String bare = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"") ? text.substring(1, text.length() - 1) : text;
        try {
            byte[] tag = Base64.getUrlDecoder().decode(bare);
            if (tag.length < 2 || tag[0] != check(tag)) {
                return Optional.empty();
            }
            ByteReader in = new ByteReader(tag, 1, tag.length - 1);
            VersionVector vector = VersionVector.read(in);
            in.expectEnd();
            return Optional.of(vector);
        } catch (IllegalArgumentException | MalformedBytesException garbage) {
            return Optional.empty();
        }
    }

    private static byte check(byte[] tag) {
        int sum = 0x5A;
        for (int i = 1; i < tag.length; i++) {
            sum = sum * 31 + tag[i];
        }
        return (byte) (sum ^ sum >>> 8 ^ sum >>> 16);
    }
}
