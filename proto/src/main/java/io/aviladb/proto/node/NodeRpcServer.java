package io.aviladb.proto.node;

import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves a {@link NodeApi} over gRPC. Handlers only hand over: they run on the event loop. */
public final class NodeRpcServer {
    private NodeRpcServer() {
    }

    public static ServerServiceDefinition bind(NodeApi api) {
        return ServerServiceDefinition.builder(NodeRpc.SERVICE).addMethod(NodeRpc.WRITE, unary(api::write))
                .addMethod(NodeRpc.READ, read(api::read))
                .addMethod(NodeRpc.SCAN, read(api::scan)).addMethod(NodeRpc.DEFINE, unary(api::define))
                .addMethod(NodeRpc.HISTORY, read(api::history))
                .addMethod(NodeRpc.RANGES, unary(api::ranges))
                .addMethod(NodeRpc.MEMBERS, unary(api::members))
                .addMethod(NodeRpc.TOPOLOGY, unary(api::topology)).addMethod(NodeRpc.STATUS, unary(api::status))
                .addMethod(NodeRpc.UNCONFIRMED, unary(api::unconfirmed)).addMethod(NodeRpc.TERM, unary(api::currentTerm))
                .addMethod(NodeRpc.JOIN, unary(api::join))
                .addMethod(NodeRpc.FAULTS, unary(api::setFaults))
                .addMethod(NodeRpc.OPEN, ServerCalls.asyncServerStreamingCall(
                        (request, observer) -> new FrameSender((ServerCallStreamObserver<byte[]>) observer).start(api, request)))
                .build();
    }

    private static <Q, A> io.grpc.ServerCallHandler<Q, A> unary(Function<Q, CompletableFuture<A>> method) {
        return ServerCalls.asyncUnaryCall((request, observer) -> {
            CompletableFuture<A> answer = answer(method, request);
            answer.whenComplete((value, failure) -> {
                if (failure == null) {
                    observer.onNext(value);
                    observer.onCompleted();
                } else {
                    observer.onError(NodeRpc.toStatus(unwrap(failure)));
                }
            });
        });
    }

    /** Where nobody waits any longer, what hasn't been read needn't be. */
    private static <Q, A> io.grpc.ServerCallHandler<Q, A> read(Function<Q, CompletableFuture<A>> method) {
        return ServerCalls.asyncUnaryCall((request, observer) -> {
            CompletableFuture<A> answer = answer(method, request);
            ((ServerCallStreamObserver<A>) observer).setOnCancelHandler(() -> answer.cancel(false));
            answer.whenComplete((value, failure) -> {
                if (failure == null) {
                    observer.onNext(value);
                    observer.onCompleted();
                } else if (!answer.isCancelled()) {
                    observer.onError(NodeRpc.toStatus(unwrap(failure)));
                }
            });
        });
    }

    private static <Q, A> CompletableFuture<A> answer(Function<Q, CompletableFuture<A>> method, Q request) {
        try {
            return method.apply(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Passes frames on as fast as the transport takes them: credit for the source comes from the transport's readiness. */
    private static final class FrameSender implements NodeStream.Receiver {
        private static final int WINDOW = 4;
        private final ServerCallStreamObserver<byte[]> observer;
        private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
        private @Nullable NodeStream source;
        private boolean ended;
        private boolean closed;
        private @Nullable Throwable failure;

        FrameSender(ServerCallStreamObserver<byte[]> observer) {
            this.observer = observer;
        }

        void start(NodeApi api, StreamRequest request) {
            observer.setOnReadyHandler(this::drain);
            observer.setOnCancelHandler(this::cancel);
            NodeStream opened = api.open(request, this);
            boolean cancelled;
            synchronized (this) {
                source = opened;
                cancelled = closed;
            }
            if (cancelled) {
                opened.cancel();
            } else {
                opened.request(WINDOW);
            }
        }

        private void cancel() {
            NodeStream opened;
            synchronized (this) {
                closed = true;
                waiting.clear();
                opened = source;
            }
            if (opened != null) {
                opened.cancel();
            }
        }

        private void drain() {
            int sent = 0;
            NodeStream opened;
            synchronized (this) {
                while (!closed && observer.isReady() && !waiting.isEmpty()) {
                    observer.onNext(waiting.remove());
                    sent++;
                }
                if (!closed && waiting.isEmpty() && failure != null) {
                    closed = true;
                    observer.onError(NodeRpc.toStatus(unwrap(failure)));
                } else if (!closed && waiting.isEmpty() && ended) {
                    closed = true;
                    observer.onCompleted();
                }
                opened = closed ? null : source;
            }
            if (opened != null && sent > 0) {
                opened.request(sent);
            }
        }

        @Override
        public void onFrame(byte[] frame) {
            synchronized (this) {
                waiting.add(frame);
            }
            drain();
        }

        @Override
        public void onEnd() {
            synchronized (this) {
                ended = true;
            }
            drain();
        }

        @Override
        public void onError(Throwable cause) {
            synchronized (this) {
                failure = cause;
            }
            drain();
        }
    }
}
