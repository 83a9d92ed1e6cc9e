package io.aviladb.chaos.simulation;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.server.SimulatedNode;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.StreamRequest;
import io.aviladb.proto.node.TopologyRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What lies between routers and nodes. A message takes its time, may be lost, and may overtake another one; the frames of a stream come in their
 * order, or the stream breaks. Who is cut off learns of it late.
 */
final class Network {
    private static final long MILLI = 1_000_000;

    private final Agenda agenda;
    private final Trace trace;
    private final Random random;
    private final Map<NodeId, Host> hosts = new TreeMap<>();
    private final Set<String> blocked = new TreeSet<>(); // "from>to"
    private final Set<SimulatedStream> streams = new LinkedHashSet<>();
    private boolean lossy;

    /** A call whose answer the caller waits for. */
    private record Call(CompletableFuture<Object> answer, Life caller) {}

    private static final class Host {
        final Life life;
        final SimulatedNode node;
        final Set<Call> open = new LinkedHashSet<>();

        Host(Life life, SimulatedNode node) {
            this.life = life;
            this.node = node;
        }
    }

    Network(Agenda agenda, Trace trace, Random random) {
        this.agenda = agenda;
        this.trace = trace;
        this.random = random;
    }

    Agenda agenda() {
        return agenda;
    }

    void start(NodeId name, Life life, SimulatedNode node) {
        hosts.put(name, new Host(life, node));
    }

    void crash(NodeId name) {
        Host host = hosts.remove(name);
        if (host == null) {
            return;
        }
        for (Call call : List.copyOf(host.open)) {
            fail(call, between(1, 40), new IllegalStateException(name + " was lost"));
        }
        for (SimulatedStream stream : List.copyOf(streams)) {
            if (stream.isAt(name.toString())) {
                stream.breaks();
            }
        }
    }

    void lossy(boolean on) {
        lossy = on;
    }

    void block(String from, String to) {
        if (blocked.add(from + ">" + to)) {
            agenda.after(between(200, 900), () -> {
                if (isBlocked(from, to)) {
                    List.copyOf(streams).stream().filter(stream -> stream.isBetween(from, to)).forEach(SimulatedStream::breaks);
                }
            });
        }
    }

    void healAll() {
        blocked.clear();
        lossy = false;
    }

    boolean isBlocked(String from, String to) {
        return blocked.contains(from + ">" + to);
    }

    boolean reaches(NodeId from, NodeId to) {
        return !isBlocked(from.toString(), to.toString());
    }

    private boolean loses(String from, String to) {
        return isBlocked(from, to) || lossy && random.nextInt(20) == 0;
    }

    long between(int fromMillis, int toMillis) {
        return (fromMillis + random.nextInt(toMillis - fromMillis)) * MILLI + random.nextInt(1_000_000);
    }

    long oneWay(String from, String to) {
        boolean near = from.substring(0, 2).equals(to.substring(0, 2)); // names begin with the region's
        return near ? 100_000 + random.nextInt(1_500_000) : between(15, 60);
    }

    /** @param from its name, which begins with its region's */
    NodeConnector connector(String from, Life caller) {
        return (node, address) -> (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> {
                    if (method.getReturnType() == NodeApi.class) {
                        return proxy; // the same, for a trace: there is none here
                    }
                    return method.getDeclaringClass() == NodeApi.class
                            ? invoked(from, caller, node, method, arguments)
                            : method.invoke(this, arguments);
                });
    }

    private Object invoked(String from, Life caller, NodeId to, Method method, Object[] arguments) {
        trace.happened(from + " asks " + to + " " + method.getName());
        if (method.getName().equals("open")) {
            SimulatedStream stream = new SimulatedStream(this, from, to.toString(), caller, (NodeStream.Receiver) arguments[1]);
            streams.add(stream);
            agenda.after(oneWay(from, to.toString()), () -> arrives(stream, from, to, (StreamRequest) arguments[0]));
            return stream;
        }
        Call call = new Call(new CompletableFuture<>(), caller);
        if (loses(from, to.toString())) {
            fail(call, between(300, 2_000), new IllegalStateException("no answer of " + to));
        } else {
            agenda.after(oneWay(from, to.toString()), () -> arrives(call, from, to, method, arguments));
        }
        return call.answer();
    }

    private void arrives(Call call, String from, NodeId to, Method method, Object[] arguments) {
        Host host = hosts.get(to);
        if (host == null) {
            fail(call, oneWay(to.toString(), from), new ConnectException("nobody listens at " + to));
            return;
        }
        host.open.add(call);
        serve(host, method, arguments).whenComplete((answer, failure) -> {
            if (!host.open.remove(call) || host.life.isOver()) {
                return; // it has been answered that the node was lost
            }
            if (loses(to.toString(), from)) {
                fail(call, between(300, 2_000), new IllegalStateException("the answer of " + to + " was lost"));
            } else if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
                fail(call, oneWay(to.toString(), from), cause);
            } else {
                agenda.after(oneWay(to.toString(), from), () -> {
                    if (!call.caller().isOver()) {
                        trace.happened(from + " is answered " + method.getName() + " by " + to);
                        call.answer().complete(answer);
                    }
                });
            }
        });
    }

    private CompletableFuture<?> serve(Host host, Method method, Object[] arguments) {
        if (arguments.length == 1 && arguments[0] instanceof TopologyRequest request) {
            return request.waitMillis() > 0 ? news(host, request) : host.node.news(-1);
        }
        try {
            return (CompletableFuture<?>) method.invoke(host.node.api(), arguments);
        } catch (InvocationTargetException e) {
            return CompletableFuture.failedFuture(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<?> news(Host host, TopologyRequest request) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        host.node.news(request.known()).thenAccept(answer::complete);
        if (!answer.isDone()) {
            agenda.after(request.waitMillis() * MILLI, () -> {
                if (!answer.isDone() && !host.life.isOver()) {
                    host.node.news(-1).thenAccept(answer::complete);
                }
            });
        }
        return answer;
    }

    private void fail(Call call, long delay, Throwable cause) {
        hosts.values().forEach(host -> host.open.remove(call));
        agenda.after(delay, () -> {
            if (!call.caller().isOver()) {
                call.answer().completeExceptionally(cause);
            }
        });
    }

    private void arrives(SimulatedStream stream, String from, NodeId to, StreamRequest request) {
        Host host = hosts.get(to);
        if (host == null || isBlocked(from, to.toString())) {
            stream.breaks();
            return;
        }
        stream.served(host.life, receiver -> host.node.api().open(request, receiver));
    }

    void over(SimulatedStream stream) {
        streams.remove(stream);
    }

    /** What a stream calls to have itself opened. */
    interface Opening {
        @Nullable
        NodeStream open(NodeStream.Receiver receiver);
    }
}
