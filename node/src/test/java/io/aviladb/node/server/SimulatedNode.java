package io.aviladb.node.server;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.link.Feeds;
import io.aviladb.node.link.RegionLinks;
import io.aviladb.node.link.RegionWatch;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.range.RangeExport;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.node.rpc.SnapshotSource;
import io.aviladb.node.rpc.WriteHandler;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.storage.engine.SharedEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link NodeServer} without sockets, threads and Raft: the same groups, links, controller's work and interface, over ports that a simulation
 * gives. Its catalog never changes, and ranges are cut only where somebody asks for it.
 */
public final class SimulatedNode {
    /** What the simulation gives a node in place of the machine. */
    public record Ports(NodeConnector connector, Scheduler scheduler, ScheduledExecutorService pool, Clock clock, SharedEngine engine,
            Groups groups) {}

    /** Gives a group's replica here its place in the group's log. */
    public interface Groups {
        RaftGroup open(GroupDescriptor descriptor, ReplicatedState state);
    }

    private record Waiting(long known, CompletableFuture<Topology> news) {}

    private final NodeId self;
    private final ClusterLayout layout;
    private final CatalogView catalog;
    private final Clock clock;
    private final NodeGroups groups;
    private final TopologyHub hub = new TopologyHub(this::topology);
    private final RegionLinks links;
    private final List<RegionWatch> remotes = new ArrayList<>();
    private final @Nullable RegionWatch mapWatch;
    private final LocalNode api;
    private final OperationDriver driver;
    private final Reconciler reconciler = new Reconciler();
    private final ScheduledExecutorService pool;
    private final List<Waiting> waiting = new ArrayList<>();
    private int round;

    public SimulatedNode(NodeId self, ClusterLayout layout, List<CollectionDefinition> collections, Ports ports) {
        this.self = self;
        this.layout = layout;
        this.catalog = new CatalogView(1, collections.stream().map(CollectionDefinition::database).distinct().toList(), collections);
        this.clock = ports.clock();
        this.pool = ports.pool();
        RegionIncarnation incarnation = layout.incarnation(self.region());
        this.groups = open(incarnation, ports);
        this.links = new RegionLinks(self.region(), ports.connector(), ports.scheduler(), pool, () -> Instant.ofEpochMilli(clock.millis()));
        groups.dataGroups().forEach(group -> group.reader().onMarksWanted(() -> links.wantMarks(group.descriptor().number())));
        Function<NodeId, NodeApi> others = node -> ports.connector().connect(node, layout.node(node).rpcAddress());
        GroupLeaders leaders = new GroupLeaders(number -> groups.raft(number).flatMap(group -> group.leadership().leader()),
                number -> layout.groups().stream().filter(group -> group.number() == number).flatMap(group -> group.members().stream())
                        .map(GroupDescriptor.Member::node).toList(),
                others);
        this.driver = new OperationDriver(leaders, clock::nanos);
        this.api = new LocalNode(groups, hub, new WriteHandler(() -> false), new Feeds(incarnation, pool, clock::nanos),
                new SnapshotSource(group -> Optional.empty(), pool), new FragmentServer(pool, clock::nanos, new QueryMemory(1 << 20)),
                request -> status(), clock::millis, null, layout.toJson(), pool,
                new TransferWork(leaders::ask, pool, RangeExport.MAX_BYTES));
        for (ClusterLayout.Region other : layout.regions()) {
            if (!other.region().equals(self.region())) {
                List<Topology.Node> there = nodes().stream().filter(node -> node.node().region().equals(other.region())).toList();
                remotes.add(new RegionWatch(() -> there, ports.connector(), ports.scheduler(), this::changed));
            }
        }
        this.mapWatch = groups.controller().isPresent() ? null : watchMap(ports);
        groups.controller().ifPresent(controller -> controller.machine().onChange(this::changed));
        groups.dataGroups().forEach(group -> group.machine().onCut(this::changed));
    }

    private NodeGroups open(RegionIncarnation incarnation, Ports ports) {
        NodeGroups.@Nullable Replica<ControllerMachine> controller = null;
        Map<Integer, DataGroup> data = new TreeMap<>();
        HybridLogicalClock hybrid = new HybridLogicalClock(clock);
        for (GroupDescriptor descriptor : layout.groupsOf(self)) {
            switch (descriptor.kind()) {
                case CATALOG -> throw new IllegalArgumentException("a simulated catalog never changes, and has no group");
                case CONTROLLER -> {
                    ControllerMachine machine = new ControllerMachine(ports.engine(), layout.dataGroups(self.region()));
                    controller = new NodeGroups.Replica<>(ports.groups().open(descriptor, machine), machine);
                }
                case DATA -> {
                    RangeMachine machine = new RangeMachine(incarnation, descriptor.number(), ports.engine());
                    data.put(descriptor.number(), new DataGroup(ports.groups().open(descriptor, machine), machine, incarnation, hybrid,
                            ports.scheduler(), pool, 3_600_000, clock::nanos));
                }
            }
        }
        return new NodeGroups(Optional.empty(), Optional.ofNullable(controller), data);
    }

