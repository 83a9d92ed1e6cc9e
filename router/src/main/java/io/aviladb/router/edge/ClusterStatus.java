package io.aviladb.router.edge;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.StatusRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How the cluster is doing, as the nodes that answer tell it. */
public final class ClusterStatus {
    private static final long PATIENCE_MILLIS = 1_000;
    /** A replica so many entries behind its leader is catching up. */
    private static final long CATCHING_UP_ENTRIES = 1_000;
    private static final List<String> WORST_LAST = List.of("streaming", "waiting", "rebasing", "connecting");

    private final TopologyTracker tracker;

    public ClusterStatus(TopologyTracker tracker) {
        this.tracker = tracker;
    }

    public record Region(RegionId region, int incarnation, boolean reachable) {}

    /** @param state {@code up}, {@code catching-up} or {@code down} */
    public record Node(NodeId node, String endpoint, String state) {}

    /** @param leader empty where nobody leads */
    public record Group(int group, Topology.GroupKind kind, RegionId region, String leader, long term, long applied, HybridTimestamp closed,
            int ranges) {}

    /** From where to where changes flow. */
    public record Way(RegionId from, RegionId to) implements Comparable<Way> {
        @Override
        public int compareTo(Way other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }

    /** @param lagMillis -1 where a source hasn't answered yet */
    public record Link(Way way, long lagMillis, long lagEntries, String state) {}

    /** @param groups the own region's */
    public record Report(RegionId region, List<Region> regions, List<Node> nodes, List<Group> groups, List<Link> links) {}

    /** Asks every node; who doesn't answer within a second is down. */
    public CompletableFuture<Report> report() {
        ClusterMap map = tracker.map();
        Map<NodeId, CompletableFuture<@Nullable NodeStatus>> asked = new TreeMap<>();
        map.nodes().keySet().forEach(node -> asked.put(node, ask(node)));
        return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            Map<NodeId, NodeStatus> statuses = new TreeMap<>();
            asked.forEach((node, answer) -> {
                NodeStatus status = answer.join();
                if (status != null) {
                    statuses.put(node, status);
                }
            });
            return report(map, statuses);
        });
    }

    private CompletableFuture<@Nullable NodeStatus> ask(NodeId node) {
        CompletableFuture<NodeStatus> answer;
        try {
            answer = tracker.node(node).status(new StatusRequest(false));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<@Nullable NodeStatus> settled = new CompletableFuture<>();
        answer.whenComplete((status, failure) -> settled.complete(failure == null ? status : null));
        return settled.completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Report report(ClusterMap map, Map<NodeId, NodeStatus> statuses) {
        List<Region> regions = map.regions().stream().map(region -> new Region(region.region(), region.incarnation().number(),
                statuses.keySet().stream().anyMatch(node -> node.region().equals(region.region())))).toList();
        Map<Integer, NodeStatus.Group> leading = new TreeMap<>();
        statuses.values().forEach(status -> status.groups().stream().filter(NodeStatus.Group::leads)
                .forEach(group -> leading.merge(group.group(), group, (a, b) -> a.term() >= b.term() ? a : b)));
        List<Node> nodes = map.nodes().values().stream()
                .map(node -> new Node(node.node(), node.endpoint(), state(statuses.get(node.node()), leading))).toList();
        return new Report(tracker.own(), regions, nodes, groups(map, statuses, leading), links(statuses));
    }

    private static String state(@Nullable NodeStatus status, Map<Integer, NodeStatus.Group> leading) {
        if (status == null) {
            return "down";
        }
        boolean behind = status.groups().stream().anyMatch(group -> !group.alive()
                || leading.get(group.group()) instanceof NodeStatus.Group leader
                        && group.applied() + CATCHING_UP_ENTRIES < leader.applied());
        return behind ? "catching-up" : "up";
    }

    private List<Group> groups(ClusterMap map, Map<NodeId, NodeStatus> statuses, Map<Integer, NodeStatus.Group> leading) {
        RegionMap own = map.map(tracker.own());
        if (own == null) {
            return List.of();
        }
        List<Group> groups = new ArrayList<>();
        own.groups().values().stream().sorted(java.util.Comparator.comparing(Topology.Group::group)).forEach(group -> {
            NodeStatus.Group status = leading.get(group.group());
            NodeId leader = statuses.entrySet().stream()
                    .filter(entry -> entry.getValue().groups().stream().anyMatch(one -> one == status)).map(Map.Entry::getKey).findFirst()
                    .orElse(null);
            if (status == null || leader == null) {
                groups.add(new Group(group.group(), group.kind(), tracker.own(), "", 0, 0, HybridTimestamp.ZERO, 0));
            } else {
                groups.add(new Group(group.group(), group.kind(), leader.region(), leader.toString(), status.term(), status.applied(),
                        status.closed(), status.ranges()));
            }
        });
        return groups;
    }

    private static List<Link> links(Map<NodeId, NodeStatus> statuses) {
        Map<Way, Link> links = new TreeMap<>();
        statuses.values().forEach(status -> status.links().forEach(link -> {
            Way way = new Way(link.from(), link.to());
            links.merge(way, new Link(way, link.lagMillis(), link.lagEntries(), link.state()), ClusterStatus::worse);
        }));
        return List.copyOf(links.values());
    }

    /** A way is as late as its latest link. */
    private static Link worse(Link a, Link b) {
        long lag = a.lagMillis < 0 || b.lagMillis < 0 ? -1 : Math.max(a.lagMillis, b.lagMillis);
        String state = WORST_LAST.indexOf(a.state) >= WORST_LAST.indexOf(b.state) ? a.state : b.state;
        return new Link(a.way, lag, a.lagEntries + b.lagEntries, state);
    }
}
