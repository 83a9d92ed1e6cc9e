package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.Clock;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.WriteReply;
import io.aviladb.proto.node.WriteRequest;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings units to the leaders of their groups. A unit that certainly wasn't applied is sent again until the deadline. Where it may have been,
 * it is sent again only under an operation's id, which makes the second attempt harmless; else the answer is INDETERMINATE.
 */
public final class WriteRouter {
    /** How long one attempt under an operation's id may take: a leader that hangs must not use up the whole time. */
    private static final long ATTEMPT_MILLIS = 5_000;
    /** How long an attempt waits for the budget, before it looks again. */
    private static final Duration BUDGET_PAUSE = Duration.ofMillis(200);

    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final RandomSource random;
    private final Budget retries;

    public WriteRouter(TopologyTracker tracker, Scheduler scheduler, RandomSource random, Clock clock) {
        this.tracker = tracker;
        this.scheduler = scheduler;
        this.random = random;
        this.retries = Budget.retries(clock);
    }

    /** What attempts after lost ones may be made. */
    public Budget retries() {
        return retries;
    }

    /** One draft on its way. */
    private static final class Pending {
        final UnitDraft draft;
        final CompletableFuture<UnitResult> result = new CompletableFuture<>();
        int attempts;
        boolean retried;
        boolean lost; // the attempt before: the next one takes from the budget
        /** Set once an attempt may have been applied. */
        @Nullable
        AvilaError unknown;
        AvilaError last = new AvilaError(ErrorCode.NO_LEADER, "no attempt was made");

        Pending(UnitDraft draft) {
            this.draft = draft;
        }
    }

    /** One draft with its ranges, for one group. */
    private record Placed(Pending pending, List<RangeRef> ranges) {}

    /** Never fails: a result for each draft, in their order. */
    public List<CompletableFuture<UnitResult>> write(RegionId region, List<UnitDraft> drafts, Deadline deadline) {
        List<Pending> pending = drafts.stream().map(Pending::new).toList();
        pending.forEach(one -> retries.ordinary());
        attempt(region, pending, deadline);
        return pending.stream().map(one -> one.result).toList();
    }

    public CompletableFuture<UnitResult> write(RegionId region, UnitDraft draft, Deadline deadline) {
        Pending pending = new Pending(draft);
        retries.ordinary();
        attempt(region, List.of(pending), deadline);
        return pending.result;
    }

    private void attempt(RegionId region, List<Pending> all, Deadline deadline) {
        boolean afterLoss = all.stream().anyMatch(one -> one.lost);
        if (afterLoss && !retries.take()) {
            later(region, all, deadline, BUDGET_PAUSE);
            return;
        } else if (afterLoss) {
            all.forEach(one -> one.lost = false);
            givesBack(all.getFirst());
        }
        RegionMap map = tracker.map().map(region);
        Map<Topology.Group, List<Placed>> byGroup = new LinkedHashMap<>();
        List<Pending> homeless = new ArrayList<>();
        for (Pending pending : all) {
            try {
                Topology.Group group = place(map, pending, byGroup);
                if (group == null) {
                    pending.last = new AvilaError(ErrorCode.NOT_READY, "region " + region + " doesn't serve the key's range yet");
                    homeless.add(pending);
                }
            } catch (AvilaError refused) {
                pending.result.complete(new UnitResult.Failed(refused));
            }
        }
        if (!homeless.isEmpty()) {
            tracker.refresh(region);
            again(region, homeless, deadline);
        }
        byGroup.forEach((group, placed) -> send(region, group, placed, deadline));
    }

    /** Once: of the attempt that is answered; what lost ones before it took is gone. */
    private void givesBack(Pending retried) {
        if (!retried.retried) {
            retried.retried = true;
            var unused = retried.result.thenAccept(result -> {
                if (result instanceof UnitResult.Answered) {
                    retries.giveBack();
                }
            });
        }
    }

    private static Topology.@Nullable Group place(@Nullable RegionMap map, Pending pending, Map<Topology.Group, List<Placed>> byGroup) {
        if (map == null) {
            return null;
        }
        List<RangeRef> ranges = new ArrayList<>(pending.draft.writes().size());
        int group = -1;
        for (var write : pending.draft.writes()) {
            Topology.Range range = map.find(write.key());
            if (range == null) {
                return null;
            }
            if (group >= 0 && group != range.group()) {
                throw new AvilaError(ErrorCode.BATCH_SPANS_GROUPS,
                        "the batch's keys belong to groups " + group + " and " + range.group() + " of region " + map.region());
            }
            group = range.group();
            ranges.add(range.ref());
        }
        Topology.Group owner = map.group(group).orElse(null);
        if (owner != null) {
            byGroup.computeIfAbsent(owner, key -> new ArrayList<>()).add(new Placed(pending, ranges));
        }
        return owner;
    }

