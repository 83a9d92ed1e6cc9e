package io.aviladb.replication.spi;

import io.aviladb.core.time.HybridTimestamp;

/** A group's feed on this node. */
public interface FeedReader {
    /** @throws IllegalStateException where the replica isn't open */
    FeedView view();

    /** The stamp of the last applied entry, without a view. */
    HybridTimestamp applied();

    /** Calls after each entry, on the apply thread: hand over, never block. Runs until the handle is closed. */
    AutoCloseable onApplied(Runnable listener);

    /** Asks the leader here to close the group soon, since somebody waits for it. */
    void wantTick();
}
