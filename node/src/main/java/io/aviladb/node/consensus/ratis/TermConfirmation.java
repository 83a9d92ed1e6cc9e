package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ProposalFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Read indexes without clocks: the leader of term T notes its commit index, and a majority says after that that it knows no later term. A
 * later leader needs votes of a majority in a higher term, so it was elected after the read began, and what it acknowledged is concurrent
 * with the read. (Ongaro, section 6.4, with an RPC of our own in place of heartbeats, since Ratis skips those once a commit index was
 * confirmed.)
 *
 * <p>One round at a time; all who arrive while it runs share the next one. Invariant: a round begins after everyone it serves has arrived.
 */
final class TermConfirmation {
    private final NodeId self;
    private final Supplier<Voters> voters;
    private final Supplier<OptionalLong> ledTerm;
    private final LongSupplier commitIndex;
    private final Function<NodeId, CompletableFuture<Long>> askTerm;
    private final Duration timeout;
    private @Nullable CompletableFuture<Long> next;
    private boolean running;

    /**
     * Who votes; while the configuration changes a leader needs a majority of both (Ongaro, Consensus: Bridging Theory and Practice, 4.3).
     *
     * @param before empty where it doesn't change
     */
    record Voters(Set<NodeId> now, Set<NodeId> before) {
        Set<NodeId> all() {
            Set<NodeId> all = new HashSet<>(now);
            all.addAll(before);
            return all;
        }

        boolean isMajority(Set<NodeId> some) {
            return isMajority(some, now) && (before.isEmpty() || isMajority(some, before));
        }

        private static boolean isMajority(Set<NodeId> some, Set<NodeId> of) {
            return 2 * of.stream().filter(some::contains).count() > of.size();
        }
    }

    /**
     * @param voters by the newest configuration in the log
     * @param ledTerm the term in which this replica leads and is ready to serve, if it does
     */
    TermConfirmation(NodeId self, Supplier<Voters> voters, Supplier<OptionalLong> ledTerm, LongSupplier commitIndex,
            Function<NodeId, CompletableFuture<Long>> askTerm, Duration timeout) {
        this.self = self;
        this.voters = voters;
        this.ledTerm = ledTerm;
        this.commitIndex = commitIndex;
        this.askTerm = askTerm;
        this.timeout = timeout;
    }

    CompletableFuture<Long> confirm() {
        CompletableFuture<Long> mine;
        synchronized (this) {
            if (next == null) {
                next = new CompletableFuture<>();
            }
            mine = next;
            if (running) {
                return mine.copy();
            }
            running = true;
            next = null;
        }
        run(mine);
        return mine.copy();
    }

    private void run(CompletableFuture<Long> round) {
        CompletableFuture<Long> outcome;
        try {
            outcome = begin();
        } catch (RuntimeException e) {
            outcome = CompletableFuture.failedFuture(e);
        }
        outcome.whenComplete((index, error) -> {
            CompletableFuture<Long> following;
            synchronized (this) {
                following = next;
                next = null;
                running = following != null;
            }
            if (error == null) {
                round.complete(index);
            } else {
                round.completeExceptionally(Failures.unwrap(error));
            }
            if (following != null) {
                run(following);
            }
        });
    }

    private CompletableFuture<Long> begin() {
        OptionalLong term = ledTerm.get();
        if (term.isEmpty()) {
            return CompletableFuture
                    .failedFuture(new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, Optional.empty(), "not a ready leader"));
        }
        // A later configuration is this leader's own, and begins with a majority of this one; or another leader's, whom one of these voted for.
        Voters asked = voters.get();
        Tally tally = new Tally(term.getAsLong(), commitIndex.getAsLong(), asked);
        for (NodeId other : asked.all()) {
            if (!other.equals(self)) {
                ask(other).whenComplete((answer, error) -> tally.count(other, error == null ? answer : -1L));
            }
        }
        return tally.outcome.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(Failures.unwrap(e) instanceof ProposalFailure f
                        ? f
                        : Failures.unavailable("no majority confirmed the term in time")));
    }

    private CompletableFuture<Long> ask(NodeId other) {
        try {
            return askTerm.apply(other);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Counts answers; this replica's own is in from the start. */
    private final class Tally {
        private final long term;
        private final long index;
        private final CompletableFuture<Long> outcome = new CompletableFuture<>();
        private final Voters asked;
        private final Set<NodeId> confirmed = new HashSet<>(); // guarded by this

        Tally(long term, long index, Voters asked) {
            this.term = term;
            this.index = index;
            this.asked = asked;
            confirmed.add(self);
            if (asked.isMajority(confirmed)) {
                outcome.complete(index);
            }
        }

        /** Silence and lower terms count for nothing: the peer may yet vote for another. */
        void count(NodeId peer, long answer) {
            if (answer > term) {
                outcome.completeExceptionally(
                        new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, Optional.empty(), "term " + term + " is over: " + answer));
                return;
            }
            boolean enough;
            synchronized (this) {
                enough = answer == term && confirmed.add(peer) && asked.isMajority(confirmed);
            }
            if (enough) {
                outcome.complete(index);
            }
        }
    }
}
