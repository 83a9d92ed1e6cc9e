package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.StatusRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings changes of ranges to the leader of a region's controller. Each has a token of its own: sent again it is the same operation. */
public final class RangeRouter {
    private static final long PATIENCE_MILLIS = 1_000;

    private final TopologyTracker tracker;
    private final Scheduler scheduler;
    private final RandomSource random;

    public RangeRouter(TopologyTracker tracker, Scheduler scheduler, RandomSource random) {
        this.tracker = tracker;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** The operation, begun. Fails with {@link AvilaError}. */
    public CompletableFuture<RangeOperation> split(RegionId region, int collection, byte[] at, Deadline deadline) {
        return ask(region, new RangeRequest.Split(collection, at, true, random.nextLong()), deadline)
                .thenApply(reply -> reply.operations().getFirst());
    }

    /** The operation, begun. Fails with {@link AvilaError}. */
    public CompletableFuture<RangeOperation> merge(RegionId region, int collection, byte[] at, Deadline deadline) {
        return ask(region, new RangeRequest.Merge(collection, at, true, random.nextLong()), deadline)
                .thenApply(reply -> reply.operations().getFirst());
    }

    /** The operation, begun. Fails with {@link AvilaError}. */
    public CompletableFuture<RangeOperation> transfer(RegionId region, int collection, long range, int group, Deadline deadline) {
        return ask(region, new RangeRequest.Transfer(collection, range, group, true, random.nextLong()), deadline)
                .thenApply(reply -> reply.operations().getFirst());
    }

    /** The operation, or all that are remembered where the number is 0. Fails with {@link AvilaError}. */
    public CompletableFuture<List<RangeOperation>> find(RegionId region, long number, Deadline deadline) {
        return ask(region, new RangeRequest.Find(number), deadline).thenApply(RangeReply::operations);
    }

    private CompletableFuture<RangeReply> ask(RegionId region, RangeRequest request, Deadline deadline) {
        return new ControllerCall(region, request, deadline).start();
    }

    /** What the leaders of a region's groups say of their ranges, as far as they answer within a second. */
    public CompletableFuture<List<NodeStatus.Range>> measure(RegionMap map, List<Topology.Range> ranges) {
        Set<NodeId> leaders = ranges.stream().flatMap(range -> map.group(range.group()).stream())
                .flatMap(group -> tracker.leader(map.region(), group).stream()).collect(Collectors.toSet());
        List<NodeStatus.Range> measured = new ArrayList<>(); // guarded by itself
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (NodeId leader : leaders) {
            CompletableFuture<NodeStatus> answer;
            try {
                answer = tracker.node(leader).status(new StatusRequest(true));
            } catch (RuntimeException e) {
                continue; // its ranges stay unmeasured
            }
            CompletableFuture<Void> settled = new CompletableFuture<>();
            answer.whenComplete((status, failure) -> {
                if (failure == null) {
                    synchronized (measured) {
                        measured.addAll(status.ranges());
                    }
                }
                settled.complete(null);
            });
            asked.add(settled.completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        }
        return CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            synchronized (measured) {
                return List.copyOf(measured);
            }
        });
    }

    private final class ControllerCall extends LeaderCall<RangeReply> {
        private final RegionId region;
        private final RangeRequest request;

        ControllerCall(RegionId region, RangeRequest request, Deadline deadline) {
            super(tracker, scheduler, random, region, deadline,
                    new AvilaError(ErrorCode.NO_LEADER, "no replica of the controller is known"));
            this.region = region;
            this.request = request;
        }

        @Override
        Topology.@Nullable Group group() {
            RegionMap map = tracker.map().map(region);
            return map == null
                    ? null
                    : map.groups().values().stream().filter(one -> one.kind() == Topology.GroupKind.CONTROLLER).findFirst().orElse(null);
        }

        @Override
        CompletableFuture<RangeReply> send(NodeApi node) {
            return node.ranges(request);
        }
    }
}
