package io.aviladb.chaos.simulation;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.ControllerState;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.SimulatedNode;
import io.aviladb.router.topology.Seed;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Regions of nodes, each with its disk and clock, one group of data and a controller in each region, and a router each. */
final class Cluster implements AutoCloseable {
    static final CollectionDefinition COLLECTION = new CollectionDefinition(1, "db", "things", PartitionStrategy.single(FieldPath.of("id")),
            MergePolicyDefinition.DEFAULT, 1);
    static final KeyRange ALL = KeyRange.collection(1);
    private static final long UPKEEP_NANOS = 40_000_000;

    final Agenda agenda = new Agenda();
    final Trace trace = new Trace(agenda);
    final Network network;
    final ClusterLayout layout;
    final List<Edge> edges = new ArrayList<>(); // one in each region
    final Edge second; // in the first region, so that two routers believe different things of it
    private final Plan plan;
    private final SharedEngine engine;
    private final Map<Integer, SimulatedLog> logs = new TreeMap<>();
    private final Map<NodeId, Running> nodes = new TreeMap<>();
    private final Map<NodeId, WallClock> clocks = new TreeMap<>();
    private final Map<String, Disk> disks = new TreeMap<>(); // by node and group
    private final Path directory;
    private final List<Throwable> surprises = new ArrayList<>(); // that futures would keep to themselves
    private int lives;

    private record Running(Life life, SimulatedNode node) {}

    Cluster(Plan plan, Path directory, SharedEngine engine) {
        this.plan = plan;
        this.engine = engine;
        this.directory = directory;
        this.network = new Network(agenda, trace, plan.random("network"));
        this.layout = layout(plan);
        Invariants invariants = new Invariants(ALL);
        Random skew = plan.random("skew");
        for (GroupDescriptor group : layout.groups()) {
            logs.put(group.number(),
                    new SimulatedLog(group, agenda, trace, plan.random("log " + group.number()), network::reaches, invariants));
        }
        for (ClusterLayout.Node node : layout.nodes()) {
            clocks.put(node.node(), new WallClock(agenda, skew.nextInt(200)));
            start(node.node(), false);
        }
        List<Seed> seeds = layout.nodes().stream().map(node -> new Seed(node.node(), node.rpcAddress())).toList();
        for (ClusterLayout.Region region : layout.regions()) {
            edges.add(edge(region.region(), Edge.name(region.region()), seeds, skew));
        }
        second = edge(edges.getFirst().region(), Edge.name(edges.getFirst().region()) + "2", seeds, skew);
    }

    private Edge edge(RegionId region, String name, List<Seed> seeds, Random skew) {
        return Edge.of(name, region, network, seeds, new Life(name, agenda, plan.random(name)), new WallClock(agenda, skew.nextInt(200)),
                plan.random(name + " draws"));
    }

    private static ClusterLayout layout(Plan plan) {
        List<ClusterLayout.Region> regions = new ArrayList<>();
        List<ClusterLayout.Node> nodes = new ArrayList<>();
        List<GroupDescriptor> groups = new ArrayList<>();
        for (int k = 1; k <= plan.regions(); k++) {
            RegionId region = new RegionId("r" + k);
            regions.add(new ClusterLayout.Region(region, new RegionIncarnation(k)));
            List<GroupDescriptor.Member> members = new ArrayList<>();
            for (int n = 1; n <= plan.nodes(); n++) {
                NodeId node = new NodeId(region, n);
                nodes.add(new ClusterLayout.Node(node, "rpc:" + k + n, "raft:" + k + n, ""));
                members.add(new GroupDescriptor.Member(node, "raft:" + k + n));
            }
            NodeId first = members.getFirst().node();
            groups.add(new GroupDescriptor(100 * k, GroupDescriptor.Kind.CONTROLLER, List.of(members.getFirst()), first));
            groups.add(new GroupDescriptor(100 * k + 1, GroupDescriptor.Kind.DATA, members, first));
        }
        return new ClusterLayout(new UUID(1, 2), "simulated", new byte[ClusterLayout.SECRET_BYTES], regions, nodes, groups);
    }

