package io.aviladb.storage.engine;

import java.util.Arrays;
import java.util.HexFormat;

/** A row's name: family and key. The array is shared and must not be changed. */
public record Row(Family family, byte[] key) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Row that && family == that.family && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return 31 * family.ordinal() + Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return family + " " + HexFormat.of().formatHex(key);
    }
}
