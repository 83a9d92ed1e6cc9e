/**
 * Consensus by Apache Ratis: the one adapter behind {@link io.aviladb.node.consensus}.
 *
 * <p><b>Start here:</b> {@link io.aviladb.node.consensus.ratis.RatisServer}, which serves all groups of a node;
 * {@link io.aviladb.node.consensus.ratis.GroupMachine}, which applies one group's log; {@code docs/protocols/consensus.md}.
 *
 * <p><b>Invariants:</b> an entry is applied once and in log order, on one thread; a proposal is told "not in the log" only where it never
 * reached the log; no read goes through Ratis' own read path; a snapshot directory with a final name is complete and on disk; a replica's
 * state is never behind its newest snapshot.
 *
 * <p><b>Never depends on</b> what the entries mean.
 *
 * <p><b>Papers:</b> D. Ongaro, "Consensus: Bridging Theory and Practice", sections 3.10 (leadership transfer), 5 (log compaction) and 6.4
 * (reads without a log entry; here another RPC confirms the term in place of heartbeats).
 */
@NullMarked
package io.aviladb.node.consensus.ratis;

import org.jspecify.annotations.NullMarked;
