package io.aviladb.node.rpc;

import io.aviladb.proto.node.NodeRpc;
import io.grpc.ForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the node's log, at level DEBUG, which calls it answered for whose trace. Calls without a trace pass untouched. */
public final class CallTrace implements ServerInterceptor {
    private static final Logger log = LoggerFactory.getLogger(CallTrace.class);

    private final Consumer<Answered> sink;

    /** @param traceparent of the router's part of the trace: its third field is the request's id */
    record Answered(String method, String traceparent, Status.Code status, long nanos) {}

    public CallTrace() {
        this(call -> log.atDebug().addKeyValue("method", call.method).addKeyValue("traceparent", call.traceparent)
                .addKeyValue("status", call.status).addKeyValue("micros", call.nanos / 1_000).log("Call answered"));
    }

    CallTrace(Consumer<Answered> sink) {
        this.sink = sink;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        @Nullable
        String traceparent = headers.get(NodeRpc.TRACE);
        if (traceparent == null) {
            return next.startCall(call, headers);
        }
        long start = System.nanoTime();
        String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
        return next.startCall(new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                sink.accept(new Answered(method, traceparent, status.getCode(), System.nanoTime() - start));
                super.close(status, trailers);
            }
        }, headers);
    }
}
