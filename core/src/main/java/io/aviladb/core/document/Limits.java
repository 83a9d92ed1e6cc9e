package io.aviladb.core.document;

/** The limits of the product page, in one place. Bytes are of canonical JSON. */
public final class Limits {
    public static final int MAX_DOCUMENT_BYTES = 4_194_304;
    public static final int MAX_ID_BYTES = 1_023;
    public static final int MAX_PARTITION_LEVELS = 5;
    /** Of the encoded partition key. */
    public static final int MAX_PARTITION_KEY_BYTES = 2_048;
    public static final int MAX_SYNTHETIC_PARTITIONS = 10_000;
    public static final int MAX_BATCH_DOCUMENTS = 100;
    public static final int MAX_BATCH_BYTES = 16 << 20;
    public static final int MAX_ATOMIC_BATCH_BYTES = 4 << 20;
    public static final int MAX_PATCH_OPERATIONS = 1_000;
    public static final int PAGE_BYTES = 1 << 20;

    private Limits() {
    }
}
