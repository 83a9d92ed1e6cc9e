package io.aviladb.cli.fault;

import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.router.edge.FaultControl;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Plays faults on a cluster. Commands are played one after the other. What is in force stands in the table, which others may change too. */
public final class ClusterFaults implements FaultControl {
    private final List<NodeId> nodes;
    private final FaultTarget cluster;
    private final Executor oneByOne;
    private final TreeSet<NodeId> killed = new TreeSet<>(); // guarded by this
    private final FaultTable table;

    /**
     * @param oneByOne runs one task at a time
     * @param table what is in force; the target's {@link FaultTarget#play} replaces it
     */
    public ClusterFaults(List<NodeId> nodes, FaultTarget cluster, Executor oneByOne, FaultTable table) {
        this.nodes = List.copyOf(nodes);
        this.cluster = cluster;
        this.oneByOne = oneByOne;
        this.table = table;
    }

    @Override
    public CompletableFuture<JsonObject> apply(JsonObject body) {
        return CompletableFuture.supplyAsync(() -> {
            play(FaultCommand.parse(body));
            return inForce();
        }, oneByOne);
    }

    private void play(FaultCommand command) {
        switch (command) {
            case FaultCommand.Kill kill -> {
                List<NodeId> targets = nodesOf(kill.place());
                synchronized (this) {
                    killed.addAll(targets);
                }
                targets.forEach(cluster::kill);
            }
            case FaultCommand.Restart restart -> restart(nodesOf(restart.place()));
            case FaultCommand.Cut cut -> {
                nodesOf(cut.one());
                nodesOf(cut.other());
                change(now -> new FaultSet(added(now.cuts(), new FaultSet.Cut(cut.one(), cut.other())), now.isolated(), now.delays(),
                        now.distances(), now.clocks()));
            }
            case FaultCommand.Isolate isolate -> {
                nodesOf(isolate.region());
                change(now -> new FaultSet(now.cuts(), added(now.isolated(), isolate.region()), now.delays(), now.distances(),
                        now.clocks()));
            }
            case FaultCommand.Delay delay -> {
                nodesOf(delay.one());
                nodesOf(delay.other());
                change(now -> new FaultSet(now.cuts(), now.isolated(), delayed(now.delays(), delay), now.distances(), now.clocks()));
            }
            case FaultCommand.Clock clock -> {
                NodeId node = nodesOf(clock.node()).get(0);
                if (!node.toString().equals(clock.node())) {
                    throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "'clock' names a node, as in sa-east-1/1");
                }
                change(now -> {
                    List<FaultSet.ClockOffset> clocks = new ArrayList<>(now.clocks());
                    clocks.removeIf(known -> known.node().equals(clock.node()));
                    clocks.add(new FaultSet.ClockOffset(clock.node(), clock.offsetMillis()));
                    return new FaultSet(now.cuts(), now.isolated(), now.delays(), now.distances(), clocks);
                });
            }
            case FaultCommand.Heal heal -> {
                change(now -> new FaultSet(List.of(), List.of(), List.of(), now.distances(), List.of()));
                List<NodeId> targets;
                synchronized (this) {
                    targets = List.copyOf(killed);
                }
                restart(targets);
            }
        }
    }

    private void restart(List<NodeId> targets) {
        for (NodeId node : targets) {
            if (!cluster.isRunning(node)) {
                cluster.start(node);
            }
            synchronized (this) {
                killed.remove(node);
            }
        }
        cluster.play(table.current()); // a new process knows of no faults
    }

    private void change(Function<FaultSet, FaultSet> change) {
        cluster.play(normal(change.apply(table.current())));
    }

    /** Nothing in force is {@link FaultSet#NONE}, which costs nothing to play. */
    public static FaultSet normal(FaultSet faults) {
        return faults.equals(FaultSet.NONE) ? FaultSet.NONE : faults;
    }

    private static <T> List<T> added(List<T> list, T element) {
        List<T> all = new ArrayList<>(list);
        if (!all.contains(element)) {
            all.add(element);
        }
        return all;
    }

    /** One delay for each pair; 0 takes it away. */
    private static List<FaultSet.Delay> delayed(List<FaultSet.Delay> delays, FaultCommand.Delay delay) {
        List<FaultSet.Delay> all = new ArrayList<>(delays);
        all.removeIf(known -> known.one().equals(delay.one()) && known.other().equals(delay.other())
                || known.one().equals(delay.other()) && known.other().equals(delay.one()));
        if (delay.millis() > 0) {
            all.add(new FaultSet.Delay(delay.one(), delay.other(), delay.millis()));
        }
        return all;
    }

    /** The node of this name, or the nodes of this region. */
    private List<NodeId> nodesOf(String place) {
        List<NodeId> found = nodes.stream().filter(node -> node.toString().equals(place) || node.region().name().equals(place)).toList();
        if (found.isEmpty()) {
            throw new AvilaError(ErrorCode.UNKNOWN_REGION, "no region or node is named '" + place + "'");
        }
        return found;
    }

    @Override
    public synchronized JsonObject inForce() {
        FaultSet faults = table.current();
        return Json.object("killed", array(killed.stream().map(NodeId::toString).map(JsonString::new).toList()), "cuts",
                array(faults.cuts().stream().map(cut -> pair(cut.one(), cut.other())).toList()), "isolated",
                array(faults.isolated().stream().map(JsonString::new).toList()), "delays", delays(faults.delays()), "clocks",
                array(faults.clocks().stream().map(clock -> Json.object("node", clock.node(), "offsetMs", clock.offsetMillis())).toList()),
                "roundTrips", delays(faults.distances()));
    }

    private static JsonArray delays(List<FaultSet.Delay> delays) {
        return array(delays.stream().map(delay -> Json.object("between", pair(delay.one(), delay.other()), "ms", delay.roundTripMillis()))
                .toList());
    }

    private static JsonArray pair(String one, String other) {
        return JsonArray.of(new JsonString(one), new JsonString(other));
    }

    private static JsonArray array(List<? extends JsonValue> elements) {
        return new JsonArray(List.copyOf(elements));
    }
}
