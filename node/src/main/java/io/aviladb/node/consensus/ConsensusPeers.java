package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** What the adapter asks of other nodes, over our own RPC. */
public interface ConsensusPeers {
    /** {@link RaftGroup#currentTerm} of the peer's replica. */
    CompletableFuture<Long> currentTerm(NodeId peer, int group);

    /** {@link RaftGroup#standing} of the peer's replica. */
    CompletableFuture<RaftGroup.Standing> standing(NodeId peer, int group);

    /**
     * Copies the peer's newest snapshot of the group into the empty directory, checks sizes and SHA-256 of all files, fsyncs files and
     * directory. Blocks.
     *
     * @return the position of the snapshot
     */
    LogPosition fetchSnapshot(NodeId peer, int group, Path into) throws IOException;
}
