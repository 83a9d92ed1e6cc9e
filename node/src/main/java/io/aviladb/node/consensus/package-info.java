/**
 * The port to consensus: what the rest of a node asks of a Raft group, and what a group asks of the state it replicates.
 *
 * <p><b>Start here:</b> {@link io.aviladb.node.consensus.RaftGroup}, {@link io.aviladb.node.consensus.ReplicatedState}.
 *
 * <p><b>Never depends on</b> Apache Ratis: {@code node.consensus.ratis} is the one adapter.
 */
@NullMarked
package io.aviladb.node.consensus;

import org.jspecify.annotations.NullMarked;
