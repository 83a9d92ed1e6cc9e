package io.aviladb.router.route;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Brings reads to a replica that satisfies them: strong and session reads to the leader, eventual ones to the nearest replica, in another
 * region where the own one has none left, bounded ones and snapshots to the nearest and then the leader. A session's read of one document goes to the region
 * that the session wrote in where the own one lacks it too long. Reads change nothing, so every failure but a final one is tried again until the deadline.
 */
public final class ReadRouter {
    /** How long one attempt may take: a replica that hangs must not use up the whole time. */
    private static final long ATTEMPT_MILLIS = 3_000;
    /** How long the own region is waited for where another one has what a session has seen. */
    private static final long OWN_REGION_MILLIS = 1_000;

    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final RandomSource random;

    public ReadRouter(TopologyTracker tracker, Scheduler scheduler, RandomSource random) {
        this.tracker = tracker;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** @param served where it was made */
    public record Answer<A>(A reply, Served served) {}

    /** What a read asks of its range's group. */
    public interface Call<A> {
        CompletableFuture<A> at(NodeApi node, Topology.Range range, ReadTerms terms);
    }

    /** Where a read may go: a range as one region has it. */
    private record Target(RegionId region, Topology.Range range, Topology.Group group, NodeId node) {}

    /** One document. Fails with {@link AvilaError}. */
    public CompletableFuture<Answer<ReadReply>> read(RegionId region, DocumentKey key, ReadConsistency consistency, VersionVector token,
            Deadline deadline) {
        Routed<ReadReply> routed = new Routed<>(region, map -> map.find(key), consistency, token, deadline,
                (node, range, terms) -> node.read(new ReadRequest(range.group(), range.ref(), key, terms)));
        routed.forwards = consistency == ReadConsistency.SESSION;
        routed.attempt();
        return routed.result;
    }

    /** Any call to the owner of a range. Fails with {@link AvilaError}. @param find the range in a region's map, absent where there is none */
    public <A> CompletableFuture<Answer<A>> route(RegionId region, Function<RegionMap, Topology.@Nullable Range> find,
            ReadConsistency consistency, VersionVector token, Deadline deadline, Call<A> call) {
        Routed<A> routed = new Routed<>(region, find, consistency, token, deadline, call);
        routed.attempt();
        return routed.result;
    }

    /** As {@link #route}, for a call that takes its time at the node: how long it took says nothing of the way there. */
    public <A> CompletableFuture<Answer<A>> work(RegionId region, Function<RegionMap, Topology.@Nullable Range> find,
            ReadConsistency consistency, VersionVector token, Deadline deadline, Call<A> call) {
        Routed<A> routed = new Routed<>(region, find, consistency, token, deadline, call);
        routed.measures = false;
        routed.attempt();
        return routed.result;
    }

    private final class Routed<A> {
        final RegionId region;
        final Function<RegionMap, Topology.@Nullable Range> find;
        final ReadConsistency consistency;
        final VersionVector token;
        final Deadline deadline;
        final Call<A> call;
        final CompletableFuture<Answer<A>> result = new CompletableFuture<>();
        final List<NodeId> failedThisRound = new ArrayList<>();
        int attempts;
        boolean forwards; // to another region, where the own one lacks what is asked for
        boolean measures = true; // the time that a call takes
        @Nullable
        RegionId elsewhere; // where the next attempt goes instead of the region that was asked
        AvilaError last = new AvilaError(ErrorCode.NO_LEADER, "no attempt was made");

        Routed(RegionId region, Function<RegionMap, Topology.@Nullable Range> find, ReadConsistency consistency, VersionVector token,
                Deadline deadline, Call<A> call) {
            this.region = region;
            this.find = find;
            this.consistency = consistency;
            this.token = token;
            this.deadline = deadline;
            this.call = call;
        }

        void attempt() {
            Target target = switch (consistency) {
                case EVENTUAL -> nearest();
                case BOUNDED, SNAPSHOT -> attempts == 0 && failedThisRound.isEmpty() ? nearestIn(region) : leader();
                default -> leader();
            };
            if (target == null) {
                failedThisRound.clear();
                tracker.refresh(region);
                again();
                return;
            }
            boolean mayGoElsewhere = forwards && target.region.equals(region) && wroteIn() != null;
            long timeout = Math.max(1, Math.min(mayGoElsewhere ? OWN_REGION_MILLIS : ATTEMPT_MILLIS, deadline.remainingMillis()));
            long start = deadline.clock().nanos();
            call(target, new ReadTerms(consistency, token, timeout)).whenComplete((reply, failure) -> {
                if (failure == null) {
                    if (measures) {
                        tracker.roundTrips().measured(target.node, deadline.clock().nanos() - start);
                    }
                    result.complete(new Answer<>(reply, Served.by(target.node, why(target))));
                } else {
                    failed(target, Failure.of(target.node, failure));
                }
            });
        }

        /** Whether the nearest may have what is asked for, and the leader can wait for it. */
        private boolean nearestFirst() {
            return consistency == ReadConsistency.BOUNDED || consistency == ReadConsistency.SNAPSHOT;
        }

        private String why(Target target) {
            if (!target.region.equals(tracker.own())) {
                return "forwarded";
            }
            boolean nearest = consistency == ReadConsistency.EVENTUAL || nearestFirst() && attempts == 0
                    && failedThisRound.isEmpty();
            return nearest ? "nearest" : "leader";
        }

        private CompletableFuture<A> call(Target target, ReadTerms terms) {
            return tracker.call(target.node, node -> call.at(node, target.range, terms));
        }

        /** Another region that answers and in which the session has seen the latest write. */
        private @Nullable RegionId wroteIn() {
            RegionId[] best = {null};
            HybridTimestamp[] latest = {HybridTimestamp.ZERO};
            token.forEach((incarnation, stamp) -> tracker.map().region(incarnation).ifPresent(other -> {
                if (!other.equals(region) && tracker.isReachable(other) && stamp.compareTo(latest[0]) > 0) {
                    best[0] = other;
                    latest[0] = stamp;
                }
            }));
            return best[0];
        }

        private @Nullable Target leader() {
            RegionId region = elsewhere == null ? this.region : elsewhere;
            RegionMap map = tracker.map().map(region);
            Topology.Range range = map == null ? null : find.apply(map);
            Topology.Group group = map == null || range == null ? null : map.group(range.group()).orElse(null);
            if (range == null || group == null) {
                last = new AvilaError(ErrorCode.NOT_READY, "region " + region + " doesn't serve the range yet");
                return null;
            }
            return new Target(region, range, group, tracker.leader(region, group)
                    .orElseGet(() -> group.members().get(random.nextInt(group.members().size()))));
        }

        private @Nullable Target nearest() {
            Target own = nearestIn(region);
            if (own != null) {
                return own;
            }
            return tracker.map().regionNames().stream().filter(other -> !other.equals(region)).map(this::nearestIn)
                    .filter(java.util.Objects::nonNull)
                    .min(java.util.Comparator.comparing(Target::node, tracker.roundTrips().nearestFirst()))
                    .orElse(null);
        }

        private @Nullable Target nearestIn(RegionId somewhere) {
            RegionMap map = tracker.map().map(somewhere);
            Topology.Range range = map == null ? null : find.apply(map);
            Topology.Group group = map == null || range == null ? null : map.group(range.group()).orElse(null);
            if (range == null || group == null) {
                last = new AvilaError(ErrorCode.NOT_READY, "region " + somewhere + " doesn't serve the range yet");
                return null;
            }
            NodeId local = tracker.local().orElse(null);
            NodeId best = null;
            if (local != null && group.members().contains(local) && !failedThisRound.contains(local)
                    && !tracker.roundTrips().isSuspect(local)) {
                best = local;
            } else {
                best = group.members().stream().filter(member -> !failedThisRound.contains(member))
                        .min(tracker.roundTrips().nearestFirst()).orElse(null);
            }
            return best == null ? null : new Target(somewhere, range, group, best);
        }

        private void failed(Target target, Failure failure) {
            switch (failure) {
                case Failure.Final none -> {
                    result.completeExceptionally(none.error());
                    return;
                }
                case Failure.TryAgain again -> {
                    last = again.error();
                    again.leader().ifPresentOrElse(leader -> tracker.leaderHint(target.region, target.group, leader),
                            () -> lost(target, again.error().code()));
                }
                case Failure.Unknown unknown -> {
                    last = new AvilaError(ErrorCode.NO_LEADER, unknown.error().detail());
                    lost(target, ErrorCode.NO_LEADER);
                }
            }
            failedThisRound.add(target.node);
            boolean lacks = last.code() == ErrorCode.SESSION_NOT_REACHED;
            elsewhere = forwards && lacks && target.region.equals(region) ? wroteIn() : null;
            if (elsewhere != null && !deadline.isOver()) {
                attempt();
                return;
            }
            if (nearestFirst() && attempts == 0 && failedThisRound.size() == 1 && !deadline.isOver()) {
                attempt(); // the nearest can't; the leader can wait
                return;
            }
            if (consistency == ReadConsistency.EVENTUAL && !deadline.isOver()) {
                attempt(); // the next nearest, at once; a round without any pauses
            } else {
                again();
            }
        }

        private void lost(Target target, ErrorCode code) {
            if (code != ErrorCode.RANGE_MOVED && code != ErrorCode.SESSION_NOT_REACHED
                    && code != ErrorCode.STALENESS_NOT_MET && code != ErrorCode.SNAPSHOT_NOT_REACHED) {
                tracker.notLeading(target.region, target.group, target.node);
                tracker.roundTrips().failed(target.node);
            }
            tracker.refresh(target.region);
        }

        private void again() {
            var pause = Backoff.before(attempts++, random);
            if (consistency != ReadConsistency.EVENTUAL && Reachable.isLost(region, tracker)) {
                result.completeExceptionally(Reachable.lost(region));
            } else if (deadline.remainingMillis() <= pause.toMillis()) {
                result.completeExceptionally(last);
            } else {
                scheduler.schedule(pause, this::attempt);
            }
        }
    }
}
