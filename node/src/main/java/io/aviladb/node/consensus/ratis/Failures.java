package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ProposalFailure;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;

/**
 * Ratis' exceptions as what may be concluded. The same exception means different things before and after the entry reached the log: a
 * leader that is deposed answers "not leader" although the entry may still be committed. So whether it reached the log decides first.
 */
final class Failures {
    private Failures() {
    }

    static ProposalFailure of(Throwable thrown, boolean appended, Optional<NodeId> leader) {
        Throwable cause = unwrap(thrown);
        String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        if (appended) {
            return new ProposalFailure(ProposalFailure.Kind.INDETERMINATE, leader, text);
        }
        return switch (cause) {
            case NotLeaderException e -> new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, hint(e).or(() -> leader), text);
            case LeaderNotReadyException e -> new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, leader, text);
            case LeaderSteppingDownException e -> new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, leader, text);
            case ResourceUnavailableException e -> new ProposalFailure(ProposalFailure.Kind.OVERLOADED, leader, text);
            default -> new ProposalFailure(ProposalFailure.Kind.UNAVAILABLE, leader, text);
        };
    }

    static ProposalFailure unavailable(String text) {
        return new ProposalFailure(ProposalFailure.Kind.UNAVAILABLE, Optional.empty(), text);
    }

    static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Optional<NodeId> hint(NotLeaderException e) {
        return Optional.ofNullable(e.getSuggestedLeader()).map(peer -> RatisNames.node(peer.getId().toString()));
    }
}
