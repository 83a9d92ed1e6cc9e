package io.aviladb.node.server;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.node.catalog.CatalogMachine;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.link.Feeds;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.range.UnconfirmedWrites;
import io.aviladb.node.rpc.SnapshotSource;
import io.aviladb.node.rpc.WriteHandler;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.FaultTable;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The node's interface over its groups: finds the group, and hands over. */
final class LocalNode implements NodeApi {
    private final NodeGroups groups;
    private final TopologyHub topology;
    private final WriteHandler writes;
    private final Feeds feeds;
    private final SnapshotSource snapshots;
    private final FragmentServer fragments;
    private final Function<StatusRequest, NodeStatus> status;
    private final Supplier<Long> wallClock;
    private final @Nullable FaultTable faults;
    private final byte[] layout;
    private final Executor blocking;
    private final TransferWork transfers;
    private volatile @Nullable MemberWork members;
    private volatile @Nullable Admission admission;
    private volatile boolean closed;

    LocalNode(NodeGroups groups, TopologyHub topology, WriteHandler writes, Feeds feeds, SnapshotSource snapshots,
            FragmentServer fragments, Function<StatusRequest, NodeStatus> status, Supplier<Long> wallClock, @Nullable FaultTable faults,
            byte[] layout,
            Executor blocking, TransferWork transfers) {
        this.groups = groups;
        this.topology = topology;
        this.writes = writes;
        this.feeds = feeds;
        this.snapshots = snapshots;
        this.fragments = fragments;
        this.status = status;
        this.wallClock = wallClock;
        this.faults = faults;
        this.layout = layout;
        this.blocking = blocking;
        this.transfers = transfers;
    }

    void close() {
        closed = true;
    }

    /** From here on nodes may come and go. */
    void serve(MemberWork work, Admission joins) {
        members = work;
        admission = joins;
    }