    private RegionWatch watchMap(Ports ports) {
        List<NodeId> members = layout.groups().stream().filter(group -> group.kind() == GroupDescriptor.Kind.CONTROLLER)
                .flatMap(group -> group.members().stream()).map(GroupDescriptor.Member::node)
                .filter(node -> node.region().equals(self.region())).toList();
        List<Topology.Node> candidates = nodes().stream().filter(node -> members.contains(node.node())).toList();
        return new RegionWatch(() -> candidates, ports.connector(), ports.scheduler(), this::changed);
    }

    private List<Topology.Node> nodes() {
        return layout.nodes().stream().map(node -> new Topology.Node(node.node(), node.rpcAddress(), node.endpoint())).toList();
    }

    private void changed() {
        pool.execute(this::refresh);
    }

    private void refresh() {
        hub.refresh();
        Topology now = newest();
        List<Waiting> told = waiting.stream().filter(one -> one.known() != now.version()).toList();
        waiting.removeAll(told);
        told.forEach(one -> one.news().complete(now));
        groups.controller().ifPresent(controller -> driver.drive(controller.raft(), controller.machine()));
    }

    private Topology newest() {
        return hub.ask(new TopologyRequest(0, 0)).join();
    }

    /** A topology of another version than the one that is known; the caller brings the patience. */
    public CompletableFuture<Topology> news(long known) {
        Topology now = newest();
        if (now.version() != known) {
            return CompletableFuture.completedFuture(now);
        }
        Waiting one = new Waiting(known, new CompletableFuture<>());
        waiting.add(one);
        return one.news();
    }

    private RangeMap map() {
        return groups.controller().map(controller -> controller.machine().map())
                .orElseGet(() -> mapWatch == null ? RangeMap.EMPTY : mapWatch.newest().map(SimulatedNode::map).orElse(RangeMap.EMPTY));
    }

    private static RangeMap map(Topology told) {
        return new RangeMap(told.mapVersion(), told.ranges().stream().mapToLong(range -> range.ref().range()).max().orElse(0) + 1,
                told.ranges().stream().map(range -> new RangeMap.Range(range.ref(), range.collection(), range.keys(), range.group()))
                        .toList());
    }

    private Topology topology(long version) {
        RangeMap map = map();
        List<Topology.Group> shown = layout.groups().stream()
                .filter(group -> group.members().stream().anyMatch(member -> member.node().region().equals(self.region())))
                .map(group -> new Topology.Group(group.number(), Topology.GroupKind.valueOf(group.kind().name()),
                        group.members().stream().map(GroupDescriptor.Member::node).toList(),
                        groups.raft(group.number()).flatMap(raft -> raft.leadership().leader())))
                .toList();
        List<Topology.Range> mapped = map.ranges().stream()
                .map(range -> new Topology.Range(range.ref(), range.collection(), range.keys(), range.group())).toList();
        List<Topology.Range> owned = groups.dataGroups().stream().flatMap(group -> group.machine().ranges().values().stream().map(
                range -> new Topology.Range(range.ref(), range.collection().id(), range.keys(), group.descriptor().number()))).toList();
        return new Topology(version, self, catalog.version(), map.version(), layout.secret(),
                layout.regions().stream().map(region -> new Topology.Region(region.region(), region.incarnation())).toList(), nodes(),
                catalog.databases(), catalog.collections(), Topology.newest(mapped, owned), shown);
    }

    private NodeStatus status() {
        return new NodeStatus(self, List.of(), links.status(), false, Long.MAX_VALUE, List.of());
    }

    /** What a node's timer does; called every few dozen milliseconds. */
    public void upkeep() {
        round++;
        long now = clock.millis();
        groups.dataGroups().forEach(group -> group.upkeep(now));
        if (round % 2 != 0) {
            return;
        }
        groups.controller().ifPresent(controller -> {
            driver.drive(controller.raft(), controller.machine());
            reconciler.controller(controller.raft(), controller.machine(), catalog, now);
        });
        List<RegionIncarnation> regions = layout.regions().stream().map(ClusterLayout.Region::incarnation).toList();
        groups.dataGroups().forEach(group -> reconciler.dataGroup(group, map(), catalog, regions, now));
        links.align(List.copyOf(groups.dataGroups()), remotes.stream().flatMap(watch -> watch.newest().stream()).toList());
        refresh();
    }

    public NodeApi api() {
        return api;
    }

    public List<DataGroup> dataGroups() {
        return List.copyOf(groups.dataGroups());
    }

    public Optional<ControllerMachine> controller() {
        return groups.controller().map(NodeGroups.Replica::machine);
    }

    /** The node is gone: nothing of it answers any more. */
    public void crash() {
        api.close();
        remotes.forEach(RegionWatch::close);
        Optional.ofNullable(mapWatch).ifPresent(RegionWatch::close);
    }
}
