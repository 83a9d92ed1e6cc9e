package io.aviladb.node.server;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.FaultyConnector;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.MemberReply;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A cluster in this JVM: real Raft, real disks, real RPC over loopback. Requests go the way a router sends them, without one. */
public final class TestCluster implements AutoCloseable {
    private final Path root;
    private final ClusterLayout layout;
    private final Map<NodeId, NodeServer> servers = new ConcurrentHashMap<>(); // clients go on while nodes are killed
    private final FaultTable faults = new FaultTable();
    private final GrpcConnector grpc = new GrpcConnector();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final NodeLimits limits;

    public TestCluster(Path root, int nodesPerRegion, NodeLimits limits, String... regions) throws IOException {
        this.root = root;
        this.limits = limits;
        List<ServerSocket> held = new ArrayList<>();
        List<ClusterLayout.Node> nodes = new ArrayList<>();
        for (String region : regions) {
            for (int n = 1; n <= nodesPerRegion; n++) {
                ServerSocket rpc = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket raft = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                held.add(rpc);
                held.add(raft);
                nodes.add(new ClusterLayout.Node(new NodeId(new RegionId(region), n), "127.0.0.1:" + rpc.getLocalPort(),
                        "127.0.0.1:" + raft.getLocalPort(), ""));
            }
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        this.layout = ClusterLayout.plan("test", new UUID(1, 2), new byte[32], nodes);
        for (ClusterLayout.Node node : nodes) {
            start(node.node());
        }
    }

    public FaultTable faults() {
        return faults;
    }

    public ClusterLayout layout() {
        return layout;
    }

    public NodeServer start(NodeId node) throws IOException {
        ClusterLayout.Node place = layout.node(node);
        return start(node, place, layout);
    }

    private NodeServer start(NodeId node, ClusterLayout.Node place, ClusterLayout layout) throws IOException {
        NodeServer server = NodeServer.start(
                new NodeConfig(node, data(node), "127.0.0.1", port(place.rpcAddress()), port(place.raftAddress()), true, limits),
                layout, new FaultyConnector(grpc, node.toString(), faults, timer), faults);
        servers.put(node, server);
        return server;
    }

    /** A new node asks to be taken in, at whichever node serves, and starts when it is. */
    public NodeServer join(NodeId node) throws Exception {
        ClusterLayout.Node place = place(node);
        JoinRequest request = new JoinRequest("test", node, place.rpcAddress(), place.raftAddress(), place.endpoint());
        ClusterLayout told = Awaitility.await(node + " is taken in").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    for (NodeServer server : servers()) {
                        JoinReply reply = server.api().join(request).get(10, TimeUnit.SECONDS);
                        if (reply.layout().length > 0) {
                            return Optional.of(ClusterLayout.parse(reply.layout()));
                        }
                    }
                    return Optional.<ClusterLayout>empty();
                }, Optional::isPresent).orElseThrow();
        return start(node, place, told);
    }

    private static ClusterLayout.Node place(NodeId node) throws IOException {
        try (ServerSocket rpc = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket raft = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return new ClusterLayout.Node(node, "127.0.0.1:" + rpc.getLocalPort(), "127.0.0.1:" + raft.getLocalPort(), "");
        }
    }

    /** Asks node after node of the region until the controller's leader answers, and whatever it answers. */
    public MemberReply members(RegionId region, MemberRequest request) {
        return retried(server -> server.api().members(request), in(region));
    }

    public Path data(NodeId node) {
        return root.resolve(node.toString().replace('/', '_'));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    public NodeServer server(NodeId node) {
        return Optional.ofNullable(servers.get(node)).orElseThrow();
    }

    public List<NodeServer> servers() {
        return List.copyOf(servers.values());
    }

    public void kill(NodeId node) {
        Optional.ofNullable(servers.remove(node)).ifPresent(NodeServer::kill);
    }

    public void killAll() {
        List.copyOf(servers.keySet()).forEach(this::kill);
    }

    public void awaitReady() {
        await(() -> servers.values().stream().allMatch(NodeServer::isReady));
    }

    public static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(60)).until(condition);
    }

    /** Asks node after node until the controller's leader answers. */
    RangeOperation ask(RangeRequest request) {
        return Awaitility.await("a leader of the controller").atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50))
                .until(() -> asked(request), Optional::isPresent).orElseThrow();
    }

    private Optional<RangeOperation> asked(RangeRequest request) throws Exception {
        for (NodeServer server : servers()) {
            try {
                return Optional.of(server.api().ranges(request).get(10, TimeUnit.SECONDS).operations().getFirst());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof NodeRefusal refusal
                        && (refusal.code() == ErrorCode.NO_LEADER || refusal.code() == ErrorCode.INDETERMINATE))) {
                    throw e;
                }
            }
        }
        return Optional.empty();
    }

    public DefineReply define(DefineRequest request) {
        return retried(server -> server.api().define(request), server -> true);
    }

    /** Makes a collection with the partition key /p and waits until every region serves it. */
    public int createCollection(String name) {
        define(new DefineRequest.CreateDatabase("db-" + name));
        define(new DefineRequest.CreateCollection("db-" + name, name, PartitionStrategy.single(FieldPath.of("p")),
                io.aviladb.core.catalog.MergePolicyDefinition.DEFAULT));
        for (ClusterLayout.Region region : layout.regions()) {
            await(() -> range(region.region(), name).isPresent());
            Place place = place(region.region(), name);
            await(() -> servers.values().stream().flatMap(s -> s.dataGroup(place.group()).stream())
                    .anyMatch(g -> g.leads() && g.machine().ranges().containsKey(place.range().ref().range())));
        }
        return place(layout.regions().get(0).region(), name).range().collection();
    }

    /** Where a collection is in a region. */
    public record Place(Topology.Range range, int group) {}

    private Optional<Topology.Range> range(RegionId region, String name) {
        for (NodeServer server : servers.values()) {
            Topology topology = server.api().topology(new TopologyRequest(0, 0)).join();
            if (topology.self().region().equals(region)) {
                Optional<Integer> id = topology.collections().stream().filter(c -> c.name().equals(name)).map(c -> c.id()).findFirst();
                Optional<Topology.Range> found = topology.ranges().stream().filter(r -> id.isPresent() && r.collection() == id.get())
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    public Place place(RegionId region, String name) {
        Topology.Range range = range(region, name).orElseThrow();
        return new Place(range, range.group());
    }

    public static DocumentKey key(int collection, String partition, String id) {
        return DocumentKey.of(collection, PartitionStrategy.single(FieldPath.of("p")), List.of(new JsonString(partition)), id);
    }

    public UnitAnswer write(RegionId region, String name, String partition, String id, Precondition precondition, Mutation mutation,
            @Nullable OperationId operation) {
        Place place = place(region, name);
        WriteUnit unit = new WriteUnit(List.of(place.range().ref()),
                List.of(new DocumentWrite(key(place.range().collection(), partition, id), precondition, mutation)), operation,
                VersionVector.EMPTY);
        return retried(server -> server.api().write(new WriteRequest(place.group(), List.of(unit), 5_000)), in(region)).answers().get(0);
    }

    public UnitAnswer put(RegionId region, String name, String id, String json) {
        return write(region, name, "p", id, Precondition.NONE,
                new Mutation.Put(Document.parse(json.getBytes(StandardCharsets.UTF_8)).json()), null);
    }

    public Optional<String> get(RegionId region, String name, String id) {
        Place place = place(region, name);
        ReadReply reply = retried(
                server -> server.api().read(new ReadRequest(place.group(), place.range().ref(), key(place.range().collection(), "p", id),
                        new ReadTerms(ReadConsistency.STRONG, VersionVector.EMPTY, 2_000))),
                in(region));
        return reply.json().map(json -> new String(json, StandardCharsets.UTF_8));
    }

    private Predicate<NodeServer> in(RegionId region) {
        return server -> servers.entrySet().stream().anyMatch(e -> e.getValue() == server && e.getKey().region().equals(region));
    }

    /** Asks server after server until one serves. */
    private <A> A retried(java.util.function.Function<NodeServer, CompletableFuture<A>> call, Predicate<NodeServer> where) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Throwable last = new IllegalStateException("no server");
        while (System.nanoTime() < end) {
            for (NodeServer server : List.copyOf(servers.values())) {
                if (where.test(server)) {
                    try {
                        return call.apply(server).get(10, TimeUnit.SECONDS);
                    } catch (java.util.concurrent.ExecutionException e) {
                        last = e.getCause();
                        if (!(last instanceof NodeRefusal refusal)
                                || refusal.code() != ErrorCode.NO_LEADER && refusal.code() != ErrorCode.RANGE_MOVED
                                        && refusal.code() != ErrorCode.NOT_READY) {
                            throw new IllegalStateException("refused: " + last, last);
                        }
                    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
        throw new IllegalStateException("nobody serves: " + last, last);
    }

    @Override
    public void close() {
        servers.values().forEach(NodeServer::close);
        grpc.close();
        timer.shutdownNow();
    }
}
