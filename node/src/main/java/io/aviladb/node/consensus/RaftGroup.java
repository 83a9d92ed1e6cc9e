package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** This node's replica of one group. Thread-safe, except that {@link #propose} is called by one thread per group, so that order is kept. */
public interface RaftGroup {
    /** The group as it was last {@link #describe described} here; its members may be about to change, see {@link #members}. */
    GroupDescriptor descriptor();

    /** The group's placement has changed: from here on this is its descriptor. The members that Raft counts are Raft's own affair. */
    void describe(GroupDescriptor placed);

    /** Who votes, by the newest configuration in this replica's log, committed or not; while it changes, before and after together. */
    List<NodeId> members();

    /**
     * On the leader: makes these the group's voters, by one change of Raft's configuration; completes once that is committed, at once where
     * nothing changes. A newcomer catches up before it counts; where it is silent this fails after some seconds, and nothing has changed. Fails
     * with {@link ProposalFailure}; after any failure, ask {@link #members} of the leader.
     *
     * @param voters one more, or one less, than now
     */
    CompletableFuture<Void> changeMembers(List<GroupDescriptor.Member> voters);

    /**
     * Submits an entry. The future completes, in log order, with what {@link ReplicatedState#apply} returned here, or fails with
     * {@link ProposalFailure}.
     */
    CompletableFuture<Object> propose(byte[] entry, @Nullable Object context);

    Leadership leadership();

    /** The highest term that this replica has heard of: its answer to a leader that confirms its own. */
    long currentTerm();

    /**
     * How this replica stands in its group.
     *
     * @param term as {@link #currentTerm}
     * @param ledThrough where it leads in this term: the index of its log's last entry; else -1
     * @param votes false while it is being rebuilt
     */
    record Standing(long term, long ledThrough, boolean votes) {}

    /** For other replicas; fails as {@link #currentTerm} does. */
    Standing standing();

    /** What is applied here. */
    LogPosition applied();

    /** Completes once the index is applied here; fails with {@link ProposalFailure} where the replica closes first. */
    CompletableFuture<Void> awaitApplied(long index);

    /**
     * On the leader: an index such that a read which waits for it is linearizable. Notes the commit index, then has a majority confirm the
     * term; one round serves all who wait. Fails with {@link ProposalFailure} (NOT_LEADER) where the term is no longer this replica's.
     */
    CompletableFuture<Long> confirmReadIndex();

    /** Writes a snapshot of this replica now and lets the log be purged up to it. */
    CompletableFuture<LogPosition> snapshot();

    /** Hands leadership on; completes when the other leads. */
    CompletableFuture<Void> transferLeadership(NodeId to);

    /** Whether this replica lives: false after a failed log or a full disk, until it was healed. */
    boolean isAlive();
}
