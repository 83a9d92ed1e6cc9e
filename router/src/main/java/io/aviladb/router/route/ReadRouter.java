package io.aviladb.router.route;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings reads to a replica that satisfies them: strong and session reads to the leader, eventual ones to the nearest replica, in another
 * region where the own one has none left, bounded ones and snapshots to the nearest and then the leader. A session's read of one document goes to the region
 * that the session wrote in where the own one lacks it too long. Reads change nothing, so every failure but a final one is tried again until the deadline.
 */
public final class ReadRouter {
    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final RandomSource random;
    private final Budget hedges;
    private final Budget retries;

    public ReadRouter(TopologyTracker tracker, Scheduler scheduler, RandomSource random, Clock clock) {
        this(tracker, scheduler, random, Budget.hedges(clock), Budget.retries(clock));
    }

    ReadRouter(TopologyTracker tracker, Scheduler scheduler, RandomSource random, Budget hedges, Budget retries) {
        this.tracker = tracker;
        this.scheduler = scheduler;
        this.random = random;
        this.hedges = hedges;
        this.retries = retries;
    }

    TopologyTracker tracker() {
        return tracker;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    RandomSource random() {
        return random;
    }

    /** What second questions may be asked. */
    public Budget hedges() {
        return hedges;
    }

    /** What attempts after lost ones may be made. */
    public Budget retries() {
        return retries;
    }

    /** @param served where it was made */
    public record Answer<A>(A reply, Served served) {}

    /** What a read asks of its range's group. */
    public interface Call<A> {
        CompletableFuture<A> at(NodeApi node, Topology.Range range, ReadTerms terms);
    }

    /** One document. Fails with {@link AvilaError}. */
    public CompletableFuture<Answer<ReadReply>> read(RegionId region, DocumentKey key, ReadConsistency consistency, VersionVector token,
            Deadline deadline) {
        RoutedRead<ReadReply> read = new RoutedRead<>(this, region, map -> map.find(key), consistency, token, deadline,
                (node, range, terms) -> node.read(new ReadRequest(range.group(), range.ref(), key, terms)));
        return consistency == ReadConsistency.SESSION ? read.forwarding().start() : read.start();
    }

    /** Any call to the owner of a range. Fails with {@link AvilaError}. @param find the range in a region's map, absent where there is none */
    public <A> CompletableFuture<Answer<A>> route(RegionId region, Function<RegionMap, Topology.@Nullable Range> find,
            ReadConsistency consistency, VersionVector token, Deadline deadline, Call<A> call) {
        return new RoutedRead<>(this, region, find, consistency, token, deadline, call).start();
    }

    /**
     * As {@link #route}, for a call that takes its time at the node: how long it took says nothing of the node, and
     * it is never asked of two at once.
     */
    public <A> CompletableFuture<Answer<A>> work(RegionId region, Function<RegionMap, Topology.@Nullable Range> find,
            ReadConsistency consistency, VersionVector token, Deadline deadline, Call<A> call) {
        return new RoutedRead<>(this, region, find, consistency, token, deadline, call).working().start();
    }
}
