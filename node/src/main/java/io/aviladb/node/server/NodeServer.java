package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.node.consensus.LinkFaults;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ratis.RatisServer;
import io.aviladb.node.consensus.ratis.Settings;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.link.Feeds;
import io.aviladb.node.link.RegionLinks;
import io.aviladb.node.range.RangeExport;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.rpc.CallTrace;
import io.aviladb.node.rpc.Peers;
import io.aviladb.node.rpc.SnapshotSource;
import io.aviladb.node.rpc.WriteHandler;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeRpc;
import io.aviladb.proto.node.NodeRpcServer;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.storage.engine.SharedEngine;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: its Raft server, its groups, its RPC, and the upkeep that a leader owes. What it is part of stands in the {@link ClusterLayout};
 * everything else it finds on its disk.
 */
public final class NodeServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeServer.class);
    /** Threads that wait for the disk so that connections needn't; more of them than cores only where the disk is the bound. */
    private static final int READERS = Math.max(2, Runtime.getRuntime().availableProcessors());
    /** Threads that compute rows: half the cores, so that queries can't take them all. */
    private static final int QUERIERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final long UPKEEP_MILLIS = 20;
    /** Every so many rounds of upkeep links and ranges are looked at, and the disk. */
    private static final int ALIGN_ROUNDS = 10;
    private static final int DISK_ROUNDS = 50;

    private final NodeConfig config;
    private final ClusterLayout layout;
    private final RegionId region;
    private final RegionIncarnation incarnation;
    private final SharedEngine engine;
    private final RatisServer raft;
    private final Server rpc;
    private final NodeGroups groups;
    private final NodeView view;
    private final TopologyHub hub;
    private final LocalNode api;
    private final RegionLinks links;
    private final Registry registry;
    private final MemberWork members;
    private final MemberDriver memberDriver;
    private final NodeConnector connector;
    private final PoolScheduler scheduler;
    private final ScheduledExecutorService timer;
    private final ScheduledExecutorService pool;
    private final ExecutorService blocking;
    private final ExecutorService reads;
    private final ExecutorService queries;
    private final Reconciler reconciler = new Reconciler();
    private final FaultyClock clock;
    private final GroupLeaders leaders;
    private final OperationDriver driver;
    private final RangeKeeper keeper;
    private volatile boolean diskFull;
    private volatile boolean stopped;
    private int round; // owned by the timer's thread

    /**
     * Starts the node; returns when its groups are open, which is before they have leaders.
     *
     * @throws IOException where the directory is another process's or another cluster's, of a newer format, damaged beyond repair, or of a
     *         node that has left
     */
    public static NodeServer start(NodeConfig config, ClusterLayout layout, NodeConnector connector, FaultTable faults) throws IOException {
        Files.createDirectories(config.data());
        Optional<ClusterLayout> known = ClusterLayout.load(config.data());
        if (known.isPresent() && !known.get().clusterId().equals(layout.clusterId())) {
            throw new OtherClusterException("the directory " + config.data() + " belongs to cluster " + known.get().name() + " ("
                    + known.get().clusterId() + "), not to "
                    + layout.name() + " (" + layout.clusterId() + "): use another directory, or the cluster that it belongs to");
        }
        long free = config.data().toFile().getUsableSpace();
        long floor = config.limits().raft().freeSpaceFloor();
        if (free < floor) {
            throw new DiskFullException("the disk of " + config.data() + " has " + free + " bytes free, and a start needs " + floor);
        }
        Registry registry = new Registry(config.data(), layout, config.node().region());
        if (registry.isGone(config.node())) {
            throw new NodeGoneException(config.node() + " has left the cluster '" + layout.name() + "': its data in " + config.data()
                    + " are of no use any more. A new node needs an empty directory, and an id that was never used");
        }
        NodeServer server = new NodeServer(config, layout, known.orElse(layout), registry, connector, faults);
        if (known.isEmpty()) {
            layout.store(config.data());
        }
        return server;
    }

    /** @param advertised the layout as the cluster was formed; {@code layout}: as this node reaches it */
    private NodeServer(NodeConfig config, ClusterLayout layout, ClusterLayout advertised, Registry registry, NodeConnector connector,
            FaultTable faults) throws IOException {
        this.config = config;
        this.registry = registry;
        this.connector = connector;
        this.layout = layout;
        this.region = config.node().region();
        this.incarnation = layout.incarnation(region);
        this.clock = new FaultyClock(config.clock(), faults, config.node());
        this.timer = Executors.newSingleThreadScheduledExecutor(threads("upkeep"));
        this.pool = Executors.newScheduledThreadPool(2, threads("work"));
        this.blocking = Executors.newCachedThreadPool(threads("blocking"));
        this.reads = Executors.newFixedThreadPool(READERS, threads("reads"));
        this.queries = Executors.newFixedThreadPool(QUERIERS, threads("queries"));
        this.scheduler = new PoolScheduler(pool);
        HybridLogicalClock hybrid = new HybridLogicalClock(clock);
        this.engine = SharedEngine.create(config.limits().engine());
        this.groups = new NodeGroups();
        this.view = new NodeView(config.node(), layout, groups, registry);
        Peers peers = new Peers(node -> connector.connect(node, view.rpcAddress(node)));
        this.raft = RatisServer.start(
                new Settings(config.node(), layout.clusterId(), config.bindHost(), config.raftPort(), config.data(),
                        config.limits().raft()),
                peers,
                raftFaults(faults));
        Replicas replicas = new Replicas(config.node(), groups, registry, raft, engine, layout.dataGroups(region),
                number -> new RangeMachine(incarnation, number, engine),
                (log, machine) -> new DataGroup(log, machine, incarnation, hybrid, scheduler, reads,
                        config.limits().feedRetention().toMillis(), System::nanoTime));
        replicas.openAll();
        this.hub = new TopologyHub(view::topology);
        this.links = new RegionLinks(region, connector, scheduler, pool, () -> java.time.Instant.ofEpochMilli(clock.millis()));
        this.api = new LocalNode(groups, hub, new WriteHandler(() -> diskFull), new Feeds(incarnation, pool, System::nanoTime),
                new SnapshotSource(raft::newestSnapshot, blocking),
                new FragmentServer(queries, System::nanoTime, QueryMemory.ofHeap()), request -> status(request.sizes()), clock::millis,
                config.faultsEnabled() ? faults : null,
                advertised.toJson(), blocking, new TransferWork(this::askLeader, blocking, RangeExport.MAX_BYTES));
        Function<NodeId, NodeApi> others = node -> node.equals(config.node()) ? api : connector.connect(node, view.rpcAddress(node));
        this.leaders = new GroupLeaders(number -> groups.raft(number).flatMap(group -> group.leadership().leader()), view::members, others);
        this.driver = new OperationDriver(leaders, System::nanoTime);
        this.keeper = new RangeKeeper(config.limits().ranges(), leaders,
                new RangeSurvey(() -> view.nodesOf(region).stream().map(Topology.Node::node).toList(), others, blocking)::measure);
        this.members = new MemberWork(config.node(), groups, registry, replicas, new Preflight(others, blocking), blocking,
                this::membersChanged);
        this.memberDriver = new MemberDriver(region, Registry.formed(advertised, region), others,
                (group, request) -> leaders.call(group, node -> node.members(request)), blocking, System::nanoTime);
        api.serve(members, new Admission(advertised, config.node(), registry,
                request -> leaders.call(advertised.controller(region).number(), node -> node.members(request))));
        this.rpc = NettyServerBuilder.forAddress(new InetSocketAddress(config.bindHost(), config.rpcPort())).directExecutor()
                .maxInboundMessageSize(NodeRpc.MAX_MESSAGE_BYTES).flowControlWindow(4 << 20).permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true).intercept(new CallTrace()).addService(NodeRpcServer.bind(api)).build().start();
        view.follow(connector, scheduler, this::changed);
        raft.onLeadership((group, leadership) -> changed());
        groups.rafts().forEach(this::listen);
        replicas.onOpen(this::listen);
        var unused = timer.scheduleWithFixedDelay(this::upkeep, UPKEEP_MILLIS, UPKEEP_MILLIS, TimeUnit.MILLISECONDS);
        log.atInfo().addKeyValue("node", config.node()).addKeyValue("rpc", rpc.getPort()).addKeyValue("raft", raft.boundPort())
                .log("Node started");
    }

    private ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "avila-" + config.node() + "-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static LinkFaults raftFaults(FaultTable faults) {
        return new LinkFaults() {
            @Override
            public boolean isCut(NodeId from, NodeId to) {
                return faults.current().isCut(from.toString(), to.toString());
            }

            @Override
            public Duration oneWayDelay(NodeId from, NodeId to) {
                return Duration.ofNanos(faults.current().oneWayMicros(from.toString(), to.toString()) * 1_000);
            }
        };
    }

    /** To a replica that was just opened. */
    private void listen(RaftGroup opened) {
        int number = opened.descriptor().number();
        groups.catalog().filter(catalog -> catalog.raft() == opened).ifPresent(catalog -> catalog.machine().onChange(this::changed));
        groups.controller().filter(controller -> controller.raft() == opened).ifPresent(controller -> {
            controller.machine().onChange(this::controllerChanged);
            controllerChanged();
        });
        Optional.ofNullable(groups.data().get(number)).ifPresent(group -> {
            group.reader().onMarksWanted(() -> links.wantMarks(number));
            group.machine().onCut(this::changed);
        });
    }

    private void membersChanged() {
        view.followMissing(connector, scheduler, this::changed);
        changed();
    }

    private CompletableFuture<RangeReply> askLeader(int group, RangeRequest request) {
        return leaders.ask(group, request);
    }

    private void changed() {
        if (!stopped) {
            pool.execute(hub::refresh);
        }
    }

    private void controllerChanged() {
        changed();
        if (!stopped) {
            pool.execute(this::drive);
            blocking.execute(this::learn);
        }
    }

    /** The registry follows this node's own replica of the controller. */
    private void learn() {
        groups.controller().filter(controller -> registry.learn(controller.machine().value().members()))
                .ifPresent(controller -> members.align());
    }

    private void drive() {
        groups.controller().ifPresent(controller -> {
            driver.drive(controller.raft(), controller.machine());
            memberDriver.drive(controller.raft(), controller.machine());
        });
    }

    private NodeStatus status(boolean sizes) {
        List<NodeStatus.Group> list = new ArrayList<>();
        groups.catalog().ifPresent(catalog -> list.add(statusOf(catalog.raft(), 0)));
        groups.controller().ifPresent(controller -> list.add(statusOf(controller.raft(), 0)));
        for (DataGroup group : groups.dataGroups()) {
            NodeStatus.Group status = statusOf(group.raft(), group.machine().ranges().size());
            var store = group.machine().storeOrNull();
            list.add(new NodeStatus.Group(status.group(), status.kind(), status.leader(), status.leads(), status.term(), status.applied(),
                    group.closed(),
                    status.ranges(), status.alive() && store != null, store == null ? 0 : store.sizeBytes()));
        }
        return new NodeStatus(config.node(), list, links.status(), false, config.data().toFile().getUsableSpace(),
                sizes
                        ? groups.dataGroups().stream().filter(DataGroup::leads).flatMap(group -> group.measure().stream()).toList()
                        : List.of());
    }

    private static NodeStatus.Group statusOf(RaftGroup raft, int ranges) {
        return new NodeStatus.Group(raft.descriptor().number(), Topology.GroupKind.valueOf(raft.descriptor().kind().name()),
                raft.leadership().leader(),
                raft.leadership().ready(), raft.leadership().term(), raft.applied().index(), io.aviladb.core.time.HybridTimestamp.ZERO,
                ranges,
                raft.isAlive(), 0);
    }

    private void upkeep() {
        try {
            round++;
            long now = clock.millis();
            for (DataGroup group : groups.dataGroups()) {
                group.upkeep(now);
            }
            if (round % DISK_ROUNDS == 1) {
                diskFull = config.data().toFile().getUsableSpace() < config.limits().minFreeBytes();
            }
            if (round % ALIGN_ROUNDS == 0) {
                CatalogView catalog = view.catalog();
                drive();
                groups.controller().ifPresent(controller -> {
                    reconciler.controller(controller.raft(), controller.machine(), catalog, now);
                    var unused = keeper.look(controller.raft(), controller.machine(), now);
                });
                List<RegionIncarnation> regions = layout.regions().stream().map(ClusterLayout.Region::incarnation).toList();
                for (DataGroup group : groups.dataGroups()) {
                    reconciler.dataGroup(group, view.map(), catalog, regions, now);
                }
                links.align(List.copyOf(groups.dataGroups()), view.remotes());
                hub.refresh();
            }
        } catch (RuntimeException e) {
            log.atError().addKeyValue("node", config.node()).setCause(e).log("Upkeep failed; it is tried again");
        }
    }

    public NodeApi api() {
        return api;
    }

    public int rpcPort() {
        return rpc.getPort();
    }

    public int raftPort() {
        return raft.boundPort();
    }

    /** Whether all groups here know a leader and the catalog is known. */
    public boolean isReady() {
        return groups.dataGroups().stream().allMatch(group -> group.raft().leadership().leader().isPresent())
                && groups.controller().stream().allMatch(controller -> controller.raft().leadership().leader().isPresent())
                && view.knowsCatalog();
    }

    /** For tests of this module and the chaos lab: a group's replica here. */
    public Optional<DataGroup> dataGroup(int number) {
        return Optional.ofNullable(groups.data().get(number));
    }

    @Override
    public void close() {
        stop(raft::close);
    }

    /** Stops as a crash would: no flush, no farewell. */
    public void kill() {
        stop(raft::kill);
    }

    private void stop(Runnable stopRaft) {
        if (stopped) {
            return;
        }
        stopped = true;
        api.close();
        timer.shutdownNow();
        view.close();
        links.close();
        rpc.shutdownNow();
        stopRaft.run();
        pool.shutdownNow();
        blocking.shutdownNow();
        reads.shutdown(); // what waits there is answered that the store is closed
        queries.shutdown();
        engine.close();
    }
}
