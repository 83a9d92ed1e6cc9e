package io.aviladb.node.server;

import io.aviladb.node.catalog.CatalogMachine;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.group.DataGroup;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The replicas that this node has. */
record NodeGroups(Optional<Replica<CatalogMachine>> catalog, Optional<Replica<ControllerMachine>> controller,
        Map<Integer, DataGroup> data) {
    /** A replica with the machine that it drives. */
    record Replica<M>(RaftGroup raft, M machine) {}

    NodeGroups {
        data = java.util.Collections.unmodifiableMap(new TreeMap<>(data));
    }

    Collection<DataGroup> dataGroups() {
        return data.values();
    }

    Optional<RaftGroup> raft(int group) {
        DataGroup known = data.get(group);
        if (known != null) {
            return Optional.of(known.raft());
        }
        return catalog.map(Replica::raft).filter(raft -> raft.descriptor().number() == group)
                .or(() -> controller.map(Replica::raft).filter(raft -> raft.descriptor().number() == group));
    }
}
