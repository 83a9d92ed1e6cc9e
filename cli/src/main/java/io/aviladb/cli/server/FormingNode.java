package io.aviladb.cli.server;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.MemberReply;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.proto.node.StatusRequest;
import io.aviladb.proto.node.StreamRequest;
import io.aviladb.proto.node.TermReply;
import io.aviladb.proto.node.TermRequest;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteReply;
import io.aviladb.proto.node.WriteRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The first node while its cluster is being formed: takes joins, and refuses everything else as not ready. */
final class FormingNode implements NodeApi {
    private static final NodeStream NOTHING = new NodeStream() {
        @Override
        public void request(int frames) {
        }

        @Override
        public void cancel() {
        }
    };

    private final Function<JoinRequest, JoinReply> joins;

    FormingNode(Function<JoinRequest, JoinReply> joins) {
        this.joins = joins;
    }

    private static NodeRefusal notReady() {
        return NodeRefusal.of(ErrorCode.NOT_READY, "the cluster is being formed");
    }

    private static <A> CompletableFuture<A> refused() {
        return CompletableFuture.failedFuture(notReady());
    }

    @Override
    public CompletableFuture<JoinReply> join(JoinRequest request) {
        try {
            return CompletableFuture.completedFuture(joins.apply(request));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<WriteReply> write(WriteRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<ReadReply> read(ReadRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<ScanReply> scan(ScanRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<HistoryReply> history(HistoryRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<DefineReply> define(DefineRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<MemberReply> members(MemberRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<RangeReply> ranges(RangeRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<Topology> topology(TopologyRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<NodeStatus> status(StatusRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<TermReply> currentTerm(TermRequest request) {
        return refused();
    }

    @Override
    public CompletableFuture<FaultSet> setFaults(FaultSet faults) {
        return refused();
    }

    @Override
    public NodeStream open(StreamRequest request, NodeStream.Receiver receiver) {
        receiver.onError(notReady());
        return NOTHING;
    }
}
