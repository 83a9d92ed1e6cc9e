package io.aviladb.router.edge.grpc;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.LawBrokenException;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.TraceContext;
import io.aviladb.router.edge.UnconfirmedException;
import io.aviladb.router.route.Caller;
import io.aviladb.router.route.Failure;
import io.aviladb.router.route.Served;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a call: counts it, bounds it, and turns what it fails with into a status. */
final class GrpcCalls {
    private static final AsciiString REQUEST_ID = HttpHeaderNames.of("x-aviladb-request-id");
    private static final AsciiString ROUTED = HttpHeaderNames.of("x-aviladb-routed");
    private static final Logger log = LoggerFactory.getLogger(GrpcCalls.class);

    private final Edge edge;

    GrpcCalls(Edge edge) {
        this.edge = edge;
    }

    /** A call under way. */
    static final class Call {
        private final String requestId;
        private final long startNanos;
        private volatile @Nullable Served served;

        Call(String requestId, long startNanos) {
            this.requestId = requestId;
            this.startNanos = startNanos;
        }

        String requestId() {
            return requestId;
        }

        long startNanos() {
            return startNanos;
        }

        /** Who waits for the answer; known where the call is being served, and not in later pages of a stream. */
        Caller caller() {
            ServiceRequestContext context = ServiceRequestContext.currentOrNull();
            return context == null
                    ? Caller.unknown()
                    : new Caller(trace(context).map(of -> of.header(requestId)).orElse(""),
                            context.whenRequestCancelling().thenAccept(cause -> {}));
        }

        /** Where the answer was made. */
        void served(Served where) {
            served = where;
        }
    }

    Call begin() {
        return new Call(Edge.newRequestId(), edge.clock().nanos());
    }

    <A> void run(String operation, StreamObserver<A> observer, Function<Call, CompletableFuture<A>> work) {
        Call call = begin();
        CompletableFuture<A> answer;
        boolean counted = false;
        try {
            edge.inFlight().enter();
            counted = true;
            answer = work.apply(call);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        boolean entered = counted;
        ServiceRequestContext own = ServiceRequestContext.current();
        answer.whenComplete((value, failure) -> inOwnContext(own, () -> {
            if (entered) {
                edge.inFlight().leave();
            }
            if (failure == null) {
                metadata(call, own);
                observer.onNext(value);
                observer.onCompleted();
                told(operation, "OK", call, own);
            } else {
                observer.onError(failed(operation, Failure.unwrap(failure), call, own));
            }
        }));
    }

    private static Optional<TraceContext> trace(ServiceRequestContext context) {
        return TraceContext.parse(context.request().headers().get(TraceContext.HEADER));
    }

    /** Sets what the answer's metadata tell. */
    void metadata(Call call, ServiceRequestContext context) {
        Optional<TraceContext> trace = trace(context);
        context.mutateAdditionalResponseHeaders(headers -> { // each change of its own would copy them
            trace.ifPresent(of -> headers.set(TraceContext.HEADER, of.header(call.requestId)));
            headers.set(REQUEST_ID, call.requestId).set(ROUTED, edge.routed(call.served));
        });
    }

    /** A failure as the status to answer; it is logged and counted as the call's end. */
    StatusRuntimeException failed(String operation, Throwable cause, Call call, ServiceRequestContext context) {
        if (cause instanceof RefusedException refused) {
            call.served(refused.served());
        }
        metadata(call, context);
        AvilaError error = error(cause, call.requestId, trace(context));
        told(operation, error.code().name(), call, context);
        return GrpcErrors.status(error, seen(cause));
    }

    /** Logs and counts how a call ended. */
    void told(String operation, String code, Call call, ServiceRequestContext context) {
        log.atDebug().addKeyValue("request", call.requestId)
                .addKeyValue("trace", () -> trace(context).map(TraceContext::traceId).orElse(""))
                .addKeyValue("operation", operation).addKeyValue("code", code).addKeyValue("routed", () -> edge.routed(call.served))
                .addKeyValue("decision", () -> Edge.decision(call.served)).log("Request answered");
        edge.metrics().request("grpc", operation, code, edge.clock().nanos() - call.startNanos);
    }

    /** Writes that share an entry may all be answered while one of them is being served: Armeria refuses to answer one inside another. */
    private static void inOwnContext(RequestContext own, Runnable respond) {
        RequestContext current = RequestContext.currentOrNull();
        if (current == null || current == own) {
            respond.run();
        } else {
            own.eventLoop().withoutContext().execute(respond);
        }
    }

    /** What a failure tells beside its error. */
    private Map<String, String> seen(Throwable cause) {
        if (cause instanceof RefusedException refused) {
            return Map.of("session", edge.tokens().session(refused.session()));
        }
        return cause instanceof UnconfirmedException unconfirmed
                ? Map.of("session", edge.tokens().session(unconfirmed.written().session()), "receipt", unconfirmed.written().receipt())
                : Map.of();
    }

    private static AvilaError error(Throwable cause, String requestId, Optional<TraceContext> trace) {
        if (cause instanceof RefusedException refused) {
            return refused.error();
        }
        if (cause instanceof UnconfirmedException unconfirmed) {
            return unconfirmed.error();
        }
        if (cause instanceof LawBrokenException broken) {
            return broken.error();
        }
        if (cause instanceof AvilaError error) {
            return error;
        }
        log.atError().addKeyValue("request", requestId).addKeyValue("trace", trace.map(TraceContext::traceId).orElse("")).setCause(cause)
                .log("Request failed unexpectedly");
        return new AvilaError(ErrorCode.INTERNAL, "the server failed; its log has request " + requestId);
    }
}
