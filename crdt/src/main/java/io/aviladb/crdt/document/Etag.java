package io.aviladb.crdt.document;

import io.aviladb.core.version.VersionVector;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** The identity of a document's state for HTTP: a digest of its vector, since a merge changes the body without a new version (S14). */
public final class Etag {
    private static final int DIGEST_BYTES = 12;

    private Etag() {
    }

    /** 16 characters of base64url; without the quotes that HTTP puts around them. */
    public static String of(VersionVector vector) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(vector.toByteArray());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
