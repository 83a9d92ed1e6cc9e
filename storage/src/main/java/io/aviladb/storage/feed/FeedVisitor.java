package io.aviladb.storage.feed;

import io.aviladb.core.time.HybridTimestamp;

/** Takes feed rows in order. */
@FunctionalInterface
public interface FeedVisitor {
    /**
     * @param position
     *            in the unit of the stamp
     * @return whether to go on
     */
    boolean visit(HybridTimestamp stamp, int position, byte[] row);
}
