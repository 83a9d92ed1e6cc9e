package io.aviladb.router.route;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One read on its way. Each attempt goes to the leader, or to the replica that {@link RoutingDecision} chooses of those that may serve it; what is
 * refused there, or lost, is tried elsewhere, and where nobody is left again after a pause. An attempt after a lost one takes from the router's budget
 * and waits where that is empty.
 */
final class RoutedRead<A> {
    /** How long one attempt may take: a replica that hangs must not use up the whole time. */
    private static final long ATTEMPT_MILLIS = 3_000;
    /** How long the own region is waited for where another one has what a session has seen. */
    private static final long OWN_REGION_MILLIS = 1_000;
    /** How long an attempt waits for the budget, before it looks again. */
    private static final Duration BUDGET_PAUSE = Duration.ofMillis(200);

    private final ReadRouter router;
    private final TopologyTracker tracker;
    private final RegionId region;
    private final Function<RegionMap, Topology.@Nullable Range> find;
    private final ReadConsistency consistency;
    private final VersionVector token;
    private final Deadline deadline;
    private final ReadRouter.Call<A> call;
    private final CompletableFuture<ReadRouter.Answer<A>> result = new CompletableFuture<>();
    private final List<NodeId> failedThisRound = new ArrayList<>();
    private int attempts;
    private boolean retried; // by the budget
    private boolean forwards; // to another region, where the own one lacks what is asked for
    private boolean works; // the call takes its time at the node
    private boolean lost; // the attempt before was lost: the next one takes from the budget
    private @Nullable RegionId elsewhere; // where the next attempt goes instead of the region that was asked
    private volatile @Nullable CompletableFuture<?> open; // the question that is open
    private AvilaError last = new AvilaError(ErrorCode.NO_LEADER, "no attempt was made");

    /** Where a read may go: a range as one region has it. */
    private record Place(RegionId region, Topology.Range range, Topology.Group group) {}

    RoutedRead(ReadRouter router, RegionId region, Function<RegionMap, Topology.@Nullable Range> find, ReadConsistency consistency,
            VersionVector token, Deadline deadline, ReadRouter.Call<A> call) {
        this.router = router;
        this.tracker = router.tracker();
        this.region = region;
        this.find = find;
        this.consistency = consistency;
        this.token = token;
        this.deadline = deadline;
        this.call = call;
    }

    RoutedRead<A> forwarding() {
        forwards = true;
        return this;
    }

    RoutedRead<A> working() {
        works = true;
        return this;
    }

    CompletableFuture<ReadRouter.Answer<A>> start() {
        router.retries().ordinary();
        deadline.caller().gone().thenRun(this::giveUp);
        attempt();
        return result;
    }

    /** Nobody waits any longer: what is asked is taken back, at the node, too. */
    private void giveUp() {
        result.completeExceptionally(new AvilaError(ErrorCode.TIMED_OUT, "the caller has gone"));
        CompletableFuture<?> asked = open;
        if (asked != null) {
            asked.cancel(false);
        }
    }

    private void attempt() {
        if (result.isDone()) {
            return;
        } else if (lost && !router.retries().take()) {
            pause(BUDGET_PAUSE);
            return;
        }
        retried |= lost;
        lost = false;
        boolean anyReplica = consistency == ReadConsistency.EVENTUAL || nearestFirst() && attempts == 0 && failedThisRound.isEmpty();
        boolean asked = anyReplica ? askAnyReplica() : askLeader();
        if (!asked) {
            failedThisRound.clear();
            tracker.refresh(region);
            again();
        }
    }

    /** Whether any replica may have what is asked for, and the leader can wait for it. */
    private boolean nearestFirst() {
        return consistency == ReadConsistency.BOUNDED || consistency == ReadConsistency.SNAPSHOT;
    }

    private boolean askAnyReplica() {
        Place place = place(region);
        List<NodeId> members = place == null ? List.of() : untried(place);
        if (members.isEmpty() && consistency == ReadConsistency.EVENTUAL) {
            place = tracker.map().regionNames().stream().filter(other -> !other.equals(region)).map(this::place).filter(Objects::nonNull)
                    .filter(other -> !untried(other).isEmpty())
                    .min(Comparator.comparing(this::nearestOf, tracker.roundTrips().nearestFirst()))
                    .orElse(null);
            members = place == null ? List.of() : untried(place);
        }
        if (place == null || members.isEmpty()) {
            return false;
        }
        Place there = place;
        RoutingDecision decision = RoutingDecision.of(Candidate.of(members, tracker.roundTrips(), !works), router.random().nextLong());
        CompletableFuture<HedgedCall.Settled<A>> asked = works
                ? askOnly(there, decision.chosen())
                : new HedgedCall<A>(deadline.clock(), tracker.roundTrips(), node -> ask(there, node)).start(decision, router.hedges(),
                        router.scheduler());
        waitFor(asked, there, decision);
        return true;
    }

    private NodeId nearestOf(Place place) {
        return untried(place).stream().min(tracker.roundTrips().nearestFirst()).orElseThrow();
    }

    private List<NodeId> untried(Place place) {
        return place.group.members().stream().filter(member -> !failedThisRound.contains(member)).toList();
    }

    private boolean askLeader() {
        Place place = place(elsewhere == null ? region : elsewhere);
        if (place == null) {
            return false;
        }
        List<NodeId> members = place.group.members();
        NodeId leader = tracker.leader(place.region, place.group).orElseGet(() -> members.get(router.random().nextInt(members.size())));
        waitFor(askOnly(place, leader), place, null);
        return true;
    }

