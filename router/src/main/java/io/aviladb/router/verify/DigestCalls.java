package io.aviladb.router.verify;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.Failure;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Asks replicas, each by itself, for digests at a cut: for one check, in which a node that has been waited for in vain isn't asked again. */
final class DigestCalls {
    /** How long a replica that hasn't got all up to the cut is asked again. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final Map<NodeId, AvilaError> givenUp = new ConcurrentHashMap<>();

    DigestCalls(TopologyTracker tracker, Scheduler scheduler) {
        this.tracker = tracker;
        this.scheduler = scheduler;
    }

    ReadTerms terms(HybridTimestamp cut, Deadline deadline) {
        VersionVector all = VersionVector.EMPTY;
        for (Topology.Region region : tracker.map().regions()) {
            all = all.with(region.incarnation(), cut);
        }
        return new ReadTerms(ReadConsistency.SNAPSHOT, all, Math.max(1, deadline.atMost(PATIENCE).remainingMillis()));
    }

    /** The region's answers for an interval of a collection. Never fails: what wasn't told says why. */
    CompletableFuture<RegionPart> part(RegionId region, int collection, KeyRange interval, HybridTimestamp cut, Deadline deadline) {
        RegionMap map = tracker.map().map(region);
        List<CompletableFuture<RegionPart.Piece>> pieces = new ArrayList<>();
        for (Topology.Range range : map == null ? List.<Topology.Range>of() : map.within(collection, interval)) {
            Optional<Topology.Group> group = map == null ? Optional.empty() : map.group(range.group());
            group.ifPresent(owner -> pieces.add(piece(region, range, owner, interval, cut, deadline)));
        }
        return all(pieces).thenApply(told -> new RegionPart(region, told));
    }

    private CompletableFuture<RegionPart.Piece> piece(RegionId region, Topology.Range range, Topology.Group group, KeyRange interval,
            HybridTimestamp cut, Deadline deadline) {
        KeyRange keys = range.keys().intersect(interval).orElse(interval);
        List<NodeId> members = new ArrayList<>(group.members());
        tracker.leader(region, group).filter(members::remove).ifPresent(leader -> members.add(0, leader));
        return all(members.stream().map(node -> ask(node, range, keys, cut, deadline)).toList())
                .thenApply(replicas -> new RegionPart.Piece(keys, range, replicas));
    }

    private CompletableFuture<RegionPart.Replica> ask(NodeId node, Topology.Range range, KeyRange keys, HybridTimestamp cut,
            Deadline deadline) {
        AvilaError before = givenUp.get(node);
        if (before != null) {
            return CompletableFuture.completedFuture(new RegionPart.Replica(node, null, before));
        }
        return digest(node, range, keys, false, cut, deadline.atMost(PATIENCE)).handle((answer, failure) -> {
            if (failure == null) {
                return new RegionPart.Replica(node, answer, null);
            }
            AvilaError error = error(node, failure);
            if (mayCatchUp(Failure.of(node, failure))) {
                givenUp.put(node, error);
            }
            return new RegionPart.Replica(node, null, error);
        });
    }

    private static AvilaError error(NodeId node, Throwable failure) {
        return switch (Failure.of(node, failure)) {
            case Failure.TryAgain again -> again.error();
            case Failure.Unknown unknown -> unknown.error();
            case Failure.Final last -> last.error();
        };
    }

    /** Each document's digest, as the node has it. */
    CompletableFuture<HistoryReply.Digest> each(NodeId node, Topology.Range range, KeyRange keys, HybridTimestamp cut, Deadline deadline) {
        return digest(node, range, keys, true, cut, deadline.atMost(PATIENCE));
    }

    private CompletableFuture<HistoryReply.Digest> digest(NodeId node, Topology.Range range, KeyRange keys, boolean each,
            HybridTimestamp cut, Deadline deadline) {
        CompletableFuture<HistoryReply.Digest> result = new CompletableFuture<>();
        attempt(result, node, new HistoryRequest.Digest(range.group(), range.ref(), keys, Integer.MAX_VALUE, each, terms(cut, deadline)),
                deadline);
        return result;
    }

    private void attempt(CompletableFuture<HistoryReply.Digest> result, NodeId node, HistoryRequest.Digest request, Deadline deadline) {
        tracker.call(node, api -> api.history(request)).whenComplete((reply, failure) -> {
            if (failure == null) {
                result.complete((HistoryReply.Digest) reply);
            } else if (mayCatchUp(Failure.of(node, failure)) && deadline.remainingMillis() > PAUSE.toMillis()) {
                scheduler.schedule(PAUSE, () -> attempt(result, node, request, deadline));
            } else {
                result.completeExceptionally(failure);
            }
        });
    }

    /** A follower that hasn't reached the cut says that it doesn't lead. */
    private static boolean mayCatchUp(Failure failure) {
        return failure instanceof Failure.TryAgain again && (again.error().code() == ErrorCode.NO_LEADER
                || again.error().code() == ErrorCode.SNAPSHOT_NOT_REACHED || again.error().code() == ErrorCode.NOT_READY);
    }

    /** All of them, in their order. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> futures) {
        return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }
}
