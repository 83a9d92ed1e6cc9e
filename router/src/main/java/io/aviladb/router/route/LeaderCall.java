package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.TopologyTracker;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the leader of a group that isn't chosen by a key: it follows hints, and tries again until its deadline, so the request
 * must be one that may be sent twice.
 *
 * @param <T> the answer
 */
abstract class LeaderCall<T> {
    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final RandomSource random;
    private final RegionId region;
    private final Deadline deadline;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private AvilaError last;
    private int attempts;
    private boolean unknown;

    /** @param unreached the error where no attempt was answered */
    LeaderCall(TopologyTracker tracker, Scheduler scheduler, RandomSource random, RegionId region, Deadline deadline,
            AvilaError unreached) {
        this.tracker = tracker;
        this.scheduler = scheduler;
        this.random = random;
        this.region = region;
        this.deadline = deadline;
        this.last = unreached;
    }

    /** The group as the map has it now, null where it knows of none. */
    abstract Topology.@Nullable Group group();

    abstract CompletableFuture<T> send(NodeApi node);

    /** The answer that a final refusal stands for where an earlier attempt, whose answer was lost, may be its reason. */
    Optional<T> ownEffect(ErrorCode refusal) {
        return Optional.empty();
    }

    /** What is told when the deadline ends. */
    AvilaError gaveUp(AvilaError lastError) {
        return lastError;
    }

    final CompletableFuture<T> start() {
        attempt();
        return result;
    }

    private void attempt() {
        Topology.Group group = group();
        if (group == null) {
            tracker.refresh(region);
            again();
            return;
        }
        NodeId node = tracker.leader(region, group).orElseGet(() -> group.members().get(random.nextInt(group.members().size())));
        tracker.call(node, this::send).whenComplete((answer, failure) -> {
            if (failure == null) {
                result.complete(answer);
            } else {
                failed(group, node, Failure.of(node, failure));
            }
        });
    }

    private void failed(Topology.Group group, NodeId node, Failure failure) {
        switch (failure) {
            case Failure.Final none -> {
                Optional<T> own = unknown ? ownEffect(none.error().code()) : Optional.empty();
                own.ifPresentOrElse(result::complete, () -> result.completeExceptionally(none.error()));
                return;
            }
            case Failure.TryAgain again -> {
                last = again.error();
                again.leader().ifPresentOrElse(leader -> tracker.leaderHint(region, group, leader),
                        () -> tracker.notLeading(region, group, node));
            }
            case Failure.Unknown lost -> {
                unknown = true;
                last = lost.error();
                tracker.notLeading(region, group, node);
            }
        }
        again();
    }

    private void again() {
        var pause = Backoff.before(attempts++, random);
        if (deadline.remainingMillis() <= pause.toMillis()) {
            result.completeExceptionally(gaveUp(last));
            return;
        }
        scheduler.schedule(pause, this::attempt);
    }
}
