package io.aviladb.storage.engine;

import org.jspecify.annotations.Nullable;

/** Reads rows: the newest ({@link EngineStore}) or those of one point ({@link EngineSnapshot}). */
public interface EngineReader {
    /** @throws StorageException where the store is damaged, failing or closed */
    byte @Nullable [] get(Family family, byte[] key);

    /**
     * Visits rows in key order, all of them as of one point. Close waits until the visitor has returned.
     *
     * @param start
     *            inclusive
     * @param end
     *            exclusive; empty for the end of all keys
     */
    void scan(Family family, byte[] start, byte[] end, RowVisitor visitor);

    /** As {@link #scan}, the last row first. */
    void scanBackwards(Family family, byte[] start, byte[] end, RowVisitor visitor);
}
