package io.aviladb.node.range;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.proto.node.NodeRefusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Many writes share an entry. While as many entries are under way as the window allows, what comes waits and goes together with what comes
 * next: alone a write is proposed at once, and under load an entry grows by itself. No timer delays anything.
 *
 * <p>Proposals are made under one lock, so that their order is the log's.
 */
public final class WriteBatcher {
    /** Entries under way: one is on its way to disks while the next is filled. */
    private static final int WINDOW = 2;
    private static final int MAX_ENTRY_BYTES = 512 << 10;
    /** Beyond it a write is refused at once: a queue that grows only makes all wait. */
    private static final long MAX_QUEUED_BYTES = 48L << 20;
    private static final int MAX_QUEUED_UNITS = 8_192;

    private final RaftGroup raft;
    private final HybridLogicalClock clock;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>(); // guarded by this
    private long queuedBytes; // guarded by this
    private int underWay; // guarded by this

    private record Waiting(WriteUnit unit, int bytes, CompletableFuture<UnitAnswer> answer) {}

    public WriteBatcher(RaftGroup raft, HybridLogicalClock clock) {
        this.raft = raft;
        this.clock = clock;
    }

    /** The answer of apply; fails with {@link NodeRefusal} where the unit certainly isn't in the log. */
    public CompletableFuture<UnitAnswer> submit(WriteUnit unit) {
        Waiting waiting = new Waiting(unit, sizeOf(unit), new CompletableFuture<>());
        synchronized (this) {
            if (queuedBytes + waiting.bytes() > MAX_QUEUED_BYTES || queue.size() >= MAX_QUEUED_UNITS) {
                return CompletableFuture.failedFuture(
                        NodeRefusal.of(ErrorCode.OVERLOADED, queue.size() + " writes wait for group " + raft.descriptor().number()));
            }
            queue.add(waiting);
            queuedBytes += waiting.bytes();
        }
        pump();
        return waiting.answer();
    }

    private static int sizeOf(WriteUnit unit) {
        int bytes = 64;
        for (DocumentWrite write : unit.writes()) {
            bytes += write.key().bytes().length + 64 + switch (write.mutation()) {
                case Mutation.Put put -> put.json().length;
                case Mutation.MergePatch patch -> patch.json().length;
                case Mutation.Patch patch -> 64 * patch.operations().size();
                case Mutation.Delete delete -> 0;
            };
        }
        return bytes;
    }

    private void pump() {
        while (true) {
            List<Waiting> together;
            CompletableFuture<Object> proposal;
            synchronized (this) {
                if (queue.isEmpty() || underWay >= WINDOW) {
                    return;
                }
                together = take();
                underWay++;
                GroupEntry.Stamped entry = new GroupEntry.Stamped(clock.now(),
                        new GroupEntry.Writes(together.stream().map(Waiting::unit).toList()));
                try {
                    proposal = raft.propose(GroupEntry.encode(entry.reading(), entry.entry()), new RangeMachine.Proposed(entry));
                } catch (RuntimeException e) {
                    proposal = CompletableFuture.failedFuture(e);
                }
            }
            proposal.whenComplete((answers, failure) -> finish(together, answers, failure));
        }
    }

    private List<Waiting> take() {
        List<Waiting> together = new ArrayList<>();
        int bytes = 0;
        while (!queue.isEmpty() && (together.isEmpty() || bytes + queue.element().bytes() <= MAX_ENTRY_BYTES)) {
            Waiting next = queue.remove();
            queuedBytes -= next.bytes();
            bytes += next.bytes();
            together.add(next);
        }
        return together;
    }

    private void finish(List<Waiting> together, Object answers, Throwable failure) {
        synchronized (this) {
            underWay--;
        }
        pump(); // the next entry goes before clients are told of this one
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            for (Waiting waiting : together) {
                fail(waiting, cause);
            }
            return;
        }
        List<?> list = (List<?>) answers;
        for (int i = 0; i < together.size(); i++) {
            together.get(i).answer().complete((UnitAnswer) list.get(i));
        }
    }

    private void fail(Waiting waiting, Throwable cause) {
        if (cause instanceof ProposalFailure known && known.kind() != ProposalFailure.Kind.INDETERMINATE) {
            waiting.answer().completeExceptionally(switch (known.kind()) {
                case NOT_LEADER, INDETERMINATE -> NodeRefusal.notLeader(raft.descriptor().number(), known.leader());
                case OVERLOADED -> NodeRefusal.of(ErrorCode.OVERLOADED, "the group's log is full of entries under way");
                case UNAVAILABLE -> NodeRefusal.of(ErrorCode.NO_LEADER, "the group isn't served here: " + known.getMessage());
            });
        } else {
            waiting.answer().complete(new UnitAnswer.Refused(ErrorCode.INDETERMINATE, "the entry's fate is unknown: " + cause.getMessage(),
                    0, VersionVector.EMPTY));
        }
    }
}
