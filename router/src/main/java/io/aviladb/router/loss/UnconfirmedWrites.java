package io.aviladb.router.loss;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the writes that a region has acknowledged and others aren't known to have: asks every group's leader what it has covered, and then the
 * groups that wrote what lies above that. A region that doesn't answer has what it last said to the writer that it has.
 */
public final class UnconfirmedWrites {
    private static final long PATIENCE_MILLIS = 1_500;

    private final TopologyTracker tracker;

    public UnconfirmedWrites(TopologyTracker tracker) {
        this.tracker = tracker;
    }

    /**
     * Writes of one region that none of some others is known to have.
     *
     * @param known whether all groups of the region that wrote answered; else there may be more
     * @param targetsAnswer whether all of the others answered; else what they had said before counts
     * @param writes documents written or deleted, each time it was
     * @param oldestAgeMillis how long ago the oldest was written; 0 where there is none
     * @param oldest its stamp; zero where there is none
     * @param complete whether all were counted; else there are more, and older ones
     */
    public record Exposure(boolean known, boolean targetsAnswer, long writes, long oldestAgeMillis, HybridTimestamp oldest,
            boolean complete) {
        Exposure and(UnconfirmedReply.Unconfirmed part) {
            HybridTimestamp older = writes == 0 ? part.oldest() : part.writes() == 0 ? oldest : oldest.min(part.oldest());
            return new Exposure(known, targetsAnswer, writes + part.writes(), Math.max(oldestAgeMillis, part.oldestAgeMillis()), older,
                    complete && part.complete());
        }
    }

    /** Writes of a region, and the others of which one would be enough. */
    public record Question(RegionId source, List<RegionId> others) {
        public Question {
            others = List.copyOf(others);
        }
    }

    private record GroupName(RegionId region, int group) {}

    /** What each region's groups have told, by group; a group that didn't answer has null. */
    private record Told(ClusterMap map, Map<GroupName, @Nullable UnconfirmedReply> replies) {
        Standing standing() {
            Map<RegionId, List<UnconfirmedReply.Coverage>> coverage = new TreeMap<>();
            replies.forEach((name, reply) -> {
                if (reply != null) {
                    coverage.computeIfAbsent(name.region, region -> new ArrayList<>()).addAll(reply.coverage());
                }
            });
            Map<RegionId, RegionIncarnation> incarnations = new TreeMap<>();
            map.regions().forEach(region -> incarnations.put(region.region(), region.incarnation()));
            return new Standing(coverage, incarnations);
        }

        boolean answered(Collection<RegionId> regions) {
            return regions.stream().allMatch(region -> replies.keySet().stream().anyMatch(name -> name.region.equals(region)))
                    && replies.entrySet().stream().noneMatch(entry -> entry.getValue() == null && regions.contains(entry.getKey().region));
        }
    }

    /** An answer to each question, in their order. Never fails: what isn't known says so. */
    public CompletableFuture<List<Exposure>> ask(List<Question> questions) {
        return coverage().thenCompose(told -> {
            Standing standing = told.standing();
            List<CompletableFuture<Exposure>> answers = questions.stream().map(question -> ask(question, told, standing)).toList();
            return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                    .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
        });
    }

    /** For each region that writes and each that receives, in the order of the catalog. */
    public List<Question> everyLink() {
        List<RegionId> regions = tracker.map().regionNames();
        return regions.stream().flatMap(from -> regions.stream().filter(to -> !to.equals(from)).map(to -> new Question(from, List.of(to))))
                .toList();
    }

    private CompletableFuture<Told> coverage() {
        ClusterMap map = tracker.map();
        Map<GroupName, CompletableFuture<@Nullable UnconfirmedReply>> asked = new java.util.HashMap<>();
        for (RegionId region : map.regionNames()) {
            RegionMap known = map.map(region);
            if (known != null) {
                known.groups().values().stream().filter(group -> group.kind() == Topology.GroupKind.DATA).forEach(
                        group -> asked.put(new GroupName(region, group.group()), ask(region, group, List.of())));
            }
        }
        return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            Map<GroupName, @Nullable UnconfirmedReply> replies = new java.util.HashMap<>();
            asked.forEach((name, reply) -> replies.put(name, reply.join()));
            return new Told(map, replies);
        });
    }

    private CompletableFuture<Exposure> ask(Question question, Told told, Standing standing) {
        RegionMap source = told.map.map(question.source);
        boolean known = told.answered(List.of(question.source));
        boolean targets = told.answered(question.others);
        List<CompletableFuture<@Nullable UnconfirmedReply>> asked = new ArrayList<>();
        told.replies.forEach((name, reply) -> {
            Topology.Group group = source == null ? null : source.group(name.group).orElse(null);
            if (name.region.equals(question.source) && reply != null && group != null) {
                List<UnconfirmedRequest.Part> parts = standing.parts(question.source, reply.coverage(), question.others);
                if (!parts.isEmpty()) {
                    asked.add(ask(question.source, group, parts));
                }
            }
        });
        return CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            Exposure sum = new Exposure(known && asked.stream().noneMatch(reply -> reply.join() == null), targets, 0, 0,
                    HybridTimestamp.ZERO, true);
            for (CompletableFuture<@Nullable UnconfirmedReply> answer : asked) {
                UnconfirmedReply reply = answer.join();
                for (UnconfirmedReply.Unconfirmed part : reply == null ? List.<UnconfirmedReply.Unconfirmed>of() : reply.parts()) {
                    sum = sum.and(part);
                }
            }
            return sum;
        });
    }

    /** Null where no member answers as the leader in time. */
    private CompletableFuture<@Nullable UnconfirmedReply> ask(RegionId region, Topology.Group group, List<UnconfirmedRequest.Part> parts) {
        CompletableFuture<@Nullable UnconfirmedReply> settled = new CompletableFuture<>();
        List<NodeId> candidates = new ArrayList<>(group.members());
        tracker.leader(region, group).ifPresent(leader -> {
            candidates.remove(leader);
            candidates.addFirst(leader);
        });
        ask(candidates, new UnconfirmedRequest(group.group(), parts), settled);
        return settled.completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void ask(List<NodeId> candidates, UnconfirmedRequest request, CompletableFuture<@Nullable UnconfirmedReply> settled) {
        if (candidates.isEmpty() || settled.isDone()) {
            settled.complete(null);
            return;
        }
        List<NodeId> rest = candidates.subList(1, candidates.size());
        CompletableFuture<UnconfirmedReply> call;
        try {
            NodeApi node = tracker.node(candidates.getFirst());
            call = node.unconfirmed(request);
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        call.whenComplete((reply, failure) -> {
            if (failure == null) {
                settled.complete(reply);
            } else {
                ask(rest, request, settled); // it doesn't lead, or can't be reached: the next one may
            }
        });
    }
}
