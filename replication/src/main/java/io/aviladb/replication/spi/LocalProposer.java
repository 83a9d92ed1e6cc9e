package io.aviladb.replication.spi;

import io.aviladb.replication.feed.LinkBatch;
import java.util.concurrent.CompletableFuture;

/** Proposes pulled batches to the target group's log: remote changes enter through the local log like any command. */
public interface LocalProposer {
    /** What became of a batch. */
    enum Outcome {
        /** In the log and applied; the cursors moved. */
        APPLIED,
        /**
         * In the log, and refused in part: a cursor didn't stand at {@code from}, or a version names a merge policy that hasn't come here yet.
         * Read the cursors again.
         */
        STALE
    }

    /** In call order. Fails where this node doesn't lead, or the outcome is unknown: read the cursors again. */
    CompletableFuture<Outcome> propose(LinkBatch batch);
}
