package io.aviladb.router.topology;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.Topology;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ranges and groups of one region, as one of its nodes told them.
 *
 * @param told the node that told it
 * @param mapVersion of the region's range map
 */
public record RegionMap(RegionId region, NodeId told, long mapVersion, Map<Integer, List<Topology.Range>> ranges,
        Map<Integer, Topology.Group> groups) {
    private static final Comparator<Topology.Range> BY_START = (a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start());

    static RegionMap of(RegionId region, Topology topology) {
        Map<Integer, List<Topology.Range>> ranges = new HashMap<>();
        topology.ranges().forEach(range -> ranges.computeIfAbsent(range.collection(), id -> new ArrayList<>()).add(range));
        ranges.values().forEach(list -> list.sort(BY_START));
        Map<Integer, Topology.Group> groups = new HashMap<>();
        topology.groups().forEach(group -> groups.put(group.group(), group));
        return new RegionMap(region, topology.self(), topology.mapVersion(), Map.copyOf(ranges), Map.copyOf(groups));
    }

    /** The range that holds the key, where the map has it. */
    public Topology.@Nullable Range find(DocumentKey key) {
        for (Topology.Range range : ranges.getOrDefault(key.collection(), List.of())) {
            if (range.keys().contains(key)) {
                return range;
            }
        }
        return null;
    }

    /** The collection's ranges that touch the interval, in key order. */
    public List<Topology.Range> within(int collection, KeyRange interval) {
        return ranges.getOrDefault(collection, List.of()).stream().filter(range -> range.keys().intersect(interval).isPresent()).toList();
    }

    public Optional<Topology.Group> group(int group) {
        return Optional.ofNullable(groups.get(group));
    }
}
