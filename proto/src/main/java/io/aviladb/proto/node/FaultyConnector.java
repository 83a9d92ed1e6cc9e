package io.aviladb.proto.node;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Plays {@link FaultTable} between a place and the nodes that it talks to: what is cut fails, what is far takes its time both ways. Costs a
 * look at one reference where nothing is in force.
 */
public final class FaultyConnector implements NodeConnector {
    private final NodeConnector inner;
    private final String place;
    private final FaultTable table;
    private final ScheduledExecutorService timer;

    /** @param place the node's name, or a region's for its router */
    public FaultyConnector(NodeConnector inner, String place, FaultTable table, ScheduledExecutorService timer) {
        this.inner = inner;
        this.place = place;
        this.table = table;
        this.timer = timer;
    }

    @Override
    public NodeApi connect(NodeId node, String rpcAddress) {
        return new FaultyNode(inner.connect(node, rpcAddress), node.toString());
    }

    private final class FaultyNode implements NodeApi {
        private final NodeApi node;
        private final String target;

        FaultyNode(NodeApi node, String target) {
            this.node = node;
            this.target = target;
        }

        @Override
        public NodeApi traced(String traceparent) {
            NodeApi traced = node.traced(traceparent);
            return traced == node ? this : new FaultyNode(traced, target);
        }

        private boolean isCut() {
            return table.current().isCut(place, target);
        }

        private NodeRefusal cut() {
            return NodeRefusal.of(ErrorCode.REGION_UNREACHABLE, "the way from " + place + " to " + target + " is cut");
        }

        private <A> CompletableFuture<A> call(Supplier<CompletableFuture<A>> method) {
            FaultSet faults = table.current();
            if (faults == FaultSet.NONE) {
                return method.get();
            }
            if (faults.isCut(place, target)) {
                return CompletableFuture.failedFuture(cut());
            }
            long micros = faults.oneWayMicros(place, target);
            if (micros == 0) {
                return answered(method.get(), 0);
            }
            CompletableFuture<A> answer = new CompletableFuture<>();
            timer.schedule(() -> {
                if (isCut()) {
                    answer.completeExceptionally(cut());
                    return;
                } else if (answer.isDone()) {
                    return; // taken back before it was sent
                }
                CompletableFuture<A> sent = answered(method.get(), micros);
                NodeRpcClient.takesBack(answer, sent);
                sent.whenComplete((value, failure) -> {
                    if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            }, micros, TimeUnit.MICROSECONDS);
            return answer;
        }

        /** The answer's way back: lost where the way is cut by then. Its loss is no refusal: what was asked may have happened. */
        private <A> CompletableFuture<A> answered(CompletableFuture<A> call, long micros) {
            CompletableFuture<A> answer = new CompletableFuture<>();
            NodeRpcClient.takesBack(answer, call);
            call.whenComplete((value, failure) -> {
                Runnable arrival = () -> {
                    if (isCut()) {
                        answer.completeExceptionally(new IllegalStateException("the answer of " + target + " was lost: the way is cut"));
                    } else if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(NodeRpcServer.unwrap(failure));
                    }
                };
                if (micros == 0) {
                    arrival.run();
                } else {
                    timer.schedule(arrival, micros, TimeUnit.MICROSECONDS);
                }
            });
            return answer;
        }

        @Override
        public CompletableFuture<WriteReply> write(WriteRequest request) {
            return call(() -> node.write(request));
        }

        @Override
        public CompletableFuture<ReadReply> read(ReadRequest request) {
            return call(() -> node.read(request));
        }

        @Override
        public CompletableFuture<ScanReply> scan(ScanRequest request) {
            return call(() -> node.scan(request));
        }

        @Override
        public CompletableFuture<HistoryReply> history(HistoryRequest request) {
            return call(() -> node.history(request));
        }

        @Override
        public CompletableFuture<DefineReply> define(DefineRequest request) {
            return call(() -> node.define(request));
        }

        @Override
        public CompletableFuture<MemberReply> members(MemberRequest request) {
            return call(() -> node.members(request));
        }

        @Override
        public CompletableFuture<RangeReply> ranges(RangeRequest request) {
            return call(() -> node.ranges(request));
        }

        @Override
        public CompletableFuture<Topology> topology(TopologyRequest request) {
            return call(() -> node.topology(request));
        }

        @Override
        public CompletableFuture<NodeStatus> status(StatusRequest request) {
            return call(() -> node.status(request));
        }

        @Override
        public CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request) {
            return call(() -> node.unconfirmed(request));
        }

        @Override
        public CompletableFuture<TermReply> currentTerm(TermRequest request) {
            return call(() -> node.currentTerm(request));
        }

        @Override
        public CompletableFuture<JoinReply> join(JoinRequest request) {
            return call(() -> node.join(request));
        }

        @Override
        public CompletableFuture<FaultSet> setFaults(FaultSet faults) {
            return node.setFaults(faults); // faults never act on their own control
        }

        @Override
        public NodeStream open(StreamRequest request, NodeStream.Receiver receiver) {
            DelayedReceiver delayed = new DelayedReceiver(receiver);
            if (isCut()) {
                delayed.onError(cut());
                return NO_STREAM;
            }
            NodeStream stream = node.open(request, delayed);
            delayed.stream = stream;
            return stream;
        }

        /** Frames arrive late, in order, and not at all where the way is cut: then the stream breaks. */
        private final class DelayedReceiver implements NodeStream.Receiver {
            private final NodeStream.Receiver receiver;
            private final AtomicLong earliestNanos = new AtomicLong(Long.MIN_VALUE);
            private volatile NodeStream stream = NO_STREAM;
            private volatile boolean broken;

            DelayedReceiver(NodeStream.Receiver receiver) {
                this.receiver = receiver;
            }

            private void later(Runnable arrival) {
                long micros = table.current().oneWayMicros(place, target);
                if (micros == 0 && earliestNanos.get() == Long.MIN_VALUE) {
                    deliver(arrival);
                    return;
                }
                long now = System.nanoTime();
                long due = earliestNanos.updateAndGet(
                        before -> before == Long.MIN_VALUE ? now + micros * 1_000 : Math.max(before + 1, now + micros * 1_000));
                timer.schedule(() -> deliver(arrival), due - now, TimeUnit.NANOSECONDS);
            }

            private void deliver(Runnable arrival) {
                if (broken) {
                    return;
                }
                if (isCut()) {
                    broken = true;
                    stream.cancel();
                    receiver.onError(cut());
                } else {
                    arrival.run();
                }
            }

            @Override
            public void onFrame(byte[] frame) {
                later(() -> receiver.onFrame(frame));
            }

            @Override
            public void onEnd() {
                later(receiver::onEnd);
            }

            @Override
            public void onError(Throwable cause) {
                later(() -> receiver.onError(cause));
            }
        }
    }

    private static final NodeStream NO_STREAM = new NodeStream() {
        @Override
        public void request(int frames) {
        }

        @Override
        public void cancel() {
        }
    };
}
