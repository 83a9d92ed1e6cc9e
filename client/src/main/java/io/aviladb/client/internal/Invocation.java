package io.aviladb.client.internal;

import io.aviladb.client.error.ErrorDetails;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.error.ErrorCode.Outcome;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One operation under way: attempts one after another until one is answered for good, the time is up or the budget is spent.
 *
 * <p>Safety: a write is sent again only with the id of its first attempt, which the server applies once. <em>Not applied</em> is concluded
 * only where every attempt is known to have done nothing. Liveness: every attempt has a deadline, every wait ends before it.
 *
 * <p>At most one attempt is under way, so the fields are touched by one thread at a time; handing over to the next goes through gRPC or the
 * scheduler.
 */
final class Invocation<Q, A> {
    private final Transport transport;
    private final Operation<Q, A> operation;
    private final CompletableFuture<Reply<A>> result = new CompletableFuture<>();
    private final long beganAt;
    private int attempts;
    private boolean maybeApplied; // some attempt's outcome is unknown
    private String firstRegion = ""; // of the first attempt of a write; never changed
    private @Nullable Failure last; // of the attempt before this one
    private volatile @Nullable ClientCall<Q, A> call;

    Invocation(Transport transport, Operation<Q, A> operation) {
        this.transport = transport;
        this.operation = operation;
        this.beganAt = transport.nanoTime().getAsLong();
    }

    CompletableFuture<Reply<A>> start() {
        transport.budget().operationBegan();
        result.whenComplete((reply, error) -> {
            ClientCall<Q, A> running = call;
            if (result.isCancelled() && running != null) {
                running.cancel("the caller no longer waits", null);
            }
        });
        if (transport.hosts().chosen().isDone()) {
            attempt(transport.hosts().current());
        } else {
            transport.hosts().chosen().thenRun(() -> attempt(transport.hosts().current()));
        }
        return result;
    }

    private Duration spent() {
        return Duration.ofNanos(transport.nanoTime().getAsLong() - beganAt);
    }

    private void attempt(Host host) {
        if (result.isDone()) {
            return; // cancelled
        }
        attempts++;
        if (operation.kind() != Kind.WRITE || !firstRegion.isEmpty()) {
            send(host);
            return;
        }
        CompletableFuture<String> region = host.region();
        if (!region.isDone()) {
            Duration remaining = operation.timeout().minus(spent());
            region = region.copy().orTimeout(Math.max(1, remaining.toNanos()), TimeUnit.NANOSECONDS);
        }
        region.whenComplete((name, error) -> {
            if (error == null) {
                firstRegion = name;
                send(host);
            } else {
                notSent(host, error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
    }

    private void notSent(Host host, Throwable error) {
        Failure failure = Failure.of(error instanceof java.util.concurrent.TimeoutException
                ? Status.DEADLINE_EXCEEDED.withDescription("the host didn't say which region it serves").asRuntimeException()
                : error);
        failed(host, new Failure(failure.status(), failure.details().with(Outcome.NOT_APPLIED), failure.answered(), failure.cause()));
    }

    private void send(Host host) {
        long remainingMillis = operation.timeout().minus(spent()).toMillis();
        if (remainingMillis < 1) {
            failed(host, new Failure(Status.Code.DEADLINE_EXCEEDED, new ErrorDetails("", Status.Code.DEADLINE_EXCEEDED.name(),
                    "the time ran out before the request was sent", "", false, Outcome.NOT_APPLIED, Duration.ZERO), false,
                    new java.util.concurrent.TimeoutException()));
            return;
        }
        String token = transport.session().token();
        // The server stops a little earlier, so that its answer, which says why, comes before the connection gives up.
        Terms terms = new Terms(token, Math.max(1, remainingMillis - Math.min(200, remainingMillis / 10)), firstRegion);
        ClientCall<Q, A> next = host.channel().newCall(operation.method(),
                CallOptions.DEFAULT.withDeadlineAfter(remainingMillis, TimeUnit.MILLISECONDS));
        call = next;
        SingleAnswer<A> receiver = new SingleAnswer<>((answer, error) -> {
            if (answer != null) {
                transport.session().saw(operation.session().apply(answer));
                finish(() -> result.complete(new Reply<>(answer, spent(), attempts)));
            } else if (error != null) {
                Failure failure = Failure.of(error);
                if (failure.details().reason().equals(ErrorCode.INVALID_SESSION.name())) {
                    transport.session().forget(token);
                }
                failed(host, failure);
            }
        });
        if (operation.method().getType() == MethodDescriptor.MethodType.UNARY) {
            ClientCalls.asyncUnaryCall(next, operation.request().apply(terms), receiver);
        } else { // a stream that was asked for one message
            ClientCalls.asyncServerStreamingCall(next, operation.request().apply(terms), receiver);
        }
    }

    private void failed(Host host, Failure failure) {
        maybeApplied |= operation.kind() != Kind.READ && failure.maybeApplied();
        if (failure.connectionFailed()) {
            transport.hosts().failed(host);
        }
        boolean again = failure.details().retryable() && (operation.kind() != Kind.DEFINITION || !maybeApplied);
        Duration wait = wait(failure);
        if (!again || spent().plus(wait).compareTo(operation.timeout()) >= 0 || !transport.budget().tryRetry()) {
            giveUp(failure);
            return;
        }
        last = failure;
        Host next = failure.elsewhere() ? transport.hosts().after(host) : host;
        try {
            transport.scheduler().schedule(wait, () -> attempt(next));
        } catch (RejectedExecutionException closed) {
            giveUp(failure);
        }
    }

    private Duration wait(Failure failure) {
        boolean othersUntried = failure.connectionFailed() && attempts < transport.hosts().count();
        return othersUntried ? Duration.ZERO : Backoff.before(attempts, failure.details().retryAfter(), transport.random());
    }

    private void giveUp(Failure ending) {
        // Where the time ran out in the middle of a retry, what was retried tells more.
        Failure before = last;
        Failure failure = before != null && !ending.answered() && ending.status() == Status.Code.DEADLINE_EXCEEDED ? before : ending;
        ErrorDetails details = failure.details();
        if (attempts > 1) {
            details = details.withMessage(details.message() + ", after " + attempts + " attempts in " + spent().toMillis() + " ms");
        }
        // A refusal that is for good is the operation's one answer, whatever became of earlier attempts.
        boolean unknown = maybeApplied && (details.retryable() || failure.maybeApplied() || !failure.answered());
        ErrorDetails concluded = details.with(unknown ? Outcome.MAYBE_APPLIED : Outcome.NOT_APPLIED);
        finish(() -> result.completeExceptionally(Exceptions.of(failure.status(), concluded, failure.cause())));
    }

    private static void finish(Runnable completion) {
        Await.completing(completion);
    }
}
