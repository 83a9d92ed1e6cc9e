package io.aviladb.router.loss;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers what would stop, and what would be lost, if a region were gone from now on. Nothing is changed. */
public final class RegionLoss {
    private final TopologyTracker tracker;
    private final UnconfirmedWrites unconfirmed;

    public RegionLoss(TopologyTracker tracker, UnconfirmedWrites unconfirmed) {
        this.tracker = tracker;
        this.unconfirmed = unconfirmed;
    }

    /** A group that would stop. @param ranges that it owns, so that nobody serves them in the region */
    public record StoppedGroup(int group, Topology.GroupKind kind, int ranges) {}

    /**
     * The consequences.
     *
     * @param mapKnown whether the region's ranges are known here; else the groups are missing
     * @param remaining regions that go on; empty where the region is the only one
     * @param groups of the region, which stop
     * @param catalogReplicas of the catalog
     * @param catalogLost how many of them are in the region
     * @param reachable how many of the remaining regions answer now
     * @param lost writes that no remaining region is known to have
     * @param copies for each remaining region, in their order, what it lacks
     */
    public record Report(RegionId region, boolean mapKnown, List<RegionId> remaining, List<StoppedGroup> groups, int catalogReplicas,
            int catalogLost, int reachable, UnconfirmedWrites.Exposure lost, List<UnconfirmedWrites.Exposure> copies) {
        public Report {
            remaining = List.copyOf(remaining);
            groups = List.copyOf(groups);
            copies = List.copyOf(copies);
        }

        /** Whether databases and collections could still be defined. */
        public boolean definitionsGoOn() {
            return catalogReplicas > 0 && catalogReplicas - catalogLost > catalogReplicas / 2;
        }

        /** Whether a write could still be confirmed by another region than its own. */
        public boolean remoteGoesOn() {
            return reachable >= 2;
        }

        /** Whether a write could still be confirmed by a majority of all regions: the lost one counts until it is fenced. */
        public boolean majorityGoesOn() {
            return reachable > (remaining.size() + 1) / 2;
        }
    }

    /** Never weakens: what isn't known says so. @throws AvilaError where the cluster has no such region */
    public CompletableFuture<Report> lose(RegionId region) {
        ClusterMap map = tracker.map();
        if (!map.regionNames().contains(region)) {
            throw new AvilaError(ErrorCode.UNKNOWN_REGION, "the cluster has no region '" + region + "'");
        }
        List<RegionId> remaining = map.regionNames().stream().filter(other -> !other.equals(region)).toList();
        List<UnconfirmedWrites.Question> questions = new ArrayList<>();
        questions.add(new UnconfirmedWrites.Question(region, remaining));
        remaining.forEach(other -> questions.add(new UnconfirmedWrites.Question(region, List.of(other))));
        return unconfirmed.ask(questions).thenApply(answers -> report(map, region, remaining, answers));
    }

    private Report report(ClusterMap map, RegionId region, List<RegionId> remaining, List<UnconfirmedWrites.Exposure> answers) {
        RegionMap own = map.map(region);
        List<StoppedGroup> groups = own == null
                ? List.of()
                : own.groups().values().stream().filter(group -> group.kind() != Topology.GroupKind.CATALOG)
                        .sorted(Comparator.comparingInt(Topology.Group::group)).map(group -> stopped(own, group)).toList();
        List<RegionId> voters = map.catalogGroup().map(Topology.Group::members).orElse(List.of()).stream().map(node -> node.region())
                .toList();
        int reachable = (int) remaining.stream().filter(other -> other.equals(tracker.own()) || tracker.isReachable(other)).count();
        return new Report(region, own != null, remaining, groups, voters.size(), (int) voters.stream().filter(region::equals).count(),
                reachable, answers.getFirst(), answers.subList(1, answers.size()));
    }

    private static StoppedGroup stopped(RegionMap map, Topology.Group group) {
        int ranges = (int) map.ranges().values().stream().flatMap(List::stream).filter(range -> range.group() == group.group()).count();
        return new StoppedGroup(group.group(), group.kind(), ranges);
    }
}