    private void waitFor(CompletableFuture<HedgedCall.Settled<A>> asked, Place place, @Nullable RoutingDecision decision) {
        open = asked;
        if (result.isDone()) {
            asked.cancel(false); // the caller went meanwhile
        }
        asked.thenAccept(settled -> settled(place, settled, decision));
    }

    /** Asks one node alone. How long it takes says nothing of what other reads take. */
    private CompletableFuture<HedgedCall.Settled<A>> askOnly(Place place, NodeId node) {
        tracker.roundTrips().began(node);
        CompletableFuture<A> asked = ask(place, node);
        CompletableFuture<A> question = asked.whenComplete((reply, failure) -> {
            if (failure == null) {
                tracker.roundTrips().answered(node);
            } else {
                tracker.roundTrips().ended(node);
            }
        });
        CompletableFuture<HedgedCall.Settled<A>> settled = HedgedCall.Settled.of(node, question);
        settled.whenComplete((done, failure) -> {
            if (settled.isCancelled()) {
                asked.cancel(false);
            }
        });
        return settled;
    }

    private @Nullable Place place(RegionId somewhere) {
        RegionMap map = tracker.map().map(somewhere);
        Topology.Range range = map == null ? null : find.apply(map);
        Topology.Group group = map == null || range == null ? null : map.group(range.group()).orElse(null);
        if (range == null || group == null) {
            last = new AvilaError(ErrorCode.NOT_READY, "region " + somewhere + " doesn't serve the range yet");
            return null;
        }
        return new Place(somewhere, range, group);
    }

    private CompletableFuture<A> ask(Place place, NodeId node) {
        boolean mayGoElsewhere = forwards && place.region.equals(region) && wroteIn() != null;
        long timeout = Math.max(1, Math.min(mayGoElsewhere ? OWN_REGION_MILLIS : ATTEMPT_MILLIS, deadline.remainingMillis()));
        return tracker.call(node,
                api -> call.at(api.traced(deadline.caller().traceparent()), place.range, new ReadTerms(consistency, token, timeout)));
    }

    private void settled(Place place, HedgedCall.Settled<A> settled, @Nullable RoutingDecision decision) {
        switch (settled) {
            case HedgedCall.Settled.Failed<A> failed -> failed(place, failed.node(), Failure.of(failed.node(), failed.cause()));
            case HedgedCall.Settled.Answered<A> answered -> {
                String why = !place.region.equals(tracker.own())
                        ? "forwarded"
                        : answered.hedged() ? "hedged" : decision == null ? "leader" : "nearest";
                if (retried) {
                    router.retries().giveBack(); // of the attempt that was answered; what those before it took is gone
                }
                result.complete(new ReadRouter.Answer<>(answered.reply(), Served.by(answered.node(), why, decision)));
            }
        }
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

    private void failed(Place place, NodeId node, Failure failure) {
        switch (failure) {
            case Failure.Final none -> {
                boolean othersMay = consistency == ReadConsistency.EVENTUAL && none.error().code() == ErrorCode.OVERLOADED
                        && untried(place).size() > 1;
                if (!othersMay) {
                    result.completeExceptionally(none.error());
                    return;
                }
                last = none.error();
                lost = true; // one more attempt is load, too
            }
            case Failure.TryAgain again -> {
                last = again.error();
                again.leader().ifPresentOrElse(leader -> tracker.leaderHint(place.region, place.group, leader),
                        () -> lookFor(place, node, again.error().code()));
            }
            case Failure.Unknown unknown -> {
                last = new AvilaError(ErrorCode.NO_LEADER, unknown.error().detail());
                lost = true;
                lookFor(place, node, ErrorCode.NO_LEADER);
            }
        }
        failedThisRound.add(node);
        boolean lacks = last.code() == ErrorCode.SESSION_NOT_REACHED;
        elsewhere = forwards && lacks && place.region.equals(region) ? wroteIn() : null;
        boolean atOnce = elsewhere != null // to the region that has it
                || nearestFirst() && attempts == 0 && failedThisRound.size() == 1 // that replica can't; the leader can wait
                || consistency == ReadConsistency.EVENTUAL; // the next one; a round without any pauses
        if (atOnce && !deadline.isOver()) {
            attempt();
        } else {
            again();
        }
    }

    /** Somebody else has to do it: who, is found out. */
    private void lookFor(Place place, NodeId node, ErrorCode code) {
        if (code != ErrorCode.RANGE_MOVED && code != ErrorCode.SESSION_NOT_REACHED
                && code != ErrorCode.STALENESS_NOT_MET && code != ErrorCode.SNAPSHOT_NOT_REACHED) {
            tracker.notLeading(place.region, place.group, node);
            tracker.roundTrips().failed(node);
        }
        tracker.refresh(place.region);
    }

    private void again() {
        if (consistency != ReadConsistency.EVENTUAL && Reachable.isLost(region, tracker)) {
            result.completeExceptionally(Reachable.lost(region));
        } else {
            pause(Backoff.before(attempts++, router.random()));
        }
    }

    private void pause(Duration time) {
        if (deadline.remainingMillis() <= time.toMillis()) {
            result.completeExceptionally(last);
        } else {
            router.scheduler().schedule(time, this::attempt);
        }
    }
}
