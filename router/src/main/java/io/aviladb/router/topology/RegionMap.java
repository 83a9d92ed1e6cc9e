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
        return of(region, topology, topology.ranges());
    }

    private static RegionMap of(RegionId region, Topology topology, List<Topology.Range> all) {
        Map<Integer, Topology.Group> groups = new HashMap<>();
        topology.groups().forEach(group -> groups.put(group.group(), group));
        return new RegionMap(region, topology.self(), topology.mapVersion(), byCollection(all), Map.copyOf(groups));
    }

    private static Map<Integer, List<Topology.Range>> byCollection(List<Topology.Range> all) {
        Map<Integer, List<Topology.Range>> ranges = new HashMap<>();
        all.forEach(range -> ranges.computeIfAbsent(range.collection(), id -> new ArrayList<>()).add(range));
        ranges.values().forEach(list -> list.sort(BY_START));
        return Map.copyOf(ranges);
    }

    /**
     * This, with what another node, or the same one later, tells. The newer map of the two counts, and beyond it, key by key, the higher epoch: nodes
     * tell of their own groups' ranges as the groups' logs have them, before the map has heard of it.
     */
    RegionMap with(Topology told) {
        List<Topology.Range> mine = ranges.values().stream().flatMap(List::stream).toList();
        if (told.mapVersion() >= mapVersion) {
            return of(region, told, Topology.newest(told.ranges(), mine));
        }
        return new RegionMap(region, this.told, mapVersion, byCollection(Topology.newest(mine, told.ranges())), groups);
    }

    /** The range that holds the key, where the map has it. */
    public Topology.@Nullable Range find(DocumentKey key) {
        List<Topology.Range> all = ranges.getOrDefault(key.collection(), List.of());
        int low = 0;
        int high = all.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Topology.Range range = all.get(middle);
            if (range.keys().contains(key)) {
                return range;
            } else if (Arrays.compareUnsigned(key.bytes(), range.keys().start()) < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
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
