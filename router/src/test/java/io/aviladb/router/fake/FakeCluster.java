package io.aviladb.router.fake;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A catalog, and for each region three nodes, two data groups and its own documents. Regions don't replicate: a test puts rows where it wants
 * them. Guarded by itself.
 */
public final class FakeCluster implements NodeConnector {
    public static final int CATALOG = 1;
    public static final int CONTROLLER = 100;
    public static final byte[] SECRET = new byte[32];

    /** One region. */
    public static final class FakeRegion {
        public final RegionId id;
        public final RegionIncarnation incarnation;
        public final FakeStore store;
        /** Data groups and their leaders. */
        public final Map<Integer, NodeId> leaders = new TreeMap<>();
        final List<Topology.Range> ranges = new ArrayList<>();
        public final List<RangeOperation> operations = new ArrayList<>();
        public long mapVersion = 1;
        /** What other regions have told this one that they have. */
        public final Map<RegionIncarnation, VersionVector> acknowledged = new TreeMap<>();

        List<NodeStatus.Range> measured(NodeId leader) {
            return ranges.stream().filter(range -> leader.equals(leaders.get(range.group())))
                    .map(range -> new NodeStatus.Range(range.ref(), 4_096, 12.34, new byte[0], List.of(), List.of())).toList();
        }

        FakeRegion(RegionId id, int number) {
            this.id = id;
            this.incarnation = new RegionIncarnation(number);
            this.store = new FakeStore(incarnation);
            leaders.put(number * 10 + 1, new NodeId(id, 1));
            leaders.put(number * 10 + 2, new NodeId(id, 2));
        }
    }

    public final Map<RegionId, FakeRegion> regions = new LinkedHashMap<>();
    public final Map<NodeId, FakeNode> nodes = new ConcurrentHashMap<>();
    public long catalogVersion = 1;
    public long version = 1;
    public boolean catalogLost;
    public final List<String> databases = new ArrayList<>();
    public final List<CollectionDefinition> collections = new ArrayList<>();
    private long nextRange = 1;

    public FakeCluster(String... names) {
        Arrays.fill(SECRET, (byte) 7);
        for (String name : names) {
            RegionId id = new RegionId(name);
            regions.put(id, new FakeRegion(id, regions.size() + 1));
            for (int i = 1; i <= 3; i++) {
                NodeId node = new NodeId(id, i);
                nodes.put(node, new FakeNode(this, node));
            }
        }
    }

    public FakeRegion region(String name) {
        FakeRegion region = regions.get(new RegionId(name));
        if (region == null) {
            throw new AssertionError("no region " + name);
        }
        return region;
    }

    public FakeNode node(String name) {
        FakeNode node = nodes.get(NodeId.parse(name));
        if (node == null) {
            throw new AssertionError("no node " + name);
        }
        return node;
    }

    public List<Seed> seeds() {
        return nodes.keySet().stream().sorted().map(node -> new Seed(node, "fake:" + node.ordinal())).toList();
    }

    @Override
    public NodeApi connect(NodeId node, String rpcAddress) {
        return node(node.toString());
    }

    public synchronized Topology topology(NodeId self) {
        FakeRegion own = region(self.region().name());
        List<Topology.Group> groups = new ArrayList<>();
        List<NodeId> catalogMembers = regions.keySet().stream().map(region -> new NodeId(region, 1)).toList();
        groups.add(new Topology.Group(CATALOG, Topology.GroupKind.CATALOG, catalogMembers, Optional.of(catalogMembers.get(0))));
        groups.add(new Topology.Group(CONTROLLER, Topology.GroupKind.CONTROLLER,
                nodes.keySet().stream().filter(node -> node.region().equals(own.id)).sorted().toList(),
                Optional.of(new NodeId(own.id, 1))));
        own.leaders.forEach((group, leader) -> groups.add(new Topology.Group(group, Topology.GroupKind.DATA,
                nodes.keySet().stream().filter(node -> node.region().equals(own.id)).sorted().toList(), Optional.of(leader))));
        return new Topology(version, self, catalogVersion, own.mapVersion, SECRET,
                regions.values().stream().map(region -> new Topology.Region(region.id, region.incarnation)).toList(),
                nodes.keySet().stream().sorted().map(node -> new Topology.Node(node, "fake:" + node.ordinal(), "http://" + node)).toList(),
                databases, List.copyOf(collections), List.copyOf(own.ranges), groups);
    }

