package io.aviladb.router.topology;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.StatusRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds out within two seconds that a node has fallen silent: a cut network says nothing, and a call under way would wait for its whole time. Nodes
 * are listened to while something depends on them, and asked only where nothing was heard of them by itself.
 *
 * <p>States of a node: <i>heard</i> (it answered lately), <i>asked</i> (a question is open since a time), <i>silent</i> (the question is open for
 * longer than {@link #SILENCE}, or three of the node's round trips). heard → asked → heard | silent → heard. Only an answer ends silence.
 *
 * <p>A process that was stopped itself (a pause of the collector, a full machine) has heard nobody and must not blame the others: time in which
 * this one's own ticks came late doesn't count. Source: Dadgar, Phillips, Currey, <em>Lifeguard: Local Health Awareness for More Accurate Failure
 * Detection</em>, 2018, section 3; here the local health is the lateness of a timer.
 */
final class Pulse {
    /** Between two looks at everybody; also the longest lateness that is no stop. */
    static final Duration TICK = Duration.ofMillis(125);
    /** A node that matters is asked where nothing was heard of it for so long. */
    static final Duration QUIET = Duration.ofMillis(250);
    /** A question open for so long makes a node silent. Too small blames slow nodes, too large lets their clients wait. */
    static final Duration SILENCE = Duration.ofMillis(800);
    private static final Duration LONGEST_SILENCE = Duration.ofMillis(1_200);
    /** A silent node is asked again so often: the earlier questions may be lost for good. */
    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    /** What the pulse tells its owner. */
    interface Listener {
        void onSilent(NodeId node);

        /** An answer after a silence. */
        void onHeard(NodeId node);
    }

    private final Clock clock;
    private final Scheduler scheduler;
    private final Function<NodeId, NodeApi> nodes;
    private final RoundTrips roundTrips;
    private final Supplier<? extends Collection<NodeId>> watched;
    private final Listener listener;
    private final ConcurrentHashMap<NodeId, Beat> beats = new ConcurrentHashMap<>();
    private long dueNanos;
    private volatile boolean closed;

    /** One node. Guarded by itself. */
    private static final class Beat {
        final Set<CompletableFuture<?>> calls = Collections.synchronizedSet(new LinkedHashSet<>()); // ended in the order in which they began
        volatile long heardAt;
        volatile boolean silent;
        boolean asked; // since askedSince; a question is open
        long askedSince;
        long lastQuestionAt;

        Beat(long now) {
            heardAt = now;
        }
    }

    /** @param watched those that matter even where no call to them is under way */
    Pulse(Clock clock, Scheduler scheduler, Function<NodeId, NodeApi> nodes, RoundTrips roundTrips,
            Supplier<? extends Collection<NodeId>> watched, Listener listener) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.nodes = nodes;
        this.roundTrips = roundTrips;
        this.watched = watched;
        this.listener = listener;
    }

    void start() {
        dueNanos = clock.nanos() + TICK.toNanos();
        scheduler.schedule(TICK, this::tick);
    }

    boolean isSilent(NodeId node) {
        Beat beat = beats.get(node);
        return beat != null && beat.silent;
    }

    /** Whether an open question to the node has taken longer than its answers usually do. */
    boolean isLate(NodeId node) {
        Beat beat = beats.get(node);
        if (beat == null) {
            return false;
        }
        synchronized (beat) {
            return beat.silent || beat.asked && clock.nanos() - beat.askedSince > Math.max(QUIET.toNanos(), 2 * wayNanos(node));
        }
    }

    /**
     * The call, which fails as lost when the node falls silent meanwhile. Its answer counts as a sign of life.
     *
     * @param call makes the call; not run where the node is silent already, so that nothing can have been done by it
     */
    <A> CompletableFuture<A> listen(NodeId node, Supplier<CompletableFuture<A>> call) {
        Beat beat = beat(node);
        if (beat.silent) {
            return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.NO_LEADER, "node " + node + " doesn't answer"));
        }
        CompletableFuture<A> made = call.get();
        if (made.isDone()) {
            return made;
        }
        CompletableFuture<A> heard = new CompletableFuture<>();
        beat.calls.add(heard);
        made.whenComplete((answer, failure) -> {
            beat.calls.remove(heard);
            if (failure == null) {
                heard(node, beat);
                heard.complete(answer);
            } else {
                heard.completeExceptionally(failure);
            }
        });
        heard.whenComplete((answer, failure) -> {
            if (heard.isCancelled()) {
                made.cancel(false);
            }
        });
        return heard;
    }

    private Beat beat(NodeId node) {
        Beat beat = beats.get(node);
        return beat != null ? beat : beats.computeIfAbsent(node, name -> new Beat(clock.nanos()));
    }

    private void tick() {
        if (closed) {
            return;
        }
        long now = clock.nanos();
        long late = now - dueNanos;
        dueNanos = now + TICK.toNanos();
        if (late > TICK.toNanos()) {
            beats.values().forEach(beat -> forgive(beat, late));
        }
        watched.get().forEach(node -> ask(node, beat(node), now));
        beats.forEach((node, beat) -> {
            if (!beat.calls.isEmpty() || beat.silent) {
                ask(node, beat, now);
            }
            judge(node, beat, now);
        });
        scheduler.schedule(TICK, this::tick);
    }

    private static void forgive(Beat beat, long late) {
        synchronized (beat) {
            beat.askedSince += late;
        }
    }

    private void ask(NodeId node, Beat beat, long now) {
        synchronized (beat) {
            boolean due = beat.asked
                    ? now - beat.lastQuestionAt >= ASK_AGAIN.toNanos()
                    : now - beat.heardAt >= QUIET.toNanos();
            if (!due) {
                return;
            }
            if (!beat.asked) {
                beat.asked = true;
                beat.askedSince = now;
            }
            beat.lastQuestionAt = now;
        }
        CompletableFuture<NodeStatus> answer;
        try {
            answer = nodes.apply(node).status(new StatusRequest(false));
        } catch (RuntimeException unreachable) {
            return; // no answer, as good as a lost one
        }
        answer.whenComplete((status, failure) -> {
            if (failure == null) {
                roundTrips.probed(node, clock.nanos() - now);
            }
            if (failure == null || isAnswer(failure)) {
                heard(node, beat);
            }
        });
    }

    /** A refusal by the node is a sign of life, too; that it can't be reached is none. */
    private static boolean isAnswer(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof NodeRefusal refusal && refusal.code() != ErrorCode.REGION_UNREACHABLE;
    }

    private void heard(NodeId node, Beat beat) {
        long now = clock.nanos();
        boolean wasSilent;
        if (!beat.silent && now - beat.heardAt < TICK.toNanos()) {
            return; // of a busy node: once a tick is enough
        }
        synchronized (beat) {
            wasSilent = beat.silent;
            beat.heardAt = now;
            beat.asked = false;
            beat.silent = false;
        }
        if (wasSilent) {
            listener.onHeard(node);
        }
    }

    private void judge(NodeId node, Beat beat, long now) {
        long limit = Math.max(SILENCE.toNanos(), Math.min(LONGEST_SILENCE.toNanos(), 3 * wayNanos(node)));
        synchronized (beat) {
            if (beat.silent || !beat.asked || now - beat.askedSince < limit) {
                return;
            }
            beat.silent = true;
        }
        listener.onSilent(node);
        for (CompletableFuture<?> call : List.copyOf(beat.calls)) {
            call.completeExceptionally(new IllegalStateException("node " + node + " has fallen silent"));
        }
    }

    private long wayNanos(NodeId node) {
        return roundTrips.wayMicros(node) * 1_000;
    }

    void close() {
        closed = true;
    }
}
