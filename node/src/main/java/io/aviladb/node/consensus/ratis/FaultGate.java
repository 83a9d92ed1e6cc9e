package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.LinkFaults;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a node's Raft service. Lets servers in and nobody else: clients and administration go through this node. Where faults are
 * injected, it loses or delays messages as they arrive, and answers as they leave, so both directions of a link are cut at the two ends'
 * gates. Messages name their sender, so a cut acts on streams that exist.
 */
final class FaultGate implements GrpcServices.Customizer, ServerInterceptor, AutoCloseable {
    private static final Set<String> VOTING = Set.of(RaftServerProtocolServiceGrpc.getRequestVoteMethod().getFullMethodName(),
            RaftServerProtocolServiceGrpc.getStartLeaderElectionMethod().getFullMethodName());

    private final NodeId self;
    private final LinkFaults faults;
    private final Predicate<RaftGroupId> voteless;
    private final ScheduledExecutorService timer = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("link-delays").factory());
    private final Executor workers = Executors.newVirtualThreadPerTaskExecutor();

    /** @param voteless which groups' replicas here neither vote nor stand for election */
    FaultGate(NodeId self, LinkFaults faults, Predicate<RaftGroupId> voteless) {
        this.self = self;
        this.faults = faults;
        this.voteless = voteless;
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return builder.intercept(this);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!RaftServerProtocolServiceGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
            call.close(Status.PERMISSION_DENIED.withDescription("only servers speak here"), new Metadata());
            return new ServerCall.Listener<>() {
            };
        }
        ServerCall.Listener<Q> passed = faults == LinkFaults.NONE
                ? next.startCall(call, headers)
                : GatedCall.start(this, call, headers, next);
        return VOTING.contains(call.getMethodDescriptor().getFullMethodName()) ? new VoteCall<>(call, passed) : passed;
    }

    /** A call that asks for a vote, or to stand for election. A replica without a vote gives no answer that could be counted. */
    private final class VoteCall<Q, R> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, R> call;
        private boolean refused;

        VoteCall(ServerCall<Q, R> call, ServerCall.Listener<Q> passed) {
            super(passed);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            RaftRpcRequestProto header = header(message);
            if (header != null && voteless.test(RaftGroupId.valueOf(header.getRaftGroupId().getId()))) {
                refused = true;
                call.close(Status.UNAVAILABLE.withDescription("this replica is being rebuilt and has no vote"), new Metadata());
            } else {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }

    NodeId self() {
        return self;
    }

    LinkFaults faults() {
        return faults;
    }

    DelayLine newLine() {
        return new DelayLine(timer, workers);
    }

    static @Nullable NodeId sender(Object message) {
        RaftRpcRequestProto header = header(message);
        return header == null ? null : RatisNames.node(header.getRequestorId().toStringUtf8());
    }

    private static @Nullable RaftRpcRequestProto header(Object message) {
        return switch (message) {
            case AppendEntriesRequestProto m -> m.getServerRequest();
            case RequestVoteRequestProto m -> m.getServerRequest();
            case InstallSnapshotRequestProto m -> m.getServerRequest();
            case StartLeaderElectionRequestProto m -> m.getServerRequest();
            case ReadIndexRequestProto m -> m.getServerRequest();
            default -> null;
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