    private DataGroup group(int number) {
        if (closed) {
            throw NodeRefusal.of(ErrorCode.NO_LEADER, "the node is stopping");
        }
        DataGroup group = groups.data().get(number);
        if (group == null) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "group " + number + " has no replica here");
        }
        return group;
    }

    private static <A> CompletableFuture<A> guarded(Supplier<CompletableFuture<A>> action) {
        try {
            return action.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<WriteReply> write(WriteRequest request) {
        return guarded(() -> writes.write(group(request.group()), request));
    }

    @Override
    public CompletableFuture<ReadReply> read(ReadRequest request) {
        return guarded(() -> {
            DataGroup group = group(request.group());
            group.loads().hit(request.range(), request.key());
            return group.reader().read(request);
        });
    }

    @Override
    public CompletableFuture<ScanReply> scan(ScanRequest request) {
        return guarded(() -> {
            DataGroup group = group(request.group());
            group.loads().hit(request.range(), request.after().orElseGet(() -> new DocumentKey(request.interval().start())));
            return group.reader().scan(request);
        });
    }

    @Override
    public CompletableFuture<HistoryReply> history(HistoryRequest request) {
        return guarded(() -> group(request.group()).reader().history(request));
    }

    @Override
    public CompletableFuture<DefineReply> define(DefineRequest request) {
        Optional<NodeGroups.Replica<CatalogMachine>> catalog = groups.catalog();
        if (catalog.isEmpty() || closed) {
            return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.NO_LEADER, "the catalog has no replica here"));
        }
        RaftGroup raft = catalog.get().raft();
        Leadership leadership = raft.leadership();
        if (!leadership.ready()) {
            return CompletableFuture.failedFuture(NodeRefusal.notLeader(raft.descriptor().number(), leadership.leader()));
        }
        CompletableFuture<DefineReply> answer = request instanceof DefineRequest.Confirm
                ? raft.confirmReadIndex().thenCompose(raft::awaitApplied)
                        .thenApply(done -> new DefineReply(catalog.get().machine().state().version()))
                : raft.propose(CatalogMachine.encode(request), null).thenApply(LocalNode::defined);
        return answer.exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(raft, failure)));
    }

    private static DefineReply defined(Object answer) {
        if (answer instanceof AvilaError error) {
            throw NodeRefusal.of(error);
        }
        return (DefineReply) answer;
    }

    private static RuntimeException refusal(RaftGroup raft, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NodeRefusal refused) {
            return refused;
        }
        if (cause instanceof ProposalFailure known) {
            return known.kind() == ProposalFailure.Kind.INDETERMINATE
                    ? NodeRefusal.of(ErrorCode.INDETERMINATE, "the change may or may not have been made")
                    : NodeRefusal.notLeader(raft.descriptor().number(), known.leader());
        }
        return new CompletionException(cause);
    }

    @Override
    public CompletableFuture<RangeReply> ranges(RangeRequest request) {
        return guarded(() -> switch (request) {
            case RangeRequest.Perform perform -> RangeWork.perform(leading(perform.operation().group()), perform.operation());
            case RangeRequest.Middle middle -> RangeWork.middle(leading(middle.group()), middle.range(), blocking);
            case RangeRequest.Split split -> controlled(
                    new ControllerEntry.Split(split.collection(), split.at(), split.byHand(), split.token()),
                    state -> RangeWork.reply(state, operation -> operation.token() == split.token()));
            case RangeRequest.Merge merge -> controlled(
                    new ControllerEntry.Merge(merge.collection(), merge.at(), merge.byHand(), merge.token()),
                    state -> RangeWork.reply(state, operation -> operation.token() == merge.token()));
            case RangeRequest.Transfer transfer -> controlled(
                    new ControllerEntry.Transfer(transfer.collection(), transfer.range(), transfer.group(), transfer.byHand(),
                            transfer.token()),
                    state -> RangeWork.reply(state, operation -> operation.token() == transfer.token()));
            case RangeRequest.TakeStep step -> transfers.step(leading(step.step().group(step.operation())), step);
            case RangeRequest.Copy copy -> transfers.read(leading(copy.group()), copy);
            case RangeRequest.Find find -> current(
                    state -> RangeWork.reply(state, operation -> find.number() == 0 || operation.number() == find.number()));
        });
    }

    @Override
    public CompletableFuture<MemberReply> members(MemberRequest request) {
        return guarded(() -> {
            MemberWork work = members;
            if (closed || work == null) {
                throw NodeRefusal.of(ErrorCode.NO_LEADER, "the node is stopping, or hasn't started yet");
            }
            return switch (request) {
                case MemberRequest.Add add -> asLeader(work, add);
                case MemberRequest.Remove remove -> asLeader(work, remove);
                case MemberRequest.Find find -> current(state -> MemberWork.reply(state,
                        operation -> find.number() == 0 || operation.number() == find.number()));
                default -> work.serve(request, entry -> controlled(entry, Function.identity()));
            };
        });
    }

    private CompletableFuture<MemberReply> asLeader(MemberWork work, MemberRequest request) {
        controller(); // or it refuses, and names the leader
        return work.serve(request, entry -> controlled(entry, Function.identity()));
    }

    private <A> CompletableFuture<A> current(Function<ControllerState, A> read) {
        return controller().confirmReadIndex().thenCompose(controller()::awaitApplied)
                .thenApply(done -> read.apply(groups.controller().orElseThrow().machine().value()))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(controller(), failure)));
    }

    private DataGroup leading(int number) {
        DataGroup group = group(number);
        Leadership leadership = group.raft().leadership();
        if (!leadership.ready()) {
            throw NodeRefusal.notLeader(number, leadership.leader());
        }
        return group;
    }

    private RaftGroup controller() {
        RaftGroup raft = groups.controller().filter(controller -> !closed).map(NodeGroups.Replica::raft)
                .orElseThrow(() -> NodeRefusal.of(ErrorCode.NO_LEADER, "the controller has no replica here"));
        Leadership leadership = raft.leadership();
        if (!leadership.ready()) {
            throw NodeRefusal.notLeader(raft.descriptor().number(), leadership.leader());
        }
        return raft;
    }

    private <A> CompletableFuture<A> controlled(ControllerEntry entry, Function<ControllerState, A> reply) {
        RaftGroup raft = controller();
        return raft.propose(entry.encode(), null).thenApply(answer -> {
            if (answer instanceof AvilaError error) {
                throw NodeRefusal.of(error);
            }
            return reply.apply((ControllerState) answer);
        }).exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(raft, failure)));
    }

    @Override
    public CompletableFuture<Topology> topology(TopologyRequest request) {
        return closed ? CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.NO_LEADER, "the node is stopping")) : topology.ask(request);
    }

    @Override
    public CompletableFuture<NodeStatus> status(StatusRequest request) {
        return guarded(() -> CompletableFuture.completedFuture(status.apply(request)));
    }

    @Override
    public CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request) {
        return guarded(() -> {
            DataGroup group = leading(request.group());
            return CompletableFuture.supplyAsync(() -> UnconfirmedWrites.read(group.machine(), request, wallClock.get()), blocking);
        });
    }

    @Override
    public CompletableFuture<TermReply> currentTerm(TermRequest request) {
        if (request.wantsTick() && !closed) {
            Optional.ofNullable(groups.data().get(request.group())).ifPresent(DataGroup::wantTick);
        }
        return groups.raft(request.group()).filter(raft -> !closed)
                .map(raft -> CompletableFuture.completedFuture(termReply(raft)))
                .orElseGet(() -> CompletableFuture
                        .failedFuture(NodeRefusal.of(ErrorCode.RANGE_MOVED, "group " + request.group() + " has no replica here")));
    }

    private TermReply termReply(RaftGroup raft) {
        RaftGroup.Standing standing = raft.standing();
        return new TermReply(standing.term(), wallClock.get(), standing.ledThrough(), standing.votes());
    }

    @Override
    public CompletableFuture<JoinReply> join(JoinRequest request) {
        return guarded(() -> {
            Admission joins = admission;
            return joins == null
                    ? CompletableFuture.completedFuture(new JoinReply(layout, 0, 0)) // formed long ago: its nodes find themselves in it
                    : joins.join(request);
        });
    }

    @Override
    public CompletableFuture<FaultSet> setFaults(FaultSet set) {
        if (faults == null) {
            return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.FAULTS_DISABLED, "fault injection is off at this node"));
        }
        faults.replace(set);
        return CompletableFuture.completedFuture(set);
    }

    @Override
    public NodeStream open(StreamRequest request, NodeStream.Receiver receiver) {
        try {
            return switch (request.kind()) {
                case FEED -> feeds.open(group(request.group()), request.payload(), receiver);
                case SNAPSHOT -> snapshots.open(request.group(), receiver);
                case QUERY -> fragments.open(group(request.group()).reader(), request.payload(), receiver);
            };
        } catch (RuntimeException e) {
            receiver.onError(e);
            return new NodeStream() {
                @Override
                public void request(int frames) {
                    // Nothing follows a refusal.
                }

                @Override
                public void cancel() {
                    // Nothing to end.
                }
            };
        }
    }
}
