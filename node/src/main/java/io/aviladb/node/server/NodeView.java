package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.node.catalog.CatalogState;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.link.RegionWatch;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node knows of its cluster: by its own replicas where it has them, else by what it is told by nodes that have. */
final class NodeView implements AutoCloseable {
    private final NodeId self;
    private final ClusterLayout layout;
    private final NodeGroups groups;
    private volatile @Nullable RegionWatch catalogWatch;
    private volatile @Nullable RegionWatch mapWatch;

    NodeView(NodeId self, ClusterLayout layout, NodeGroups groups) {
        this.self = self;
        this.layout = layout;
        this.groups = groups;
    }

    /** From here on it follows what it has no replica of, and runs {@code changed} after each change of that. */
    void follow(NodeConnector connector, Scheduler scheduler, Runnable changed) {
        if (groups.catalog().isEmpty()) {
            catalogWatch = watch(GroupDescriptor.Kind.CATALOG, connector, scheduler, changed);
        }
        if (groups.controller().isEmpty()) {
            mapWatch = watch(GroupDescriptor.Kind.CONTROLLER, connector, scheduler, changed);
        }
    }

    private RegionWatch watch(GroupDescriptor.Kind kind, NodeConnector connector, Scheduler scheduler, Runnable changed) {
        List<NodeId> members = layout.groups().stream().filter(g -> g.kind() == kind).filter(
                g -> kind == GroupDescriptor.Kind.CATALOG || g.members().stream().anyMatch(m -> m.node().region().equals(self.region())))
                .flatMap(g -> g.members().stream()).map(GroupDescriptor.Member::node)
                .sorted((a, b) -> Boolean.compare(b.region().equals(self.region()), a.region().equals(self.region()))).toList();
        List<Topology.Node> known = nodes();
        List<Topology.Node> candidates = members.stream().flatMap(member -> known.stream().filter(node -> node.node().equals(member)))
                .toList();
        return new RegionWatch(() -> candidates, connector, scheduler, changed);
    }

    List<Topology.Node> nodes() {
        return layout.nodes().stream().map(node -> new Topology.Node(node.node(), node.rpcAddress(), node.endpoint())).toList();
    }

    CatalogView catalog() {
        if (groups.catalog().isPresent()) {
            CatalogState state = groups.catalog().get().machine().state();
            return new CatalogView(state.version(), List.copyOf(state.databases()), state.collections());
        }
        return newest(catalogWatch).map(t -> new CatalogView(t.catalogVersion(), t.databases(), t.collections()))
                .orElse(CatalogView.NOTHING);
    }

    RangeMap map() {
        if (groups.controller().isPresent()) {
            return groups.controller().get().machine().map();
        }
        return newest(mapWatch)
                .map(t -> new RangeMap(t.mapVersion(), t.ranges().stream().mapToLong(r -> r.ref().range()).max().orElse(0) + 1,
                        t.ranges().stream().map(r -> new RangeMap.Range(r.ref(), r.collection(), r.keys(), r.group())).toList()))
                .orElse(RangeMap.EMPTY);
    }

    Topology topology(long version) {
        CatalogView catalog = catalog();
        RangeMap map = map();
        List<Topology.Group> shown = new ArrayList<>();
        for (GroupDescriptor descriptor : layout.groups()) {
            boolean ours = descriptor.kind() == GroupDescriptor.Kind.CATALOG
                    || descriptor.members().stream().anyMatch(member -> member.node().region().equals(self.region()));
            if (ours) {
                Optional<NodeId> leader = groups.raft(descriptor.number()).flatMap(group -> group.leadership().leader());
                shown.add(new Topology.Group(descriptor.number(), Topology.GroupKind.valueOf(descriptor.kind().name()),
                        descriptor.members().stream().map(GroupDescriptor.Member::node).toList(), leader));
            }
        }
        return new Topology(version, self, catalog.version(), map.version(), layout.secret(),
                layout.regions().stream().map(r -> new Topology.Region(r.region(), r.incarnation())).toList(), nodes(), catalog.databases(),
                catalog.collections(),
                Topology.newest(
                        map.ranges().stream().map(r -> new Topology.Range(r.ref(), r.collection(), r.keys(), r.group())).toList(), owned()),
                shown);
    }

    /** What the groups with a replica here own by their own logs: after a split or a merge, before the map has it. */
    private List<Topology.Range> owned() {
        return groups.dataGroups().stream().flatMap(group -> group.machine().ranges().values().stream()
                .map(range -> new Topology.Range(range.ref(), range.collection().id(), range.keys(), group.descriptor().number())))
                .toList();
    }

    /** A node that comes back serves by the catalog on its disk: a majority of its replicas is in other regions, which may be far away or dead. */
    boolean knowsCatalog() {
        if (groups.catalog().isPresent()) {
            RaftGroup catalog = groups.catalog().get().raft();
            return catalog.leadership().leader().isPresent() || catalog.applied().index() > 0;
        }
        return newest(catalogWatch).isPresent();
    }

    private static Optional<Topology> newest(@Nullable RegionWatch watch) {
        return watch == null ? Optional.empty() : watch.newest();
    }

    @Override
    public void close() {
        Optional.ofNullable(catalogWatch).ifPresent(RegionWatch::close);
        Optional.ofNullable(mapWatch).ifPresent(RegionWatch::close);
    }
}
