package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.proto.node.MemberOperation;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come and go while people write: real Raft, real disks, in one JVM. */
final class MembersClusterTest {
    private static final RegionId REGION = new RegionId("sa-east-1");
    private static final NodeId FIRST = new NodeId(REGION, 1);
    private static final NodeId FOURTH = new NodeId(REGION, 4);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    /** Writes documents one after the other, until it is told to stop. */
    private static final class Load {
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        Load(TestCluster cluster) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!stop.get()) {
                        int n = acknowledged.get();
                        cluster.put(REGION, "c", "d" + n, "{\"p\":\"p\",\"n\":" + n + "}");
                        acknowledged.incrementAndGet();
                    }
                    end.complete(null);
                } catch (Throwable failed) {
                    end.completeExceptionally(failed);
                }
            });
        }

        int stop() {
            stop.set(true);
            end.orTimeout(90, java.util.concurrent.TimeUnit.SECONDS).join();
            return acknowledged.get();
        }
    }

    private static MemberOperation newest(TestCluster cluster) {
        return cluster.members(REGION, new MemberRequest.Find(0)).operations().getLast();
    }

    private static MemberOperation awaitOver(TestCluster cluster) {
        return Awaitility.await("the member operation ends").atMost(PATIENCE).pollInterval(Duration.ofMillis(300))
                .until(() -> newest(cluster), operation -> !operation.isRunning());
    }

    private static void checkDocuments(TestCluster cluster, int count) {
        for (int n = 0; n < count; n++) {
            int number = n;
            assertThat(cluster.get(REGION, "c", "d" + n)).as("d" + n)
                    .hasValueSatisfying(json -> assertThat(json).contains("\"n\":" + number));
        }
    }

    private static void checkReplicas(TestCluster cluster, List<NodeId> nodes) {
        Topology topology = cluster.server(nodes.getFirst()).api().topology(new TopologyRequest(0, 0)).join();
        assertThat(topology.nodes()).extracting(Topology.Node::node).containsExactlyInAnyOrderElementsOf(nodes);
        for (Topology.Group group : topology.groups()) {
            assertThat(group.members()).as("group " + group.group()).hasSize(3).isSubsetOf(nodes);
        }
    }

    @Test
    void aNodeComesUnderLoadAndAnotherLeavesAndNothingAcknowledgedIsLost() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3, NodeLimits.DEV, "sa-east-1")) {
            cluster.awaitReady();
            cluster.createCollection("c");
            Load load = new Load(cluster);

            NodeServer fourth = cluster.join(FOURTH);
            MemberOperation added = awaitOver(cluster);
            assertThat(added.kind()).isEqualTo(MemberOperation.Kind.ADD);
            assertThat(added.state()).isEqualTo(RangeOperation.State.DONE);
            List<NodeId> four = List.of(FIRST, new NodeId(REGION, 2), new NodeId(REGION, 3), FOURTH);
            checkReplicas(cluster, four);
            int founded = cluster.layout().dataGroups(REGION).getLast() + 1;
            TestCluster.await(() -> fourth.dataGroup(founded).filter(group -> group.leads()).isPresent());
            assertThat(fourth.isReady()).isTrue();

            MemberOperation leaving = cluster.members(REGION, new MemberRequest.Remove(FIRST, 77)).operations().getFirst();
            assertThat(leaving.kind()).isEqualTo(MemberOperation.Kind.REMOVE);
            MemberOperation removed = awaitOver(cluster);
            assertThat(removed.number()).isEqualTo(leaving.number());
            assertThat(removed.state()).isEqualTo(RangeOperation.State.DONE);
            TestCluster.await(() -> cluster.layout().dataGroups(REGION).stream()
                    .allMatch(group -> cluster.server(FIRST).dataGroup(group).isEmpty()));
            cluster.kill(FIRST);
            List<NodeId> three = List.of(new NodeId(REGION, 2), new NodeId(REGION, 3), FOURTH);
            checkReplicas(cluster, three);

            int written = load.stop();
            assertThat(written).isGreaterThan(20);
            checkDocuments(cluster, written);
            assertThatThrownBy(() -> cluster.start(FIRST)).isInstanceOf(NodeGoneException.class);
            assertThatThrownBy(() -> cluster.members(REGION, new MemberRequest.Remove(FOURTH, 78)))
                    .hasRootCauseInstanceOf(NodeRefusal.class).rootCause().extracting("code").isEqualTo(ErrorCode.NODE_NEEDED);
        }
    }
}
