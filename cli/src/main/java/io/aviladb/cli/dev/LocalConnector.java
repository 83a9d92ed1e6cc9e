package io.aviladb.cli.dev;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
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
import io.aviladb.proto.node.NodeConnector;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way to nodes of this process, by plain calls. A node that goes down takes its calls with it: those under way break, as connections do,
 * and later ones are refused.
 */
final class LocalConnector implements NodeConnector {
    /** One life of a node, with what breaks at its end. */
    private static final class Life {
        final NodeApi node;
        final Set<Consumer<RuntimeException>> underWay = ConcurrentHashMap.newKeySet();

        Life(NodeApi node) {
            this.node = node;
        }
    }

    private final ConcurrentHashMap<NodeId, Life> lives = new ConcurrentHashMap<>();

    void up(NodeId node, NodeApi api) {
        lives.put(node, new Life(api));
    }

    void down(NodeId node) {
        Life life = lives.remove(node);
        if (life != null) {
            // Not a refusal: what was under way may have been done.
            life.underWay.forEach(breaking -> breaking.accept(new IllegalStateException(node + " went down")));
        }
    }

    @Override
    public NodeApi connect(NodeId node, String rpcAddress) {
        return new Local(node);
    }

    private final class Local implements NodeApi {
        private final NodeId node;

        Local(NodeId node) {
            this.node = node;
        }

        private NodeRefusal isDown() {
            return NodeRefusal.of(ErrorCode.REGION_UNREACHABLE, node + " is down");
        }

        private <A> CompletableFuture<A> call(Function<NodeApi, CompletableFuture<A>> method) {
            Life life = lives.get(node);
            if (life == null) {
                return CompletableFuture.failedFuture(isDown());
            }
            CompletableFuture<A> answer = new CompletableFuture<>();
            Consumer<RuntimeException> breaking = answer::completeExceptionally;
            life.underWay.add(breaking);
            CompletableFuture<A> call;
            try {
                call = method.apply(life.node);
            } catch (RuntimeException e) {
                call = CompletableFuture.failedFuture(e);
            }
            call.whenComplete((value, failure) -> {
                life.underWay.remove(breaking);
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            if (lives.get(node) != life) {
                answer.completeExceptionally(new IllegalStateException(node + " went down"));
            }
            return answer;
        }

        @Override
        public CompletableFuture<WriteReply> write(WriteRequest request) {
            return call(api -> api.write(request));
        }

        @Override
        public CompletableFuture<ReadReply> read(ReadRequest request) {
            return call(api -> api.read(request));
        }

        @Override
        public CompletableFuture<ScanReply> scan(ScanRequest request) {
            return call(api -> api.scan(request));
        }

        @Override
        public CompletableFuture<HistoryReply> history(HistoryRequest request) {
            return call(api -> api.history(request));
        }

        @Override
        public CompletableFuture<DefineReply> define(DefineRequest request) {
            return call(api -> api.define(request));
        }

        @Override
        public CompletableFuture<MemberReply> members(MemberRequest request) {
            return call(api -> api.members(request));
        }

        @Override
        public CompletableFuture<RangeReply> ranges(RangeRequest request) {
            return call(api -> api.ranges(request));
        }

        @Override
        public CompletableFuture<Topology> topology(TopologyRequest request) {
            return call(api -> api.topology(request));
        }

        @Override
        public CompletableFuture<NodeStatus> status(StatusRequest request) {
            return call(api -> api.status(request));
        }

        @Override
        public CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request) {
            return call(api -> api.unconfirmed(request));
        }

        @Override
        public CompletableFuture<TermReply> currentTerm(TermRequest request) {
            return call(api -> api.currentTerm(request));
        }

        @Override
        public CompletableFuture<JoinReply> join(JoinRequest request) {
            return call(api -> api.join(request));
        }

        @Override
        public CompletableFuture<FaultSet> setFaults(FaultSet faults) {
            return call(api -> api.setFaults(faults));
        }

        @Override
        public NodeStream open(StreamRequest request, NodeStream.Receiver receiver) {
            Life life = lives.get(node);
            Breakable breakable = new Breakable(receiver);
            if (life == null) {
                breakable.onError(isDown());
                return breakable;
            }
            breakable.ended = () -> life.underWay.remove(breakable.breaking);
            life.underWay.add(breakable.breaking);
            NodeStream stream = life.node.open(request, breakable);
            breakable.stream = stream;
            if (lives.get(node) != life) {
                breakable.breaking.accept(new IllegalStateException(node + " went down"));
            }
            return breakable;
        }
    }

    /** A stream that ends with its node: whatever comes afterwards is dropped. */
    private static final class Breakable implements NodeStream, NodeStream.Receiver {
        private final NodeStream.Receiver receiver;
        private final Consumer<RuntimeException> breaking = this::breakOff;
        private volatile Runnable ended = () -> {};
        private volatile @Nullable NodeStream stream;
        private final AtomicBoolean over = new AtomicBoolean();

        Breakable(NodeStream.Receiver receiver) {
            this.receiver = receiver;
        }

        private void breakOff(RuntimeException why) {
            onError(why);
            cancelSource();
        }

        private void cancelSource() {
            NodeStream open = stream;
            if (open != null) {
                open.cancel();
            }
        }

        private boolean end() {
            return over.compareAndSet(false, true);
        }

        @Override
        public void onFrame(byte[] frame) { // no lock is held: receivers cancel under locks of their own
            if (!over.get()) {
                receiver.onFrame(frame);
            }
        }

        @Override
        public void onEnd() {
            if (end()) {
                ended.run();
                receiver.onEnd();
            }
        }

        @Override
        public void onError(Throwable cause) {
            if (end()) {
                ended.run();
                receiver.onError(cause);
            }
        }

        @Override
        public void request(int frames) {
            NodeStream open = stream;
            if (open != null) {
                open.request(frames);
            }
        }

        @Override
        public void cancel() {
            if (end()) {
                ended.run();
            }
            cancelSource();
        }
    }
}
