package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.topology.TopologyTracker;
import java.util.List;

/** Where a request is to be served, in the order of its preference. */
public final class RegionPreference {
    private RegionPreference() {
    }

    /**
     * The regions of the list that answer, in its order: the first serves, each of the others where those before it are lost meanwhile. The router's
     * own where the list is empty, or names it and nobody answers.
     *
     * @param where the names come from, for the message
     * @throws AvilaError where the cluster has no region of a name, or none of them answers
     */
    public static List<RegionId> choose(String where, List<String> names, TopologyTracker tracker) {
        if (names.isEmpty()) {
            return List.of(tracker.own());
        }
        List<RegionId> asked = names.stream().map(name -> known(where, name.trim(), tracker)).toList();
        List<RegionId> answering = asked.stream().filter(tracker::isReachable).toList();
        if (answering.isEmpty() && asked.contains(tracker.own())) {
            return List.of(tracker.own());
        } else if (answering.isEmpty()) {
            throw new AvilaError(ErrorCode.REGION_UNREACHABLE,
                    asked.size() == 1 ? "region " + asked.getFirst() + " doesn't answer" : "none of " + asked + " answers", 1_000);
        }
        return answering;
    }

    /** @throws AvilaError where the cluster has no region of the name */
    public static RegionId known(String where, String name, TopologyTracker tracker) {
        return tracker.map().regionNames().stream().filter(region -> region.name().equals(name)).findFirst()
                .orElseThrow(() -> new AvilaError(ErrorCode.INVALID_HEADER, where + ": the cluster has no region '" + name + "'"));
    }
}
