package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.proto.node.NodeRefusal;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FormationTest {
    private static final List<NodeId> EXPECTED = List.of(NodeId.parse("sa/1"), NodeId.parse("us/1"), NodeId.parse("eu/1"));
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<ClusterLayout> persisted = new ArrayList<>();
    private final Formation.Seed seed = new Formation.Seed("demo", EXPECTED, persisted::add);

    private static JoinRequest request(NodeId node) {
        return new JoinRequest("demo", node, node + ":1", node + ":2", "http://" + node + ":3");
    }

    /** Nodes that only know how to answer a join; whoever is at another address can't be reached. */
    private static NodeConnector at(String address, Function<JoinRequest, JoinReply> join) {
        return (node, asked) -> (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("join");
                    if (!asked.equals(address)) {
                        return CompletableFuture.failedFuture(new IllegalStateException(asked + " is not reachable"));
                    }
                    try {
                        return CompletableFuture.completedFuture(join.apply((JoinRequest) arguments[0]));
                    } catch (NodeRefusal refusal) {
                        return CompletableFuture.failedFuture(refusal);
                    }
                });
    }

    @Test
    void threeNodesAgreeOnOneLayout() throws Exception {
        NodeConnector connector = at("seed:1", seed::join);
        List<Future<ClusterLayout>> joining = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (NodeId node : EXPECTED) {
                joining.add(threads.submit(() -> Formation.join(request(node), List.of("dead:1", "seed:1"), connector, LONG, reply -> {})));
            }
        }
        assertThat(persisted).hasSize(1);
        ClusterLayout layout = persisted.getFirst();
        for (Future<ClusterLayout> joined : joining) {
            assertThat(joined.get()).isEqualTo(layout);
        }
        assertThat(layout.name()).isEqualTo("demo");
        assertThat(layout.nodes()).extracting(ClusterLayout.Node::node).isEqualTo(EXPECTED);
        assertThat(layout.clusterId().version()).isEqualTo(4);
        assertThat(layout.clusterId().variant()).isEqualTo(2);
        assertThat(layout.secret()).isNotEqualTo(new byte[32]);
    }

    @Test
    void progressTellsHowManyAreThere() throws Exception {
        seed.join(request(EXPECTED.get(0)));
        List<String> heard = new ArrayList<>();
        NodeConnector connector = at("seed:1", seed::join);
        Formation.join(request(EXPECTED.get(1)), List.of("seed:1"), connector, LONG, reply -> {
            heard.add(reply.known() + "/" + reply.expected());
            seed.join(request(EXPECTED.get(2)));
        });
        assertThat(heard).containsExactly("2/3", "3/3");
    }

    @Test
    void sameNodeAgainIsCountedOnceAndItsLastAddressCounts() {
        seed.join(request(EXPECTED.get(0)));
        assertThat(seed.join(request(EXPECTED.get(0))).known()).isEqualTo(1);
        assertThat(seed.join(new JoinRequest("demo", EXPECTED.get(0), "moved:1", "moved:2", "http://moved:3")).known()).isEqualTo(1);
        seed.join(request(EXPECTED.get(1)));
        seed.join(request(EXPECTED.get(2)));
        assertThat(persisted.getFirst().node(EXPECTED.get(0)).raftAddress()).isEqualTo("moved:2");
    }

    @Test
    void fixedLayoutIsAnsweredForEverAfter() {
        EXPECTED.forEach(node -> seed.join(request(node)));
        JoinReply reply = seed.join(request(EXPECTED.get(0)));
        assertThat(ClusterLayout.parse(reply.layout())).isEqualTo(persisted.getFirst());
        assertThat(seed.layout()).contains(persisted.getFirst());
        assertThat(persisted).hasSize(1);
        refused(seed, new JoinRequest("demo", EXPECTED.get(0), "moved:1", "moved:2", "http://moved:3"));

        Formation.Seed restarted = Formation.Seed.of(persisted.getFirst());
        assertThat(restarted.join(request(EXPECTED.get(2))).layout()).isEqualTo(reply.layout());
    }

    @Test
    void strangersAreRefused() {
        refused(seed, new JoinRequest("other", EXPECTED.get(0), "a:1", "a:2", "http://a:3"));
        refused(seed, request(NodeId.parse("sa/2")));
        NodeConnector connector = at("seed:1", seed::join);
        assertThatThrownBy(() -> Formation.join(request(NodeId.parse("sa/2")), List.of("seed:1"), connector, LONG, reply -> {}))
                .isInstanceOf(NodeRefusal.class).hasMessageContaining("sa/2 is not one of the cluster's nodes");
    }

    private static void refused(Formation.Seed seed, JoinRequest request) {
        assertThatThrownBy(() -> seed.join(request)).isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.MALFORMED_REQUEST));
    }

    @Test
    void layoutThatIsNotOnDiskIsNotAnswered() {
        List<Integer> attempts = new ArrayList<>();
        Formation.Seed unlucky = new Formation.Seed("demo", EXPECTED.subList(0, 1), layout -> {
            attempts.add(attempts.size());
            if (attempts.size() == 1) {
                throw new IllegalStateException("disk full");
            }
        });
        assertThatThrownBy(() -> unlucky.join(request(EXPECTED.get(0)))).hasMessage("disk full");
        assertThat(unlucky.layout()).isEmpty();
        assertThat(unlucky.join(request(EXPECTED.get(0))).layout()).isNotEmpty();
    }

    @Test
    void patienceEndsWithTheSeedsNames() {
        NodeConnector connector = at("seed:1", seed::join);
        long start = System.nanoTime();
        assertThatThrownBy(() -> Formation.join(request(EXPECTED.get(1)), List.of("dead:1", "seed:1"), connector, Duration.ofSeconds(1),
                reply -> {})).isInstanceOf(Formation.NotFormedException.class).hasMessageContaining("'demo'")
                .hasMessageContaining("dead:1, seed:1")
                .hasMessageContaining("seed:1 knows 1 of 3 nodes");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void seedThatNeverAnswersDoesNotHoldTheNodeUp() {
        NodeConnector connector = (node, address) -> (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(),
                new Class<?>[]{NodeApi.class}, (proxy, method, arguments) -> new CompletableFuture<>());
        assertThatThrownBy(() -> Formation.join(request(EXPECTED.get(1)), List.of("mute:1"), connector, Duration.ofSeconds(1), reply -> {}))
                .isInstanceOf(Formation.NotFormedException.class).hasMessageContaining("mute:1 did not answer");
    }
}