    /** What the task throws is thrown again by {@link #throwSurprise}. */
    void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            surprises.add(e);
        }
    }

    void throwSurprise() {
        if (!surprises.isEmpty()) {
            throw new IllegalStateException("a client's code failed", surprises.getFirst());
        }
    }

    private Disk disk(NodeId node, int group) {
        return disks.computeIfAbsent(node + "/" + group, name -> new Disk(directory.resolve(name)));
    }

    List<NodeId> nodes() {
        return layout.nodes().stream().map(ClusterLayout.Node::node).toList();
    }

    boolean isUp(NodeId node) {
        return nodes.containsKey(node);
    }

    WallClock clock(NodeId node) {
        WallClock clock = clocks.get(node);
        if (clock == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return clock;
    }

    List<SimulatedLog> logs() {
        return List.copyOf(logs.values());
    }

    private SimulatedLog log(int group) {
        SimulatedLog log = logs.get(group);
        if (log == null) {
            throw new IllegalArgumentException("no group " + group);
        }
        return log;
    }

    /** @param installs whether the disk gets the newest state of another replica first */
    void start(NodeId node, boolean installs) {
        trace.happened(node + " starts");
        String name = node + "#" + lives++;
        Life life = new Life(name, agenda, plan.random(name));
        SimulatedNode.Ports ports = new SimulatedNode.Ports(network.connector(node.toString(), life), life.scheduler(), life, clock(node),
                engine,
                (group, state) -> join(node, life, group, state, installs));
        SimulatedNode started = new SimulatedNode(node, layout, List.of(COLLECTION), ports);
        nodes.put(node, new Running(life, started));
        network.start(node, life, started);
        life.every(UPKEEP_NANOS, started::upkeep);
    }

    private RaftGroup join(NodeId node, Life life, GroupDescriptor group, ReplicatedState state, boolean installs) {
        SimulatedLog log = log(group.number());
        Disk disk = disk(node, group.number());
        if (installs) {
            log.replicas().stream().filter(other -> !other.node().equals(node)).findFirst()
                    .ifPresent(other -> disk.install(other.state()));
        }
        SimulatedReplica replica = new SimulatedReplica(node, life, log, state, disk);
        log.join(replica);
        return replica;
    }

    /** Everything that wasn't kept is lost. */
    void crash(NodeId node) {
        Running running = nodes.remove(node);
        if (running == null) {
            return;
        }
        trace.happened(node + " crashes");
        running.life().end();
        network.crash(node);
        running.node().crash();
        for (SimulatedLog log : logs.values()) {
            SimulatedReplica replica = log.replica(node);
            if (replica != null) {
                replica.crash();
                disk(node, log.descriptor().number()).crash();
            }
        }
    }

    /** What the node's disk has now outlives its crashes. */
    void keep(NodeId node) {
        for (SimulatedLog log : logs.values()) {
            SimulatedReplica replica = log.replica(node);
            if (replica != null) {
                disk(node, log.descriptor().number()).keep(replica.state());
            }
        }
    }

    /** The state of a region's documents, at its leader. */
    Optional<RangeMachine> leading(ClusterLayout.Region region) {
        SimulatedReplica leader = log(100 * region.incarnation().number() + 1).leader();
        return leader == null ? Optional.empty() : Optional.of((RangeMachine) leader.state());
    }

    /** What each region has written, by its leader. */
    VersionVector written() {
        VersionVector all = VersionVector.EMPTY;
        for (ClusterLayout.Region region : layout.regions()) {
            Optional<RangeMachine> machine = leading(region);
            if (machine.isPresent()) {
                all = all.with(region.incarnation(), machine.get().lastStamp());
            }
        }
        return all;
    }

    /** Whether every region leads, owns its ranges, and has everything up to the vector. */
    boolean hasEverywhere(VersionVector wanted) {
        return layout.regions().stream().allMatch(region -> leading(region).filter(machine -> !machine.ranges().isEmpty())
                .filter(machine -> covered(machine).with(region.incarnation(), machine.lastStamp()).covers(wanted)).isPresent());
    }

    private static VersionVector covered(RangeMachine machine) {
        return machine.ranges().values().stream().map(OwnedRange::covered).reduce(VersionVector::meet).orElse(VersionVector.EMPTY);
    }

    /** Whether no operation on ranges is under way, and the maps are what the groups own. */
    boolean mapsAreSettled() {
        return layout.regions().stream().allMatch(region -> {
            SimulatedReplica controller = log(100 * region.incarnation().number()).leader();
            Optional<RangeMachine> machine = leading(region);
            if (controller == null || machine.isEmpty()) {
                return false;
            }
            ControllerState state = ((ControllerMachine) controller.state()).value();
            Set<RangeRef> mapped = state.map().ranges().stream().map(RangeMap.Range::ref).collect(Collectors.toSet());
            Set<RangeRef> owned = machine.get().ranges().values().stream().map(OwnedRange::ref).collect(Collectors.toSet());
            return state.running().isEmpty() && mapped.equals(owned);
        });
    }

    /** Whether all replicas are there and have applied everything. */
    boolean allApplied() {
        return logs.values().stream().allMatch(log -> log.replicas().size() == log.descriptor().members().size()
                && log.replicas().stream().allMatch(replica -> replica.applied().index() == log.committed()));
    }

    @Override
    public void close() {
        List.copyOf(nodes.keySet()).forEach(node -> {
            Running running = nodes.remove(node);
            if (running != null) {
                running.life().end();
                logs.values().forEach(log -> Optional.ofNullable(log.replica(node)).ifPresent(SimulatedReplica::crash));
            }
        });
    }
}
