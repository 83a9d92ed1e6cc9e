package io.aviladb.router.fake;

import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteReply;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A fake cluster at the other end of a network in virtual time: calls take their time, and to a silent node they take for ever. */
public final class SimulatedNetwork implements NodeConnector {
    private static final Duration POLL_STEP = Duration.ofMillis(20);

    private final FakeCluster cluster;
    private final VirtualTime time;
    /** Nodes that say nothing: neither requests nor answers arrive. */
    public final Set<NodeId> silent = new HashSet<>();
    /** Nodes whose answers to writes get lost: the caller is told that the connection broke. */
    public final Set<NodeId> losing = new HashSet<>();
    /** What a node's work takes: asked for each read. */
    public final Map<NodeId, Supplier<Duration>> service = new HashMap<>();
    /** The way there and back, of every call. */
    public final Map<NodeId, Duration> ways = new HashMap<>();
    /** Calls whose caller gave them up. */
    public int cancelled;
    /** Reads that arrived, by node. */
    public final Map<NodeId, Integer> reads = new HashMap<>();

    public SimulatedNetwork(FakeCluster cluster, VirtualTime time) {
        this.cluster = cluster;
        this.time = time;
    }

    @Override
    public NodeApi connect(NodeId node, String rpcAddress) {
        NodeApi there = cluster.connect(node, rpcAddress);
        return (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> method.getName().equals("traced") ? proxy : call(node, there, method, arguments));
    }

    private Object call(NodeId node, NodeApi there, Method method, Object[] arguments) throws Throwable {
        if (!CompletableFuture.class.isAssignableFrom(method.getReturnType())) {
            throw new UnsupportedOperationException(method.getName());
        }
        CompletableFuture<Object> answer = new CompletableFuture<>();
        answer.whenComplete((value, failure) -> cancelled += answer.isCancelled() ? 1 : 0);
        Duration way = ways.getOrDefault(node, Duration.ofMillis(1)).dividedBy(2);
        time.schedule(way, () -> {
            if (silent.contains(node) || answer.isDone()) {
                return;
            }
            if (method.getName().equals("topology") && arguments[0] instanceof TopologyRequest request && request.waitMillis() > 0) {
                poll(node, request, time.nanos() + request.waitMillis() * 1_000_000, way, answer);
                return;
            }
            boolean reading = method.getName().equals("read");
            if (reading) {
                reads.merge(node, 1, Integer::sum);
            }
            Duration work = reading ? service.getOrDefault(node, () -> Duration.ZERO).get() : Duration.ZERO;
            time.schedule(work.plus(way), () -> deliver(node, invoke(there, method, arguments), answer));
        });
        return answer;
    }

    private void poll(NodeId node, TopologyRequest request, long endNanos, Duration way, CompletableFuture<Object> answer) {
        if (cluster.version != request.known() || time.nanos() >= endNanos) {
            Topology told = cluster.topology(node);
            time.schedule(way, () -> deliver(node, CompletableFuture.completedFuture(told), answer));
        } else {
            time.schedule(POLL_STEP, () -> poll(node, request, endNanos, way, answer));
        }
    }

    private void deliver(NodeId node, CompletableFuture<?> made, CompletableFuture<Object> answer) {
        if (silent.contains(node)) {
            return;
        }
        made.whenComplete((value, failure) -> {
            if (losing.contains(node) && value instanceof WriteReply) {
                answer.completeExceptionally(new IllegalStateException("the connection broke"));
            } else if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    private static CompletableFuture<?> invoke(NodeApi there, Method method, Object[] arguments) {
        try {
            return (CompletableFuture<?>) method.invoke(there, arguments);
        } catch (InvocationTargetException e) {
            return CompletableFuture.failedFuture(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