    /** Splits and merges at once. */
    RangeReply ranges(FakeRegion region, RangeRequest request) {
        RangeReply reply;
        synchronized (this) {
            reply = switch (request) {
                case RangeRequest.Split split -> cut(region, split);
                case RangeRequest.Merge merge -> throw NodeRefusal.of(ErrorCode.RANGE_BOUND_NOT_FOUND, "no range begins there");
                case RangeRequest.Find find -> new RangeReply(
                        region.operations.stream().filter(one -> find.number() == 0 || one.number() == find.number()).toList(),
                        new byte[0]);
                case RangeRequest.Transfer transfer -> throw NodeRefusal.of(ErrorCode.RANGE_NOT_FOUND, "no such range");
                case RangeRequest.TakeStep step -> throw new AssertionError("no router asks for this");
                case RangeRequest.Copy copy -> throw new AssertionError("no router asks for this");
                case RangeRequest.Perform perform -> throw new AssertionError("no router asks for this");
                case RangeRequest.Middle middle -> throw new AssertionError("no router asks for this");
            };
        }
        changed();
        return reply;
    }

    private RangeReply cut(FakeRegion region, RangeRequest.Split split) {
        Optional<RangeOperation> known = region.operations.stream().filter(one -> one.token() == split.token()).findFirst();
        if (known.isPresent()) {
            return RangeReply.of(known.get());
        }
        Topology.Range range = region.ranges.stream().filter(one -> one.keys().isInside(split.at())).findFirst()
                .orElseThrow(() -> NodeRefusal.of(ErrorCode.RANGE_BOUND_EXISTS, "a range begins there"));
        RangeRef child = new RangeRef(nextRange++, range.ref().epoch() + 1);
        RangeOperation operation = new RangeOperation(region.operations.size() + 1L, split.token(), RangeOperation.Kind.SPLIT,
                RangeOperation.State.DONE, range.collection(), range.group(), range.ref(), split.at(), child, split.byHand(), "");
        region.operations.add(operation);
        region.ranges.remove(range);
        region.ranges.add(new Topology.Range(range.ref().afterSplit(), range.collection(), new KeyRange(range.keys().start(), split.at()),
                range.group()));
        region.ranges.add(new Topology.Range(child, range.collection(), new KeyRange(split.at(), range.keys().end()), range.group()));
        region.mapVersion++;
        return RangeReply.of(operation);
    }

    /** Tells everybody who polls. */
    public void changed() {
        synchronized (this) {
            version++;
        }
        nodes.values().forEach(FakeNode::publish);
    }

    /** What a region has of the others: all, unless its store says less. */
    VersionVector arrived(FakeRegion region) {
        VersionVector said = region.store.covered;
        if (said != null) {
            return said;
        }
        VersionVector all = VersionVector.EMPTY;
        for (FakeRegion other : regions.values()) {
            all = other == region ? all : all.with(other.incarnation, other.store.closed());
        }
        return all;
    }

    long define(DefineRequest request) {
        synchronized (this) {
            if (catalogLost) {
                throw NodeRefusal.of(ErrorCode.CATALOG_UNAVAILABLE, "no majority");
            }
            apply(request);
        }
        changed();
        return catalogVersion;
    }

    /** As the catalog has it. */
    public synchronized CollectionDefinition collection(String database, String name) {
        return java.util.Objects.requireNonNull(find(database, name));
    }

