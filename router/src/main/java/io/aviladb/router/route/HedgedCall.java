package io.aviladb.router.route;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.router.topology.RoundTrips;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One read at the replica that was chosen, and at a second one where the first is late and the budget allows it. The first answer counts, and the
 * other question is taken back. A failure counts only where no other question is open.
 *
 * @param <A> the answer
 */
final class HedgedCall<A> {
    /** Where the read was settled, and how. */
    sealed interface Settled<A> {
        NodeId node();

        /** @param hedged whether by the second question */
        record Answered<A>(NodeId node, A reply, boolean hedged) implements Settled<A> {}

        record Failed<A>(NodeId node, Throwable cause) implements Settled<A> {}

        /** Of one question alone, as it ended. */
        static <A> CompletableFuture<Settled<A>> of(NodeId node, CompletableFuture<A> question) {
            return question.<Settled<A>>thenApply(reply -> new Answered<>(node, reply, false))
                    .exceptionally(cause -> new Failed<>(node, cause));
        }
    }

    private final Clock clock;
    private final RoundTrips roundTrips;
    private final Function<NodeId, CompletableFuture<A>> call;
    private final CompletableFuture<Settled<A>> settled = new CompletableFuture<>();
    private @Nullable Question first; // guarded by this, as are the following
    private @Nullable Question second;
    private int open;

    private final class Question {
        final NodeId node;
        final long begunAt = clock.nanos();
        final CompletableFuture<A> answer;

        Question(NodeId node) {
            this.node = node;
            roundTrips.began(node);
            this.answer = call.apply(node);
        }

        long nanos() {
            return clock.nanos() - begunAt;
        }
    }

    HedgedCall(Clock clock, RoundTrips roundTrips, Function<NodeId, CompletableFuture<A>> call) {
        this.clock = clock;
        this.roundTrips = roundTrips;
        this.call = call;
    }

    /** Never fails. Cancelling it takes the questions back. */
    CompletableFuture<Settled<A>> start(RoutingDecision decision, Budget hedges, Scheduler scheduler) {
        hedges.ordinary();
        ask(decision.chosen(), false);
        Optional<NodeId> next = decision.next().filter(node -> decision.hedgeMicros() > 0);
        if (next.isPresent() && !settled.isDone()) {
            Scheduler.Task timer = scheduler.schedule(Duration.ofNanos(decision.hedgeMicros() * 1_000), () -> {
                if (!settled.isDone() && hedges.take()) {
                    ask(next.get(), true);
                }
            });
            settled.whenComplete((done, failure) -> timer.cancel());
        }
        settled.whenComplete((done, failure) -> takeBack());
        return settled;
    }

    private void ask(NodeId node, boolean hedge) {
        synchronized (this) {
            open++;
        }
        Question question = new Question(node);
        synchronized (this) {
            if (hedge) {
                second = question;
            } else {
                first = question;
            }
        }
        question.answer.whenComplete((reply, failure) -> {
            boolean last;
            synchronized (this) {
                open--;
                last = open == 0;
            }
            if (failure == null) {
                roundTrips.measured(node, question.nanos());
                settled.complete(new Settled.Answered<>(node, reply, hedge));
            } else if (!question.answer.isCancelled()) {
                roundTrips.ended(node);
                if (last) {
                    settled.complete(new Settled.Failed<>(node, failure));
                } else if (Failure.of(node, failure) instanceof Failure.Unknown) {
                    roundTrips.failed(node);
                }
            }
        });
        if (settled.isDone()) {
            takeBack();
        }
    }

    private void takeBack() {
        Question one;
        Question other;
        synchronized (this) {
            one = first;
            other = second;
        }
        takeBack(one);
        takeBack(other);
    }

    private void takeBack(@Nullable Question question) {
        if (question != null && !question.answer.isDone() && question.answer.cancel(false)) {
            roundTrips.atLeast(question.node, question.nanos());
        }
    }
}
