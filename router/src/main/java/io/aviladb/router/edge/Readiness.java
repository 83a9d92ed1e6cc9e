package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.range.KeyRange;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.util.ArrayList;
import java.util.List;

/** Whether this router can serve its region: it knows the catalog, and each collection's ranges have leaders. */
public final class Readiness {
    private final TopologyTracker tracker;

    public Readiness(TopologyTracker tracker) {
        this.tracker = tracker;
    }

    /** What is missing; empty where everything is there. */
    public List<String> missing() {
        ClusterMap map = tracker.map();
        List<String> missing = new ArrayList<>();
        RegionMap own = map.map(tracker.own());
        if (map.clusterSecret().length == 0) {
            missing.add("the catalog isn't known");
        }
        if (own == null) {
            missing.add("no node of region " + tracker.own() + " has told its ranges");
            return missing;
        }
        if (!tracker.isReachable(tracker.own())) {
            missing.add("no node of region " + tracker.own() + " answers");
        }
        for (Topology.Group group : own.groups().values()) {
            if (group.kind() == Topology.GroupKind.DATA && tracker.leader(tracker.own(), group).isEmpty()) {
                missing.add("group " + group.group() + " has no leader");
            }
        }
        for (CollectionDefinition collection : map.collections().values()) {
            if (own.within(collection.id(), KeyRange.collection(collection.id())).isEmpty()) {
                missing.add("collection " + collection.database() + "." + collection.name() + " has no ranges here yet");
            }
        }
        return missing;
    }
}