    private void send(RegionId region, Topology.Group group, List<Placed> placed, Deadline deadline) {
        NodeId leader = tracker.leader(region, group).orElseGet(() -> group.members().get(random.nextInt(group.members().size())));
        long remaining = deadline.remainingMillis();
        boolean repeatable = placed.stream().allMatch(one -> one.pending.draft.operation() != null);
        long timeout = Math.max(1, repeatable ? Math.min(ATTEMPT_MILLIS, remaining) : remaining);
        List<WriteUnit> units = placed.stream()
                .map(one -> new WriteUnit(one.ranges, one.pending.draft.writes(), one.pending.draft.operation(), one.pending.draft.token()))
                .toList();
        tracker.roundTrips().began(leader);
        tracker.call(leader, node -> node.traced(deadline.caller().traceparent()).write(new WriteRequest(group.group(), units, timeout)))
                .whenComplete((reply, failure) -> {
                    if (failure == null && reply.answers().size() == placed.size()) {
                        tracker.roundTrips().answered(leader);
                        answered(region, leader, placed, reply, deadline);
                    } else {
                        tracker.roundTrips().ended(leader);
                        Throwable thrown = failure == null ? new IllegalStateException("a reply of another size") : failure;
                        failed(region, group, leader, placed, Failure.of(leader, thrown), deadline);
                    }
                });
    }

    private void answered(RegionId region, NodeId leader, List<Placed> placed, WriteReply reply, Deadline deadline) {
        Served served = Served.by(leader, region.equals(tracker.own()) ? "leader" : "forwarded");
        List<Pending> rest = new ArrayList<>();
        for (int i = 0; i < placed.size(); i++) {
            Pending pending = placed.get(i).pending;
            UnitAnswer answer = reply.answers().get(i);
            if (answer instanceof UnitAnswer.Refused refused && !(Failure.of(new AvilaError(refused.code(), refused.detail()),
                    Optional.empty()) instanceof Failure.Final)) {
                note(pending, Failure.of(new AvilaError(refused.code(), refused.detail()), Optional.empty()));
                rest.add(pending);
            } else {
                pending.result.complete(new UnitResult.Answered(answer, served));
            }
        }
        if (!rest.isEmpty()) {
            tracker.refresh(region);
            again(region, rest, deadline);
        }
    }

    private void failed(RegionId region, Topology.Group group, NodeId leader, List<Placed> placed, Failure failure, Deadline deadline) {
        if (failure instanceof Failure.TryAgain again && again.leader().isPresent()) {
            tracker.leaderHint(region, group, again.leader().get());
        } else if (!(failure instanceof Failure.Final)) {
            tracker.notLeading(region, group, leader);
            tracker.roundTrips().failed(leader);
            tracker.refresh(region);
        }
        List<Pending> rest = new ArrayList<>();
        for (Placed one : placed) {
            note(one.pending, failure);
            rest.add(one.pending);
        }
        again(region, rest, deadline);
    }

    private static void note(Pending pending, Failure failure) {
        switch (failure) {
            case Failure.TryAgain again -> pending.last = again.error();
            case Failure.Final last -> pending.result.complete(new UnitResult.Failed(last.error()));
            case Failure.Unknown unknown -> {
                pending.last = unknown.error();
                pending.unknown = unknown.error();
                pending.lost = true;
                if (pending.draft.operation() == null) {
                    pending.result.complete(new UnitResult.Failed(indeterminate(unknown.error())));
                }
            }
        }
    }

    private void again(RegionId region, List<Pending> some, Deadline deadline) {
        List<Pending> open = some.stream().filter(one -> !one.result.isDone()).toList();
        if (open.isEmpty()) {
            return;
        }
        int attempts = 0;
        for (Pending pending : open) {
            attempts = Math.max(attempts, pending.attempts++);
        }
        Duration pause = Backoff.before(attempts, random);
        if (Reachable.isLost(region, tracker)) {
            open.forEach(one -> one.result.complete(new UnitResult.Failed(
                    one.unknown == null ? Reachable.lost(region) : indeterminate(one.unknown))));
            return;
        }
        later(region, open, deadline, pause);
    }

    private void later(RegionId region, List<Pending> open, Deadline deadline, Duration pause) {
        if (deadline.remainingMillis() <= pause.toMillis()) {
            open.forEach(one -> one.result
                    .complete(new UnitResult.Failed(one.unknown == null ? one.last : indeterminate(one.unknown))));
            return;
        }
        scheduler.schedule(pause, () -> attempt(region, open, deadline));
    }

    private static AvilaError indeterminate(AvilaError error) {
        return error.code() == ErrorCode.INDETERMINATE || error.code() == ErrorCode.TIMED_OUT
                ? error
                : new AvilaError(ErrorCode.INDETERMINATE, error.detail());
    }
}
