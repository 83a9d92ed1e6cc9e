package io.aviladb.router.topology;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.proto.node.Topology;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a router knows, at one moment.
 *
 * @param catalogVersion 0 until a node has told one
 * @param clusterSecret empty until the catalog is known
 * @param regions the catalog's, in its order
 * @param nodes by name
 * @param maps by region; a region that never answered is missing
 */
public record ClusterMap(long catalogVersion, byte[] clusterSecret, List<Topology.Region> regions, TreeMap<NodeId, Topology.Node> nodes,
        List<String> databases, Map<CollectionName, CollectionDefinition> collections, Map<RegionId, RegionMap> maps) {
    static final ClusterMap EMPTY = new ClusterMap(0, new byte[0], List.of(), new TreeMap<>(), List.of(), Map.of(), Map.of());

    /** This, with what a node of the region told. The newer catalog of the two stays. */
    ClusterMap with(RegionId region, Topology told) {
        Map<RegionId, RegionMap> newMaps = new HashMap<>(maps);
        RegionMap before = maps.get(region);
        newMaps.put(region, before == null ? RegionMap.of(region, told) : before.with(told));
        if (told.catalogVersion() < catalogVersion || told.catalogVersion() == 0 && !regions.isEmpty()) {
            return new ClusterMap(catalogVersion, clusterSecret, regions, nodes, databases, collections, Map.copyOf(newMaps));
        }
        TreeMap<NodeId, Topology.Node> newNodes = new TreeMap<>();
        told.nodes().forEach(node -> newNodes.put(node.node(), node));
        Map<CollectionName, CollectionDefinition> newCollections = new HashMap<>();
        told.collections()
                .forEach(definition -> newCollections.put(new CollectionName(definition.database(), definition.name()), definition));
        byte[] secret = told.clusterSecret().length > 0 ? told.clusterSecret() : clusterSecret;
        return new ClusterMap(told.catalogVersion(), secret, told.regions(), newNodes, told.databases().stream().sorted().toList(),
                Map.copyOf(newCollections), Map.copyOf(newMaps));
    }

    public @Nullable RegionMap map(RegionId region) {
        return maps.get(region);
    }

    public Optional<CollectionDefinition> collection(CollectionName name) {
        return Optional.ofNullable(collections.get(name));
    }

    /** The database's collections, by name. */
    public List<CollectionDefinition> collectionsOf(String database) {
        return collections.values().stream().filter(definition -> definition.database().equals(database))
                .sorted(Comparator.comparing(CollectionDefinition::name)).toList();
    }

    public List<RegionId> regionNames() {
        return regions.stream().map(Topology.Region::region).toList();
    }

    public Optional<RegionIncarnation> incarnation(RegionId region) {
        return regions.stream().filter(known -> known.region().equals(region)).map(Topology.Region::incarnation).findFirst();
    }

    public Optional<RegionId> region(RegionIncarnation incarnation) {
        return regions.stream().filter(known -> known.incarnation().equals(incarnation)).map(Topology.Region::region).findFirst();
    }

    /** The catalog's group, by whoever told of it. */
    public Optional<Topology.Group> catalogGroup() {
        return maps.values().stream().flatMap(map -> map.groups().values().stream())
                .filter(group -> group.kind() == Topology.GroupKind.CATALOG).max(Comparator.comparing(group -> group.leader().isPresent()));
    }
}
