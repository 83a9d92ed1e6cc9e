package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.CutGrid;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the newest cut of which a region has everything, of all regions, for some keys: their owners' leaders are asked. */
public final class ClosedCuts {
    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final RandomSource random;

    public ClosedCuts(TopologyTracker tracker, Scheduler scheduler, RandomSource random) {
        this.tracker = tracker;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** Fails with {@link AvilaError}: also where the region has not yet heard of another one at all. */
    public CompletableFuture<HybridTimestamp> newest(RegionId region, int collection, KeyRange interval, Deadline deadline) {
        RegionMap map = tracker.map().map(region);
        List<Integer> groups = map == null
                ? List.of()
                : map.within(collection, interval).stream().map(Topology.Range::group).distinct().sorted().toList();
        if (groups.isEmpty()) {
            tracker.refresh(region);
            return CompletableFuture
                    .failedFuture(new AvilaError(ErrorCode.NOT_READY, "region " + region + " doesn't serve the collection yet"));
        }
        List<CompletableFuture<UnconfirmedReply>> asked = groups.stream().map(group -> ask(region, group, deadline)).toList();
        return CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            List<HybridTimestamp> closed = new ArrayList<>();
            asked.forEach(reply -> closed(region, interval, reply.join(), closed));
            HybridTimestamp cut = CutGrid.upTo(closed.stream().reduce(HybridTimestamp.MAX, HybridTimestamp::min));
            if (cut.equals(HybridTimestamp.ZERO)) {
                throw new AvilaError(ErrorCode.SNAPSHOT_NOT_REACHED, "region " + region + " has not heard of every region yet", 100);
            }
            return cut;
        });
    }

    /** Up to where the group has everything: of its own region, and of each other one for each part of the keys. */
    private void closed(RegionId region, KeyRange interval, UnconfirmedReply reply, List<HybridTimestamp> closed) {
        ClusterMap map = tracker.map();
        closed.add(reply.closed());
        for (UnconfirmedReply.Coverage piece : reply.coverage()) {
            if (piece.keys().intersect(interval).isPresent()) {
                map.regions().stream().filter(other -> !other.region().equals(region))
                        .forEach(other -> closed.add(piece.covered().at(other.incarnation())));
            }
        }
    }

    private CompletableFuture<UnconfirmedReply> ask(RegionId region, int number, Deadline deadline) {
        return new LeaderCall<UnconfirmedReply>(tracker, scheduler, random, region, deadline,
                new AvilaError(ErrorCode.NO_LEADER, "no replica of group " + number + " of region " + region + " is known")) {
            @Override
            Topology.@Nullable Group group() {
                RegionMap map = tracker.map().map(region);
                return map == null ? null : map.group(number).orElse(null);
            }

            @Override
            CompletableFuture<UnconfirmedReply> send(NodeApi node) {
                return node.unconfirmed(new UnconfirmedRequest(number, List.of()));
            }
        }.start();
    }
}
