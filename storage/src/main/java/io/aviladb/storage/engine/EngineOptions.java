package io.aviladb.storage.engine;

/**
 * What all stores of one process share.
 *
 * @param blockCacheBytes
 *            blocks, filters and indexes kept in memory. Too small: every read goes to the disk; too large: taken from the heads and the heap
 * @param writeBufferBytes
 *            rows not yet in files, over all stores. Too small: many small files; too large: a long restart, and memory
 * @param backgroundJobs
 *            threads for flushes and compactions
 * @param headTableBytes
 *            off-heap memory for the head tables, over all stores, about 110 bytes a document. Beyond it heads are read from files; 0 turns
 *            the tables off
 */
public record EngineOptions(long blockCacheBytes, long writeBufferBytes, int backgroundJobs, long headTableBytes) {
    public static final EngineOptions DEFAULT = new EngineOptions(64L << 20, 256L << 20, 2, 256L << 20);

    public EngineOptions {
        if (blockCacheBytes < 1 << 20 || writeBufferBytes < 1 << 20 || backgroundJobs < 1 || headTableBytes < 0) {
            throw new IllegalArgumentException("caches have at least 1 MiB and one background job");
        }
    }

    /** With the default budget of head tables. */
    public EngineOptions(long blockCacheBytes, long writeBufferBytes, int backgroundJobs) {
        this(blockCacheBytes, writeBufferBytes, backgroundJobs, DEFAULT.headTableBytes());
    }

    public EngineOptions withHeadTableBytes(long bytes) {
        return new EngineOptions(blockCacheBytes, writeBufferBytes, backgroundJobs, bytes);
    }
}
