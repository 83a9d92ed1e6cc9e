package io.aviladb.proto.node;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A {@link NodeApi} at the other end of a channel. Every unary call has a deadline. */
public final class NodeRpcClient implements NodeApi {
    private static final long ADMIN_TIMEOUT_MILLIS = 10_000;
    /** A newcomer catches up in this time, or the leader is asked again. */
    private static final long ALTER_TIMEOUT_MILLIS = 300_000;
    /** What a deadline adds to the time that the node itself may take, so that the node's own answer comes first. */
    private static final long MARGIN_MILLIS = 500;

    private final Channel channel;

    public NodeRpcClient(Channel channel) {
        this.channel = channel;
    }

    @Override
    public NodeApi traced(String traceparent) {
        if (traceparent.isEmpty()) {
            return this;
        }
        Metadata headers = new Metadata();
        headers.put(NodeRpc.TRACE, traceparent);
        return new NodeRpcClient(ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
    }

    /** Who takes the answer back takes the call back. */
    static void takesBack(CompletableFuture<?> answer, CompletableFuture<?> call) {
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                call.cancel(false);
            }
        });
    }

    private <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request, long timeoutMillis) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS));
        ClientCalls.asyncUnaryCall(call, request, new StreamObserver<A>() {
            @Override
            public void onNext(A value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                answer.completeExceptionally(NodeRpc.fromStatus(failure));
            }

            @Override
            public void onCompleted() {
                answer.completeExceptionally(Status.INTERNAL.withDescription("the node answered nothing").asRuntimeException());
            }
        });
        answer.whenComplete((value, failure) -> {
            if (answer.isCancelled()) {
                call.cancel("nobody waits for the answer any longer", null);
            }
        });
        return answer;
    }

    @Override
    public CompletableFuture<WriteReply> write(WriteRequest request) {
        return call(NodeRpc.WRITE, request, request.timeoutMillis() + MARGIN_MILLIS);
    }

    @Override
    public CompletableFuture<ReadReply> read(ReadRequest request) {
        return call(NodeRpc.READ, request, request.terms().timeoutMillis() + MARGIN_MILLIS);
    }

    @Override
    public CompletableFuture<ScanReply> scan(ScanRequest request) {
        return call(NodeRpc.SCAN, request, request.terms().timeoutMillis() + MARGIN_MILLIS);
    }

    @Override
    public CompletableFuture<HistoryReply> history(HistoryRequest request) {
        return call(NodeRpc.HISTORY, request, request.terms().timeoutMillis() + MARGIN_MILLIS);
    }

    @Override
    public CompletableFuture<DefineReply> define(DefineRequest request) {
        return call(NodeRpc.DEFINE, request, ADMIN_TIMEOUT_MILLIS);
    }

    @Override
    public CompletableFuture<RangeReply> ranges(RangeRequest request) {
        return call(NodeRpc.RANGES, request, ADMIN_TIMEOUT_MILLIS);
    }

    @Override
    public CompletableFuture<MemberReply> members(MemberRequest request) {
        return call(NodeRpc.MEMBERS, request, request instanceof MemberRequest.Alter ? ALTER_TIMEOUT_MILLIS : ADMIN_TIMEOUT_MILLIS);
    }

    @Override
    public CompletableFuture<Topology> topology(TopologyRequest request) {
        return call(NodeRpc.TOPOLOGY, request, request.waitMillis() + 3_000);
    }

    @Override
    public CompletableFuture<NodeStatus> status(StatusRequest request) {
        return call(NodeRpc.STATUS, request, 3_000);
    }

    @Override
    public CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request) {
        return call(NodeRpc.UNCONFIRMED, request, 3_000);
    }

    @Override
    public CompletableFuture<TermReply> currentTerm(TermRequest request) {
        return call(NodeRpc.TERM, request, 2_000);
    }

    @Override
    public CompletableFuture<JoinReply> join(JoinRequest request) {
        return call(NodeRpc.JOIN, request, ADMIN_TIMEOUT_MILLIS);
    }

    @Override
    public CompletableFuture<FaultSet> setFaults(FaultSet faults) {
        return call(NodeRpc.FAULTS, faults, 3_000);
    }

    @Override
    public NodeStream open(StreamRequest request, NodeStream.Receiver receiver) {
        ClientCall<StreamRequest, byte[]> call = channel.newCall(NodeRpc.OPEN, CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {
            @Override
            public void onMessage(byte[] frame) {
                receiver.onFrame(frame);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                if (status.isOk()) {
                    receiver.onEnd();
                } else {
                    receiver.onError(NodeRpc.fromStatus(status.asRuntimeException(trailers)));
                }
            }
        }, new Metadata());
        call.sendMessage(request);
        call.halfClose();
        return new NodeStream() {
            @Override
            public void request(int frames) {
                call.request(frames);
            }

            @Override
            public void cancel() {
                call.cancel("the receiver has no more use for it", null);
            }
        };
    }
}
