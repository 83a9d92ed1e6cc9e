package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.node.catalog.CatalogState;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.Members;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.link.RegionWatch;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node knows of its cluster: by its own replicas where it has them, else by what it is told by nodes that have. */
final class NodeView implements AutoCloseable {
    private final NodeId self;
    private final ClusterLayout layout;
    private final NodeGroups groups;
    private final Registry registry;
    private final Map<RegionId, RegionWatch> remotes = new ConcurrentHashMap<>();
    private volatile @Nullable RegionWatch catalogWatch;
    private volatile @Nullable RegionWatch mapWatch;

    NodeView(NodeId self, ClusterLayout layout, NodeGroups groups, Registry registry) {
        this.self = self;
        this.layout = layout;
        this.groups = groups;
        this.registry = registry;
    }

    /** From here on it follows the other regions and what it has no replica of, and runs {@code changed} after each change of that. */
    void follow(NodeConnector connector, Scheduler scheduler, Runnable changed) {
        for (ClusterLayout.Region other : layout.regions()) {
            if (!other.region().equals(self.region())) {
                remotes.put(other.region(), new RegionWatch(() -> nodesOf(other.region()), connector, scheduler, changed));
            }
        }
        followMissing(connector, scheduler, changed);
    }

    /** Called again where replicas have come or gone. What is followed already stays so: of two sources the newer counts. */
    synchronized void followMissing(NodeConnector connector, Scheduler scheduler, Runnable changed) {
        if (groups.catalog().isEmpty() && catalogWatch == null) {
            catalogWatch = new RegionWatch(() -> candidates(GroupDescriptor.Kind.CATALOG), connector, scheduler, changed);
        }
        if (groups.controller().isEmpty() && mapWatch == null) {
            mapWatch = new RegionWatch(() -> candidates(GroupDescriptor.Kind.CONTROLLER), connector, scheduler, changed);
        }
    }

    /** Nodes that have a replica of such a group, those of this region first. */
    private List<Topology.Node> candidates(GroupDescriptor.Kind kind) {
        List<Topology.Node> known = nodes();
        return groups(Topology.GroupKind.valueOf(kind.name())).stream().flatMap(group -> group.members().stream())
                .filter(member -> !member.equals(self))
                .sorted((a, b) -> Boolean.compare(b.region().equals(self.region()), a.region().equals(self.region())))
                .flatMap(member -> known.stream().filter(node -> node.node().equals(member))).toList();
    }

    /** What other regions' nodes have told. */
    List<Topology> remotes() {
        return remotes.values().stream().flatMap(watch -> watch.newest().stream()).toList();
    }

    List<Topology.Node> nodes() {
        return layout.regions().stream().flatMap(region -> nodesOf(region.region()).stream()).toList();
    }

    /** A region's nodes: this one's as the registry or a node with the controller's map has them; another's as it tells, or as it was formed. */
    List<Topology.Node> nodesOf(RegionId region) {
        if (!region.equals(self.region())) {
            List<Topology.Node> told = Optional.ofNullable(remotes.get(region)).flatMap(RegionWatch::newest)
                    .map(topology -> within(topology.nodes(), region)).orElse(List.of());
            return told.isEmpty() ? formed(region) : told;
        }
        Optional<Topology> newer = newerThanRegistry();
        return newer.map(topology -> within(topology.nodes(), region)).orElseGet(() -> registry.members().nodes().stream()
                .map(node -> new Topology.Node(node.node(), node.rpcAddress(), node.endpoint())).toList());
    }

    private static List<Topology.Node> within(List<Topology.Node> nodes, RegionId region) {
        return nodes.stream().filter(node -> node.node().region().equals(region)).toList();
    }

    private List<Topology.Node> formed(RegionId region) {
        return layout.nodes().stream().filter(node -> node.node().region().equals(region))
                .map(node -> new Topology.Node(node.node(), node.rpcAddress(), node.endpoint())).toList();
    }

    /** The region's nodes and groups by a node that has the controller's state, where this one is behind. */
    private Optional<Topology> newerThanRegistry() {
        return newest(mapWatch).filter(topology -> topology.mapVersion() > registry.members().version() && groups.controller().isEmpty()
                && topology.nodes().stream().anyMatch(node -> node.node().region().equals(self.region())));
    }

