package io.aviladb.storage;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.storage.engine.EngineReader;
import io.aviladb.storage.engine.Family;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A digest of rows: family, key and value with their lengths, so that no two states run together. */
final class StateHash {
    private StateHash() {
    }

    static byte[] of(EngineReader rows, KeyRange range, Family... families) {
        MessageDigest digest = sha256();
        for (Family family : families) {
            digest.update((byte) family.ordinal());
            rows.scan(family, range.start(), range.end(), (key, value) -> {
                digest.update(new ByteWriter().writeInt(key.length).writeInt(value.length).toByteArray());
                digest.update(key);
                digest.update(value);
                return true;
            });
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
