package io.aviladb.router.edge.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.query.Interest;
import io.aviladb.router.route.Failure;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Answers a call with pages, one after another: the next is made when the caller has taken the one before, so that no more than one waits here
 * for a slow caller. Ends with the last page, with a failure, or when the caller goes.
 *
 * <p>All fields are touched on the call's event loop alone.
 */
final class PageStream<A> {
    private final Edge edge;
    private final GrpcCalls calls;
    private final String operation;
    private final GrpcCalls.Call call;
    private final ServerCallStreamObserver<A> observer;
    private final BiFunction<Interest, String, CompletableFuture<Page<A>>> pages;
    private final ServiceRequestContext context = ServiceRequestContext.current();
    private final Interest interest = new Interest();
    private long left;
    private @Nullable String next = ""; // the token that the next page goes on with; absent behind the last
    private boolean working;

    /** @param next empty where it is the last */
    record Page<A>(A message, String next) {}

    private PageStream(Edge edge, GrpcCalls calls, String operation, ServerCallStreamObserver<A> observer, long limit,
            BiFunction<Interest, String, CompletableFuture<Page<A>>> pages, GrpcCalls.Call call) {
        this.edge = edge;
        this.calls = calls;
        this.operation = operation;
        this.call = call;
        this.observer = observer;
        this.left = limit;
        this.pages = pages;
    }

    /**
     * @param limit pages at most
     * @param first the token of the page before the first; empty for none
     * @param pages makes the page behind a token, as long as somebody waits
     */
    static <A> void run(Edge edge, GrpcCalls calls, String operation, StreamObserver<A> observer, long limit, String first,
            GrpcCalls.Call call, BiFunction<Interest, String, CompletableFuture<Page<A>>> pages) {
        PageStream<A> stream = new PageStream<>(edge, calls, operation, (ServerCallStreamObserver<A>) observer, limit, pages, call);
        stream.next = first;
        stream.observer.setOnCancelHandler(stream.interest::lose);
        stream.observer.setOnReadyHandler(stream::advance);
        stream.make(first);
    }

    private void advance() {
        String token = next;
        if (token != null && !working && observer.isReady() && !interest.isLost()) {
            make(token);
        }
    }

    private void make(String token) {
        working = true;
        CompletableFuture<Page<A>> page;
        boolean counted = false;
        try {
            edge.inFlight().enter();
            counted = true;
            page = pages.apply(interest, token);
        } catch (RuntimeException e) {
            page = CompletableFuture.failedFuture(e);
        }
        boolean entered = counted;
        page.whenComplete((made, failure) -> {
            if (entered) {
                edge.inFlight().leave();
            }
            context.eventLoop().withoutContext().execute(() -> send(made, failure));
        });
    }

    private void send(@Nullable Page<A> made, @Nullable Throwable failure) {
        working = false;
        if (interest.isLost()) {
            next = null;
            calls.told(operation, "CANCELLED", call, context);
        } else if (made == null) {
            next = null;
            Throwable cause = failure == null ? new IllegalStateException("neither a page nor a failure") : Failure.unwrap(failure);
            observer.onError(calls.failed(operation, cause, call, context));
        } else {
            left--;
            next = made.next().isEmpty() || left == 0 ? null : made.next();
            calls.metadata(call, context);
            observer.onNext(made.message());
            if (next == null) {
                calls.told(operation, "OK", call, context);
                observer.onCompleted();
            } else {
                advance();
            }
        }
    }
}
