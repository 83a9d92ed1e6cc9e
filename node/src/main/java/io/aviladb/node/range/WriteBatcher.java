package io.aviladb.node.range;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.proto.node.NodeRefusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Many writes share an entry. While none is under way, a write is proposed at once; beside one that is, writes gather, and go when it is done
 * or when they fill an entry: alone a write waits for nobody, and under load entries grow by themselves. No timer delays anything. (Nagle's
 * rule; a second entry of a few writes would cost as much as a full one, and keep the next from filling.)
 *
 * <p>Proposals are made under one lock, so that their order is the log's.
 */
public final class WriteBatcher {
    /** Entries under way: one is on its way to disks while the next is filled. */
    private static final int WINDOW = 2;
    /** What waits is worth an entry of its own beside one that is under way. */
    private static final long WORTH_AN_ENTRY_BYTES = 64 << 10;
    private static final int MAX_ENTRY_BYTES = 512 << 10;
    /** Beyond it a write is refused at once: a queue that grows only makes all wait. */
    private static final long MAX_QUEUED_BYTES = 48L << 20;
    private static final int MAX_QUEUED_UNITS = 8_192;

    private final RaftGroup raft;
    private final HybridLogicalClock clock;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>(); // guarded by this
    private long queuedBytes; // guarded by this
    private int underWay; // guarded by this
    private long submitted; // guarded by this

    private final LongSupplier nanoTime;
    private final Set<Waiting> open = ConcurrentHashMap.newKeySet(); // not answered yet

    /** Identity tells one from another. */
    private static final class Waiting {
        final WriteUnit unit;
        final int bytes;
        final long timeoutMillis;
        final long deadlineNanos;
        long number; // in the order of their coming
        final CompletableFuture<UnitAnswer> answer = new CompletableFuture<>();

        Waiting(WriteUnit unit, long timeoutMillis, long now) {
            this.unit = unit;
            this.bytes = unit.sizeEstimate();
            this.timeoutMillis = timeoutMillis;
            this.deadlineNanos = now + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        }
    }

    public WriteBatcher(RaftGroup raft, HybridLogicalClock clock, LongSupplier nanoTime) {
        this.raft = raft;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * The answer of apply, or {@link ErrorCode#INDETERMINATE} once {@link #expire} finds the time over; fails with {@link NodeRefusal} where the
     * unit certainly isn't in the log.
     */
    public CompletableFuture<UnitAnswer> submit(WriteUnit unit, long timeoutMillis) {
        Waiting waiting = new Waiting(unit, timeoutMillis, nanoTime.getAsLong());
        synchronized (this) {
            if (queuedBytes + waiting.bytes > MAX_QUEUED_BYTES || queue.size() >= MAX_QUEUED_UNITS) {
                return CompletableFuture.failedFuture(
                        NodeRefusal.of(ErrorCode.OVERLOADED, queue.size() + " writes wait for group " + raft.descriptor().number()));
            }
            waiting.number = submitted++;
            open.add(waiting); // before another thread can take it from the queue and answer it
            queue.add(waiting);
            queuedBytes += waiting.bytes;
        }
        pump();
        return waiting.answer;
    }

    private void pump() {
        while (true) {
            List<Waiting> together;
            CompletableFuture<Object> proposal;
            synchronized (this) {
                if (!mayGo()) {
                    return;
                }
                together = take();
                underWay++;
                GroupEntry.Stamped entry = new GroupEntry.Stamped(clock.now(),
                        new GroupEntry.Writes(together.stream().map(waiting -> waiting.unit).toList()));
                try {
                    proposal = raft.propose(GroupEntry.encode(entry.reading(), entry.entry()), new RangeMachine.Proposed(entry));
                } catch (RuntimeException e) {
                    proposal = CompletableFuture.failedFuture(e);
                }
            }
            proposal.whenComplete((answers, failure) -> finish(together, answers, failure));
        }
    }

    /** Call with the lock held. */
    private boolean mayGo() {
        return underWay == 0 ? !queue.isEmpty() : underWay < WINDOW && queuedBytes >= WORTH_AN_ENTRY_BYTES;
    }

    private List<Waiting> take() {
        List<Waiting> together = new ArrayList<>();
        int bytes = 0;
        while (!queue.isEmpty() && (together.isEmpty() || bytes + queue.element().bytes <= MAX_ENTRY_BYTES)) {
            Waiting next = queue.remove();
            queuedBytes -= next.bytes;
            bytes += next.bytes;
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
            open.remove(together.get(i));
            together.get(i).answer.complete((UnitAnswer) list.get(i));
        }
    }

    /** Answers the writes whose time is over: one look every so often costs less than a timer for each write. */
    public void expire() {
        long now = nanoTime.getAsLong();
        List<Waiting> over = open.stream().filter(waiting -> now - waiting.deadlineNanos >= 0)
                .sorted(Comparator.comparingLong(waiting -> waiting.number)).toList();
        for (Waiting waiting : over) {
            if (open.remove(waiting)) {
                waiting.answer.complete(new UnitAnswer.Refused(ErrorCode.INDETERMINATE,
                        "the entry wasn't applied within " + waiting.timeoutMillis + " ms", 0, VersionVector.EMPTY));
            }
        }
    }

    private void fail(Waiting waiting, Throwable cause) {
        open.remove(waiting);
        if (cause instanceof ProposalFailure known && known.kind() != ProposalFailure.Kind.INDETERMINATE) {
            waiting.answer.completeExceptionally(switch (known.kind()) {
                case NOT_LEADER, INDETERMINATE -> NodeRefusal.notLeader(raft.descriptor().number(), known.leader());
                case OVERLOADED -> NodeRefusal.of(ErrorCode.OVERLOADED, "the group's log is full of entries under way");
                case UNAVAILABLE -> NodeRefusal.of(ErrorCode.NO_LEADER, "the group isn't served here: " + known.getMessage());
            });
        } else {
            waiting.answer.complete(new UnitAnswer.Refused(ErrorCode.INDETERMINATE, "the entry's fate is unknown: " + cause.getMessage(),
                    0, VersionVector.EMPTY));
        }
    }
}
