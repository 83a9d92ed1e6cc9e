package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.TermRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A range goes round the groups of a running cluster, while clients with old maps write, retry and read. */
class RangeTransferClusterTest {
    private static final RegionId REGION = new RegionId("sa-east-1");

    @TempDir
    Path root;

    private TestCluster cluster;
    private int collection;
    private long token = 1_000;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(root, 3, NodeLimits.DEV, REGION.name());
        cluster.awaitReady();
        collection = cluster.createCollection("players");
        TestCluster.await(() -> asTheFirstNodeKnowsIt().isPresent());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Topology.Range range() {
        return asTheFirstNodeKnowsIt().orElseThrow();
    }

    private Optional<Topology.Range> asTheFirstNodeKnowsIt() {
        List<Topology.Range> ranges = cluster.servers().getFirst().api().topology(new TopologyRequest(0, 0)).join().ranges();
        return ranges.stream().filter(range -> range.collection() == collection).findFirst();
    }

    private RangeOperation begin(int group) throws Exception {
        return cluster.ask(new RangeRequest.Transfer(collection, range().ref().range(), group, true, ++token));
    }

    private void awaitDone(RangeOperation begun) {
        TestCluster.await(() -> cluster.ask(new RangeRequest.Find(begun.number())).state() != RangeOperation.State.RUNNING);
    }

    private int next(int group) {
        List<Integer> groups = cluster.layout().dataGroups(REGION);
        return groups.get((groups.indexOf(group) + 1) % groups.size());
    }

    private List<OwnedRange> ownedAt(int group) {
        return cluster.servers().stream().filter(server -> server.dataGroup(group).orElseThrow().leads())
                .flatMap(server -> server.dataGroup(group).orElseThrow().machine().ranges().values().stream()).toList();
    }

    @Test
    void nothingIsLostDoubledOrBackWhileARangeGoesRoundTheGroups() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int number = 0; number < 3; number++) {
                TransferClient client = new TransferClient(cluster, cluster.layout().incarnation(REGION), collection, number);
                clients.add(pool.submit(() -> {
                    int round = 0;
                    do {
                        client.round(++round);
                        rounds.incrementAndGet();
                    } while (!over.get());
                    return round;
                }));
            }
            TestCluster.await(() -> rounds.get() > 3);
            long epoch = range().ref().epoch();
            for (int i = 1; i <= 4; i++) {
                int from = range().group();
                int before = rounds.get();
                RangeOperation begun = begin(next(from));
                if (i == 2) {
                    kill(controller());
                }
                awaitDone(begun);
                RangeOperation done = cluster.ask(new RangeRequest.Find(begun.number()));
                assertThat(done.error()).isEmpty();
                assertThat(done.state()).isEqualTo(RangeOperation.State.DONE);
                TestCluster.await(() -> range().group() == next(from) && ownedAt(from).isEmpty() && ownedAt(next(from)).size() == 1);
                assertThat(range().ref().epoch()).isEqualTo(epoch + i);
                TestCluster.await(() -> rounds.get() > before + 3);
            }
            over.set(true);
            for (Future<Integer> client : clients) {
                assertThat(client.get(120, TimeUnit.SECONDS)).as("rounds of a client, each of them checked").isPositive();
            }
        } finally {
            over.set(true);
            pool.shutdownNow();
        }
    }

    private NodeId controller() {
        int controller = cluster.layout().controller(REGION).number();
        return cluster.layout().nodes().stream().map(ClusterLayout.Node::node)
                .filter(node -> cluster.server(node).api().currentTerm(new TermRequest(controller)).join().ledThrough() >= 0).findFirst()
                .orElseThrow();
    }

    /** And starts it again. */
    private void kill(NodeId node) throws Exception {
        cluster.kill(node);
        cluster.start(node);
    }

    @Test
    void whatCannotMoveIsRefusedWithItsReason() {
        int here = range().group();
        assertRefused(new RangeRequest.Transfer(collection, 999, next(here), true, 1), ErrorCode.RANGE_NOT_FOUND);
        assertRefused(new RangeRequest.Transfer(collection, range().ref().range(), 77, true, 2), ErrorCode.GROUP_NOT_FOUND);
        assertRefused(new RangeRequest.Transfer(collection, range().ref().range(), here, true, 3), ErrorCode.RANGE_BUSY);
    }

    private void assertRefused(RangeRequest request, ErrorCode code) {
        assertThatThrownBy(() -> cluster.ask(request)).cause().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(code));
    }
}