    /** @throws IllegalArgumentException for a node that nobody has told of */
    String rpcAddress(NodeId id) {
        return nodesOf(id.region()).stream().filter(node -> node.node().equals(id)).findFirst().map(Topology.Node::rpcAddress)
                .or(() -> registry.node(id).map(Members.Node::rpcAddress))
                .orElseThrow(() -> new IllegalArgumentException("nobody has told of node " + id));
    }

    /** The region's groups of a kind, and the catalog's with the voters of all regions. */
    private List<Topology.Group> groups(Topology.GroupKind kind) {
        Optional<Topology> newer = newerThanRegistry();
        List<Topology.Group> known = newer.map(Topology::groups)
                .orElseGet(() -> registry.members().groups().stream().map(registry::whole).map(NodeView::shown).toList());
        List<Topology.Group> shown = new ArrayList<>();
        for (Topology.Group group : known) {
            if (group.kind() == kind) {
                Optional<RaftGroup> here = groups.raft(group.group());
                List<NodeId> members = here.map(RaftGroup::members).filter(all -> group.kind() == Topology.GroupKind.CATALOG)
                        .orElse(group.members());
                shown.add(new Topology.Group(group.group(), kind, members, here.flatMap(raft -> raft.leadership().leader())));
            }
        }
        if (kind == Topology.GroupKind.CATALOG && shown.isEmpty()) { // no voter in this region
            layout.groups().stream().filter(group -> group.kind() == GroupDescriptor.Kind.CATALOG)
                    .forEach(group -> shown.add(shown(group)));
        }
        return shown;
    }

    private static Topology.Group shown(GroupDescriptor group) {
        return new Topology.Group(group.number(), Topology.GroupKind.valueOf(group.kind().name()), group.nodes(), Optional.empty());
    }

    /** A group's members, as far as is known here; none where it isn't known. */
    List<NodeId> members(int number) {
        for (Topology.GroupKind kind : Topology.GroupKind.values()) {
            for (Topology.Group group : groups(kind)) {
                if (group.group() == number) {
                    return group.members();
                }
            }
        }
        return List.of();
    }

    /** By the replica here, or by a node that has one: a replica that has just come is behind. */
    CatalogView catalog() {
        CatalogView here = groups.catalog().map(replica -> {
            CatalogState state = replica.machine().state();
            return new CatalogView(state.version(), List.copyOf(state.databases()), state.collections());
        }).orElse(CatalogView.NOTHING);
        return newest(catalogWatch).filter(told -> told.catalogVersion() > here.version())
                .map(t -> new CatalogView(t.catalogVersion(), t.databases(), t.collections())).orElse(here);
    }

    RangeMap map() {
        RangeMap here = groups.controller().map(replica -> replica.machine().map()).orElse(RangeMap.EMPTY);
        return newest(mapWatch).filter(told -> told.mapVersion() > here.version())
                .map(t -> new RangeMap(t.mapVersion(), t.ranges().stream().mapToLong(r -> r.ref().range()).max().orElse(0) + 1,
                        t.ranges().stream().map(r -> new RangeMap.Range(r.ref(), r.collection(), r.keys(), r.group())).toList()))
                .orElse(here);
    }

    Topology topology(long version) {
        CatalogView catalog = catalog();
        RangeMap map = map();
        List<Topology.Group> shown = new ArrayList<>();
        for (Topology.GroupKind kind : Topology.GroupKind.values()) {
            shown.addAll(groups(kind));
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
        return newest(catalogWatch).isPresent() || groups.catalog().map(NodeGroups.Replica::raft)
                .filter(catalog -> catalog.leadership().leader().isPresent() || catalog.applied().index() > 0).isPresent();
    }

    private static Optional<Topology> newest(@Nullable RegionWatch watch) {
        return watch == null ? Optional.empty() : watch.newest();
    }

    @Override
    public void close() {
        remotes.values().forEach(RegionWatch::close);
        Optional.ofNullable(catalogWatch).ifPresent(RegionWatch::close);
        Optional.ofNullable(mapWatch).ifPresent(RegionWatch::close);
    }
}
