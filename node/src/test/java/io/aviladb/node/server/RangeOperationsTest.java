package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.Precondition;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits and merges in a running cluster: the log of the group first, then the map, whoever is killed between. */
class RangeOperationsTest {
    private static final RegionId REGION = new RegionId("sa-east-1");

    @TempDir
    Path root;

    private TestCluster cluster;
    private int collection;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(root, 3, NodeLimits.DEV, REGION.name());
        cluster.awaitReady();
        collection = cluster.createCollection("players");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private byte[] at(String id) {
        return TestCluster.key(collection, "p", id).bytes();
    }

    private List<Topology.Range> ranges(NodeServer server) {
        return server.api().topology(new TopologyRequest(0, 0)).join().ranges().stream()
                .sorted((a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start())).toList();
    }

    private void awaitDone(RangeOperation begun) {
        TestCluster.await(() -> cluster.ask(new RangeRequest.Find(begun.number())).state() == RangeOperation.State.DONE);
    }

    private UnitAnswer put(NodeServer leader, Topology.Range range, String id) {
        WriteUnit unit = new WriteUnit(List.of(range.ref()),
                List.of(new DocumentWrite(TestCluster.key(collection, "p", id), Precondition.NONE,
                        new Mutation.Put("{\"p\":\"p\"}".getBytes(StandardCharsets.UTF_8)))),
                null, VersionVector.EMPTY);
        return leader.api().write(new WriteRequest(range.group(), List.of(unit), 5_000)).join().answers().getFirst();
    }

    private NodeServer leader(int group) {
        TestCluster.await(() -> cluster.servers().stream().anyMatch(server -> server.dataGroup(group).orElseThrow().leads()));
        return cluster.servers().stream().filter(server -> server.dataGroup(group).orElseThrow().leads()).findFirst().orElseThrow();
    }

    @Test
    void aSplitReachesLogMapAndEveryNodeAndAMergeTakesItBack() throws Exception {
        cluster.put(REGION, "players", "k", "{\"p\":\"p\"}");
        cluster.put(REGION, "players", "q", "{\"p\":\"p\"}");
        Topology.Range whole = cluster.place(REGION, "players").range();
        long start = System.nanoTime();
        awaitDone(cluster.ask(new RangeRequest.Split(collection, at("m"), true, 1)));
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertThat(millis).as("a split is metadata").isLessThan(10_000);
        cluster.servers().forEach(server -> TestCluster.await(() -> ranges(server).size() == 2));
        for (NodeServer server : cluster.servers()) {
            List<Topology.Range> two = ranges(server);
            assertThat(two.get(0).keys()).isEqualTo(new KeyRange(whole.keys().start(), at("m")));
            assertThat(two.get(1).keys()).isEqualTo(new KeyRange(at("m"), whole.keys().end()));
            assertThat(two).extracting(range -> range.ref().epoch()).containsExactly(2L, 2L);
        }
        NodeServer leader = leader(whole.group());
        assertThat(put(leader, whole, "k")).as("the old epoch")
                .isInstanceOfSatisfying(UnitAnswer.Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RANGE_MOVED));
        ReadTerms anything = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);
        for (NodeServer server : cluster.servers()) {
            int group = whole.group();
            TestCluster.await(() -> server.dataGroup(group).orElseThrow().machine().ranges().size() == 2);
            movedOn(() -> server.api().read(new ReadRequest(group, whole.ref(), TestCluster.key(collection, "p", "k"), anything)));
            movedOn(() -> server.api().scan(
                    new ScanRequest(group, whole.ref(), whole.keys(), Optional.empty(), 10, 1_000, false, false, anything)));
        }
        assertThat(put(leader, ranges(leader).get(1), "r")).isInstanceOf(UnitAnswer.Committed.class);
        assertThatThrownBy(() -> cluster.ask(new RangeRequest.Split(collection, at("m"), true, 2))).cause()
                .isInstanceOfSatisfying(NodeRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RANGE_BOUND_EXISTS));
        awaitDone(cluster.ask(new RangeRequest.Merge(collection, at("m"), true, 3)));
        cluster.servers().forEach(server -> TestCluster.await(() -> ranges(server).size() == 1));
        assertThat(ranges(leader).getFirst().ref().epoch()).isEqualTo(3);
        assertThat(cluster.get(REGION, "players", "k")).isPresent();
        assertThat(cluster.get(REGION, "players", "q")).isPresent();
        assertThat(cluster.get(REGION, "players", "r")).isPresent();
    }

    /** No answer at the old epoch, no 404 either: from no replica. */
    private static void movedOn(Callable<CompletableFuture<?>> request) {
        assertThatThrownBy(() -> request.call().get(10, TimeUnit.SECONDS)).cause()
                .isInstanceOfSatisfying(NodeRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RANGE_MOVED));
    }

    /** Nobody tells the group, or the group's answer is lost: whoever leads the controller next asks again. */
    @Test
    void operationsGoOnWhereTheControllersLeaderIsKilled() throws Exception {
        Set<String> written = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            String id = "k" + i;
            TestCluster.await(() -> written(id));
            written.add(id);
            RangeOperation begun = cluster.ask(new RangeRequest.Split(collection, at(id), true, 100 + i));
            NodeId controller = cluster.layout().nodes().stream().map(ClusterLayout.Node::node)
                    .filter(node -> ranks(node)).findFirst().orElseThrow();
            cluster.kill(controller);
            awaitDone(begun);
            cluster.start(controller);
            cluster.awaitReady();
        }
        cluster.servers().forEach(server -> TestCluster.await(() -> ranges(server).size() == 5));
        KeyRange all = ranges(cluster.servers().getFirst()).stream().map(Topology.Range::keys).reduce(KeyRange::followedBy).orElseThrow();
        assertThat(all).isEqualTo(KeyRange.collection(collection));
        int group = ranges(cluster.servers().getFirst()).getFirst().group();
        NodeServer leader = leader(group);
        TestCluster.await(() -> leader.dataGroup(group).orElseThrow().machine().ranges().size() == 5);
        for (OwnedRange range : leader.dataGroup(group).orElseThrow().machine().ranges().values()) {
            assertThat(range.collection().id()).isEqualTo(collection);
        }
        for (String id : written) {
            assertThat(Objects.requireNonNull(leader.dataGroup(group).orElseThrow().machine().storeOrNull())
                    .head(TestCluster.key(collection, "p", id))).as(id).isNotNull();
        }
    }

    private boolean written(String id) {
        return ranges(cluster.servers().getFirst()).stream()
                .filter(range -> range.keys().contains(TestCluster.key(collection, "p", id)))
                .anyMatch(owner -> put(leader(owner.group()), owner, id) instanceof UnitAnswer.Committed);
    }

    private boolean ranks(NodeId node) {
        int controller = cluster.layout().groups().stream()
                .filter(group -> group.kind() == io.aviladb.node.consensus.GroupDescriptor.Kind.CONTROLLER).findFirst().orElseThrow()
                .number();
        return cluster.server(node).api().currentTerm(new io.aviladb.proto.node.TermRequest(controller)).join().ledThrough() >= 0;
    }
}
