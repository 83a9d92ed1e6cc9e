package io.aviladb.router.topology;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps one long poll at one node of a region; goes on to the next node when it fails. Guarded by itself. */
final class RegionPoller {
    private static final long WAIT_MILLIS = 10_000;
    /** Between an answer and the next poll: bounds what a node that answers at once can cost. */
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final long MIN_BACKOFF_MILLIS = 50;
    private static final long MAX_BACKOFF_MILLIS = 1_000;

    /** What the poller tells its owner. */
    interface Listener {
        void onTopology(RegionId region, Topology topology);

        void onReachable(RegionId region, boolean reachable);
    }

    private final RegionId region;
    private final Supplier<List<NodeId>> members;
    private final Function<NodeId, NodeApi> connect;
    private final Scheduler scheduler;
    private final Listener listener;
    private @Nullable NodeId current;
    private int failuresInRow;
    private long known;
    private long round; // of the poll under way: what an abandoned one answers later is not looked at
    private boolean closed;

    RegionPoller(RegionId region, Supplier<List<NodeId>> members, Function<NodeId, NodeApi> connect, Scheduler scheduler,
            Listener listener) {
        this.region = region;
        this.members = members;
        this.connect = connect;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    /** Starts the next poll; each poll starts the one after it. */
    void poll() {
        NodeId node;
        TopologyRequest request;
        long asked;
        synchronized (this) {
            if (closed) {
                return;
            }
            node = current == null ? firstMember() : current;
            if (node == null) {
                scheduler.schedule(Duration.ofMillis(MAX_BACKOFF_MILLIS), this::poll);
                return;
            }
            current = node;
            request = new TopologyRequest(known, known == 0 ? 0 : WAIT_MILLIS);
            asked = ++round;
        }
        ask(node, request).whenComplete((topology, failure) -> {
            if (!ends(asked)) {
                return;
            } else if (failure == null) {
                answered(topology);
            } else {
                failed(node);
            }
        });
    }

    /** Whether the poll was the one under way, which it is no longer. */
    private synchronized boolean ends(long asked) {
        if (asked != round) {
            return false;
        }
        round++;
        return true;
    }

    /** The node that is asked, null before the first poll. */
    synchronized @Nullable NodeId current() {
        return current;
    }

    /** The node has fallen silent: where it is the one that is asked, the next is. */
    void abandon(NodeId silent) {
        synchronized (this) {
            if (!silent.equals(current)) {
                return;
            }
            round++;
        }
        failed(silent);
    }

    private CompletableFuture<Topology> ask(NodeId node, TopologyRequest request) {
        try {
            return connect.apply(node).topology(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(Topology topology) {
        synchronized (this) {
            failuresInRow = 0;
            known = topology.version();
        }
        listener.onReachable(region, true);
        listener.onTopology(region, topology);
        scheduler.schedule(PAUSE, this::poll);
    }

    private void failed(NodeId node) {
        long delay;
        boolean allFailed;
        synchronized (this) {
            List<NodeId> all = members.get();
            failuresInRow++;
            known = 0;
            int index = all.indexOf(node);
            current = all.isEmpty() ? null : all.get((index + 1) % all.size());
            allFailed = failuresInRow >= all.size();
            int rounds = Math.min(6, failuresInRow / Math.max(1, all.size()));
            delay = Math.min(MAX_BACKOFF_MILLIS, MIN_BACKOFF_MILLIS << rounds);
        }
        if (allFailed) {
            listener.onReachable(region, false);
        }
        scheduler.schedule(Duration.ofMillis(delay), this::poll);
    }

    private @Nullable NodeId firstMember() {
        List<NodeId> all = members.get();
        return all.isEmpty() ? null : all.get(0);
    }

    synchronized void close() {
        closed = true;
    }
}
