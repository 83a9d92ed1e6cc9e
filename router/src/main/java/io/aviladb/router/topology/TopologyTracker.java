package io.aviladb.router.topology;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.StatusRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cluster: one long poll at a node of each region, its own node first. What requests find out (another leader, a moved range) is
 * taken up at once. Thread-safe; nothing survives a restart, and nothing needs to.
 */
public final class TopologyTracker implements AutoCloseable, RegionPoller.Listener, Pulse.Listener {
    private static final Logger log = LoggerFactory.getLogger(TopologyTracker.class);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);
    private static final long REFRESH_PAUSE_NANOS = 50_000_000;

    private record GroupRef(RegionId region, int group) {}

    /** Somebody who waits until the map shows something. */
    private record Waiter(Predicate<ClusterMap> condition, CompletableFuture<ClusterMap> seen) {}

    private final NodeConnector connector;
    private final Map<NodeId, String> seeds = new ConcurrentHashMap<>();
    private final RegionId own;
    private final Optional<NodeId> local;
    private final Scheduler scheduler;
    private final Clock clock;
    private final RoundTrips roundTrips;
    private final Pulse pulse;
    private final ConcurrentHashMap<NodeId, NodeApi> apis = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<GroupRef, NodeId> leaders = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RegionId, Boolean> reachable = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RegionId, RegionPoller> pollers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RegionId, Long> refreshedAt = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Waiter> waiters = new CopyOnWriteArrayList<>();
    private volatile ClusterMap map = ClusterMap.EMPTY;
    private volatile boolean closed;

    public TopologyTracker(NodeConnector connector, List<Seed> seeds, RegionId own, Optional<NodeId> local, Scheduler scheduler,
            Clock clock) {
        this.connector = connector;
        seeds.forEach(seed -> this.seeds.put(seed.node(), seed.rpcAddress()));
        this.own = own;
        this.local = local;
        this.scheduler = scheduler;
        this.clock = clock;
        this.roundTrips = new RoundTrips(clock);
        this.pulse = new Pulse(clock, scheduler, this::node, roundTrips, this::watched, this);
    }

    public void start() {
        seeds.keySet().stream().map(NodeId::region).distinct().forEach(this::follow);
        scheduler.schedule(Duration.ofMillis(200), this::probe);
        pulse.start();
    }

    /** Of each region the node that tells of it, and all of them as soon as that one is late. */
    private Collection<NodeId> watched() {
        List<NodeId> watched = new ArrayList<>();
        pollers.forEach((region, poller) -> {
            NodeId teller = poller.current();
            if (teller != null && pulse.isLate(teller) || !isReachable(region)) {
                watched.addAll(members(region));
            } else if (teller != null) {
                watched.add(teller);
            }
        });
        return watched;
    }

    @Override
    public void onSilent(NodeId node) {
        log.atInfo().addKeyValue("node", node).log("Node silent");
        roundTrips.failed(node);
        if (members(node.region()).stream().allMatch(pulse::isSilent)) {
            onReachable(node.region(), false);
        }
        RegionPoller poller = pollers.get(node.region());
        if (poller != null) {
            poller.abandon(node);
        }
    }

    @Override
    public void onHeard(NodeId node) {
        log.atInfo().addKeyValue("node", node).log("Node heard again");
        if (map.map(node.region()) != null) {
            onReachable(node.region(), true);
        }
        refresh(node.region());
    }

    /**
     * A call to a node, which fails as lost as soon as the node has fallen silent, whatever time it was given. Where the node is silent already, nothing
     * is sent, and it fails as not applied.
     */
    public <A> CompletableFuture<A> call(NodeId node, Function<NodeApi, CompletableFuture<A>> call) {
        NodeApi api;
        try {
            api = node(node);
        } catch (IllegalArgumentException unknown) {
            return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.NO_LEADER, String.valueOf(unknown.getMessage())));
        }
        return pulse.listen(node, () -> {
            try {
                return call.apply(api);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    private void follow(RegionId region) {
        RegionPoller poller = new RegionPoller(region, () -> members(region), this::node, scheduler, this);
        if (!closed && pollers.putIfAbsent(region, poller) == null) {
            poller.poll();
        }
    }

    /** A region's nodes, the local one first. */
    private List<NodeId> members(RegionId region) {
        TreeSet<NodeId> all = new TreeSet<>(seeds.keySet());
        all.addAll(map.nodes().keySet());
        List<NodeId> members = new ArrayList<>(all.stream().filter(node -> node.region().equals(region)).toList());
        local.filter(members::remove).ifPresent(node -> members.add(0, node));
        return members;
    }

    /** The way to a node. @throws IllegalArgumentException for a node that nobody told of */
    public NodeApi node(NodeId node) {
        NodeApi known = apis.get(node);
        if (known != null) {
            return known;
        }
        Topology.@Nullable Node told = map.nodes().get(node);
        String address = told == null ? seeds.get(node) : told.rpcAddress();
        if (address == null) {
            throw new IllegalArgumentException("nobody has told of node " + node);
        }
        return apis.computeIfAbsent(node, name -> connector.connect(name, address));
    }

    @Override
    public void onTopology(RegionId region, Topology topology) {
        ClusterMap next;
        synchronized (this) {
            ClusterMap before = map;
            next = before.with(region, topology);
            next.nodes().forEach((name, node) -> {
                Topology.@Nullable Node old = before.nodes().get(name);
                if (old != null && !old.rpcAddress().equals(node.rpcAddress())) {
                    apis.remove(name); // it moved: the next call takes the new way
                }
            });
            map = next;
        }
        for (Topology.Group group : topology.groups()) {
            group.leader().ifPresent(leader -> leaders.put(ref(region, group), leader));
        }
        next.regionNames().forEach(this::follow);
        for (Waiter waiter : waiters) {
            if (waiter.condition.test(next)) {
                waiters.remove(waiter);
                waiter.seen.complete(next);
            }
        }
    }

    private GroupRef ref(RegionId region, Topology.Group group) {
        return new GroupRef(group.kind() == Topology.GroupKind.CATALOG ? own : region, group.group());
    }

    @Override
    public void onReachable(RegionId region, boolean isReachable) {
        Boolean before = reachable.put(region, isReachable);
        if (before != null && before != isReachable) {
            log.atInfo().addKeyValue("region", region).addKeyValue("reachable", isReachable).log("Region changed");
        }
    }

    public ClusterMap map() {
        return map;
    }

    public RegionId own() {
        return own;
    }

    public Optional<NodeId> local() {
        return local;
    }

    public RoundTrips roundTrips() {
        return roundTrips;
    }

    /** Whether a node of the region answered the last time it was asked. */
    public boolean isReachable(RegionId region) {
        return reachable.getOrDefault(region, false);
    }

    /** Who leads a group, as far as is known. */
    public Optional<NodeId> leader(RegionId region, Topology.Group group) {
        return Optional.ofNullable(leaders.get(ref(region, group)));
    }

    /** Somebody who should know says who leads. */
    public void leaderHint(RegionId region, Topology.Group group, NodeId leader) {
        leaders.put(ref(region, group), leader);
    }

    /** The node didn't lead, and nobody says who does: the next member is asked, unless somebody has found out in the meantime. */
    public void notLeading(RegionId region, Topology.Group group, NodeId node) {
        List<NodeId> members = group.members();
        NodeId next = members.get((members.indexOf(node) + 1) % members.size());
        leaders.replace(ref(region, group), node, next);
    }

    /** Completes when the map shows it, at once where it does already; fails never: the caller brings the patience. */
    public CompletableFuture<ClusterMap> await(Predicate<ClusterMap> condition, Duration atMost) {
        Waiter waiter = new Waiter(condition, new CompletableFuture<>());
        waiters.add(waiter);
        ClusterMap now = map;
        if (condition.test(now)) {
            waiters.remove(waiter);
            return CompletableFuture.completedFuture(now);
        }
        Scheduler.Task patience = scheduler.schedule(atMost, () -> {
            waiters.remove(waiter);
            waiter.seen.complete(map);
        });
        waiter.seen.whenComplete((seen, failure) -> patience.cancel());
        return waiter.seen;
    }

    /** Asks a region's nodes for news now, at most every 50 ms. */
    public void refresh(RegionId region) {
        long now = clock.nanos();
        Long last = refreshedAt.get(region);
        if (last != null && now - last < REFRESH_PAUSE_NANOS || closed) {
            return;
        }
        refreshedAt.put(region, now);
        for (NodeId member : members(region)) {
            try {
                node(member).topology(new TopologyRequest(0, 0)).thenAccept(topology -> onTopology(region, topology));
            } catch (IllegalArgumentException unknown) {
                continue; // the next topology names it with its address
            }
        }
    }

    /** Measures the nodes that no request has measured lately. */
    private void probe() {
        if (closed) {
            return;
        }
        TreeSet<NodeId> all = new TreeSet<>(seeds.keySet());
        all.addAll(map.nodes().keySet());
        for (NodeId node : all) {
            if (roundTrips.isStale(node, PROBE_INTERVAL.toNanos() / 2)) {
                long start = clock.nanos();
                node(node).status(new StatusRequest(false)).whenComplete((status, failure) -> {
                    if (failure == null) {
                        roundTrips.probed(node, clock.nanos() - start);
                    } else {
                        roundTrips.failed(node);
                    }
                });
            }
        }
        scheduler.schedule(PROBE_INTERVAL, this::probe);
    }

    @Override
    public void close() {
        closed = true;
        pulse.close();
        pollers.values().forEach(RegionPoller::close);
    }
}
