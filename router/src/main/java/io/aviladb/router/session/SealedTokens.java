package io.aviladb.router.session;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Bytes that clients carry and can't change: kind and version, content, the first eight bytes of an HMAC-SHA256 over both. */
final class SealedTokens {
    private static final int SEAL_BYTES = 8;
    private static final byte VERSION = 1;

    private final Mac keyed; // never fed: each use works on a copy

    /** @param secret the cluster's; not empty */
    SealedTokens(byte[] secret) {
        try {
            keyed = Mac.getInstance("HmacSHA256");
            keyed.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** @param kind what the token is for: a token of one kind is never taken for another's */
    String seal(char kind, byte[] content) {
        byte[] token = new byte[2 + content.length + SEAL_BYTES];
        token[0] = (byte) kind;
        token[1] = VERSION;
        System.arraycopy(content, 0, token, 2, content.length);
        System.arraycopy(mac(token, 2 + content.length), 0, token, 2 + content.length, SEAL_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The content; empty where the token is damaged, of another kind or cluster. */
    Optional<byte[]> open(char kind, String text) {
        byte[] token;
        try {
            token = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        int length = token.length - SEAL_BYTES;
        if (length < 2 || token[0] != (byte) kind || token[1] != VERSION) {
            return Optional.empty();
        }
        byte[] expected = Arrays.copyOf(mac(token, length), SEAL_BYTES);
        byte[] found = Arrays.copyOfRange(token, length, token.length);
        return java.security.MessageDigest.isEqual(expected, found) ? Optional.of(Arrays.copyOfRange(token, 2, length)) : Optional.empty();
    }

    private byte[] mac(byte[] bytes, int length) {
        try {
            Mac mac = (Mac) keyed.clone();
            mac.update(bytes, 0, length);
            return mac.doFinal();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HmacSHA256 can be copied", e);
        }
    }
}