    private void apply(DefineRequest request) {
        switch (request) {
            case DefineRequest.CreateDatabase create -> {
                refuseIf(databases.contains(create.database()), ErrorCode.DATABASE_EXISTS);
                databases.add(create.database());
            }
            case DefineRequest.DropDatabase drop -> {
                refuseIf(!databases.contains(drop.database()), ErrorCode.DATABASE_NOT_FOUND);
                refuseIf(collections.stream().anyMatch(one -> one.database().equals(drop.database())), ErrorCode.DATABASE_NOT_EMPTY);
                databases.remove(drop.database());
            }
            case DefineRequest.CreateCollection create -> {
                refuseIf(!databases.contains(create.database()), ErrorCode.DATABASE_NOT_FOUND);
                refuseIf(find(create.database(), create.collection()) != null, ErrorCode.COLLECTION_EXISTS);
                int id = collections.size() + 1;
                CollectionDefinition made = new CollectionDefinition(id, create.database(), create.collection(), create.strategy(),
                        create.policy(), catalogVersion + 1);
                made = create.options().schema().map(made::withFirstSchema).orElse(made);
                made = create.options().ttl().isPresent() ? made.withTtl(create.options().ttl().get(), catalogVersion + 1) : made;
                for (IndexDefinition index : create.indexes()) {
                    made = made.withIndexes(made.indexes().with(index), catalogVersion + 1);
                }
                collections.add(made);
                regions.values()
                        .forEach(region -> addRange(region, id, KeyRange.collection(id), region.leaders.keySet().iterator().next()));
            }
            case DefineRequest.AlterCollection alter -> {
                CollectionDefinition old = find(alter.database(), alter.collection());
                if (old == null) {
                    throw NodeRefusal.of(ErrorCode.COLLECTION_NOT_FOUND, "none");
                }
                collections.remove(old);
                collections.add(old.withPolicy(alter.policy().orElse(old.mergePolicy()),
                        alter.options().schema().orElse(old.schema()), catalogVersion + 1)
                        .withTtl(alter.options().ttl().orElse(old.ttl()), catalogVersion + 1));
            }
            case DefineRequest.CreateIndex create -> {
                CollectionDefinition old = find(create.database(), create.collection());
                if (old == null) {
                    throw NodeRefusal.of(ErrorCode.COLLECTION_NOT_FOUND, "none");
                }
                refuseIf(old.indexes().find(create.index().name()).isPresent(), ErrorCode.INDEX_EXISTS);
                collections.remove(old);
                collections.add(old.withIndexes(old.indexes().with(create.index()), catalogVersion + 1));
            }
            case DefineRequest.DropIndex drop -> {
                CollectionDefinition old = find(drop.database(), drop.collection());
                if (old == null || old.indexes().find(drop.index()).isEmpty()) {
                    throw NodeRefusal.of(ErrorCode.INDEX_NOT_FOUND, "none");
                }
                collections.remove(old);
                collections.add(old.withIndexes(old.indexes().without(drop.index()), catalogVersion + 1));
            }
            case DefineRequest.DropCollection drop -> {
                CollectionDefinition old = find(drop.database(), drop.collection());
                if (old == null) {
                    throw NodeRefusal.of(ErrorCode.COLLECTION_NOT_FOUND, "none");
                }
                collections.remove(old);
            }
            case DefineRequest.Confirm confirm -> {
                return;
            }
        }
        catalogVersion++;
    }

    private static void refuseIf(boolean condition, ErrorCode code) {
        if (condition) {
            throw NodeRefusal.of(code, code.explanation());
        }
    }

    private @Nullable CollectionDefinition find(String database, String name) {
        return collections.stream().filter(one -> one.database().equals(database) && one.name().equals(name)).findFirst().orElse(null);
    }

    void addRange(FakeRegion region, int collection, KeyRange keys, int group) {
        region.ranges.add(new Topology.Range(new RangeRef(nextRange++, 1), collection, keys, group));
        region.mapVersion++;
    }

    /** Splits the region's only range of the collection: from the key on it belongs to the region's second group. */
    public void split(String name, int collection, byte[] at) {
        synchronized (this) {
            FakeRegion region = region(name);
            region.ranges.removeIf(range -> range.collection() == collection);
            KeyRange all = KeyRange.collection(collection);
            List<Integer> groups = List.copyOf(region.leaders.keySet());
            addRange(region, collection, new KeyRange(all.start(), at), groups.get(0));
            addRange(region, collection, new KeyRange(at, all.end()), groups.get(1));
        }
        changed();
    }

    /** Makes a range's epoch one higher, and tells nobody. */
    public synchronized void raiseEpoch(String name, int collection) {
        FakeRegion region = region(name);
        region.ranges.replaceAll(range -> range.collection() != collection
                ? range
                : new Topology.Range(new RangeRef(range.ref().range(), range.ref().epoch() + 1), collection, range.keys(), range.group()));
        region.mapVersion++;
        version++;
    }

    synchronized Topology.Range range(FakeRegion region, RangeRef ref) {
        return region.ranges.stream().filter(range -> range.ref().equals(ref)).findFirst()
                .orElseThrow(() -> NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + ref + " is no more"));
    }

    synchronized PartitionStrategy strategy(int collection) {
        return collections.stream().filter(one -> one.id() == collection).findFirst().orElseThrow().strategy();
    }

    synchronized void checkRange(FakeRegion region, RangeRef ref) {
        if (region.ranges.stream().noneMatch(range -> range.ref().equals(ref))) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + ref + " is no more");
        }
    }
}
