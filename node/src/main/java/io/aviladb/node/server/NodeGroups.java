package io.aviladb.node.server;

import io.aviladb.node.catalog.CatalogMachine;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.group.DataGroup;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The replicas that this node has. They come and go with its region's members. Any thread. */
final class NodeGroups {
    /** A replica with the machine that it drives. */
    record Replica<M>(RaftGroup raft, M machine) {}

    private record All(Optional<Replica<CatalogMachine>> catalog, Optional<Replica<ControllerMachine>> controller,
            Map<Integer, DataGroup> data) {}

    private volatile All all;

    NodeGroups() {
        this(Optional.empty(), Optional.empty(), Map.of());
    }

    NodeGroups(Optional<Replica<CatalogMachine>> catalog, Optional<Replica<ControllerMachine>> controller, Map<Integer, DataGroup> data) {
        all = new All(catalog, controller, java.util.Collections.unmodifiableMap(new TreeMap<>(data)));
    }

    Optional<Replica<CatalogMachine>> catalog() {
        return all.catalog();
    }

    Optional<Replica<ControllerMachine>> controller() {
        return all.controller();
    }

    Map<Integer, DataGroup> data() {
        return all.data();
    }

    Collection<DataGroup> dataGroups() {
        return data().values();
    }

    synchronized void addCatalog(Replica<CatalogMachine> catalog) {
        all = new All(Optional.of(catalog), all.controller(), all.data());
    }

    synchronized void addController(Replica<ControllerMachine> controller) {
        all = new All(all.catalog(), Optional.of(controller), all.data());
    }

    synchronized void addData(DataGroup group) {
        TreeMap<Integer, DataGroup> data = new TreeMap<>(all.data());
        data.put(group.descriptor().number(), group);
        all = new All(all.catalog(), all.controller(), java.util.Collections.unmodifiableMap(data));
    }

    synchronized void remove(int group) {
        TreeMap<Integer, DataGroup> data = new TreeMap<>(all.data());
        data.remove(group);
        all = new All(all.catalog().filter(catalog -> catalog.raft().descriptor().number() != group),
                all.controller().filter(controller -> controller.raft().descriptor().number() != group),
                java.util.Collections.unmodifiableMap(data));
    }

    Optional<RaftGroup> raft(int group) {
        All now = all;
        DataGroup known = now.data().get(group);
        if (known != null) {
            return Optional.of(known.raft());
        }
        return now.catalog().map(Replica::raft).filter(raft -> raft.descriptor().number() == group)
                .or(() -> now.controller().map(Replica::raft).filter(raft -> raft.descriptor().number() == group));
    }

    /** All of them. */
    Collection<RaftGroup> rafts() {
        All now = all;
        java.util.List<RaftGroup> rafts = new java.util.ArrayList<>();
        now.catalog().ifPresent(catalog -> rafts.add(catalog.raft()));
        now.controller().ifPresent(controller -> rafts.add(controller.raft()));
        now.data().values().forEach(group -> rafts.add(group.raft()));
        return rafts;
    }
}
