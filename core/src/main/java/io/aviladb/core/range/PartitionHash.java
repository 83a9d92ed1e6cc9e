package io.aviladb.core.range;

import com.dynatrace.hash4j.hashing.Hashing;

/** The hash that places synthetic partitions and hashed levels. Version 1 is the low 32 bits of XXH3 (64 bits, seed 0); vectors pin it. */
public final class PartitionHash {
    public static final int VERSION = 1;

    private PartitionHash() {
    }

    public static int of(byte[] bytes) {
        return (int) Hashing.xxh3_64().hashBytesToLong(bytes);
    }
}
