package io.aviladb.node.consensus;

import io.aviladb.core.region.NodeId;
import java.util.Optional;

/** A proposal didn't come back with apply's answer. Says what may be concluded. */
public final class ProposalFailure extends RuntimeException {
    /** What may be concluded of the entry. */
    public enum Kind {
        /** Certainly not in the log: this replica isn't the leader. */
        NOT_LEADER,
        /** Certainly not in the log: more is waiting than the group takes on. */
        OVERLOADED,
        /** May have been committed: leadership was lost, a time-out, a closed group. */
        INDETERMINATE,
        /** Certainly not in the log: the group isn't served here (dead, closed, disk full). */
        UNAVAILABLE
    }

    private final Kind kind;
    private final Optional<NodeId> leader;

    public ProposalFailure(Kind kind, Optional<NodeId> leader, String message) {
        super(message, null, false, false);
        this.kind = kind;
        this.leader = leader;
    }

    public Kind kind() {
        return kind;
    }

    /** Who leads, as far as is known. */
    public Optional<NodeId> leader() {
        return leader;
    }
}
