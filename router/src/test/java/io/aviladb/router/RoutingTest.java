package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static io.aviladb.router.RouterFixture.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeCluster;
import io.aviladb.router.server.RouterConfig;
import io.aviladb.router.server.RouterServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTest {
    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private void lead(String node) {
        router.cluster.region("sa-east-1").leaders.replaceAll((group, leader) -> NodeId.parse(node));
    }

    @Test
    void hintLeadsToTheNewLeader() {
        lead("sa-east-1/3"); // told to nobody: the refusal's hint is all there is
        assertThat(router.insert("a", "u").status()).isEqualTo(201);
        assertThat(router.cluster.node("sa-east-1/1").writes.get()).isEqualTo(1);
        assertThat(router.cluster.node("sa-east-1/3").writes.get()).isEqualTo(1);
        assertThat(router.call("GET", one("a", "u"), "").header("x-aviladb-routed")).contains("node=sa-east-1/3");
    }

    @Test
    void withoutAHintTheOtherMembersAreTried() {
        router.cluster.nodes.values().forEach(node -> node.givesHints = false);
        lead("sa-east-1/2");
        assertThat(router.insert("a", "u").status()).isEqualTo(201);
    }

    @Test
    void movedRangeIsLookedUpAnew() {
        assertThat(router.insert("a", "u").status()).isEqualTo(201);
        router.cluster.raiseEpoch("sa-east-1", 1);
        assertThat(router.insert("b", "u").status()).isEqualTo(201);
        assertThat(router.call("GET", one("b", "u"), "").status()).isEqualTo(200);
    }

    @Test
    void unknownOutcomeWithoutAnIdIsIndeterminate() {
        router.cluster.node("sa-east-1/1").failAfter.add(new IllegalStateException("connection reset"));
        Answer answer = router.insert("a", "u");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("INDETERMINATE");
        assertThat(router.cluster.node("sa-east-1/1").writes.get()).isEqualTo(1);
    }

    @Test
    void unknownOutcomeUnderAnIdIsRetriedAndAppliedOnce() {
        router.cluster.node("sa-east-1/1").failAfter.add(new IllegalStateException("connection reset"));
        Answer answer = router.call("POST", PLAYERS, "{\"id\":\"a\",\"userId\":\"u\"}", "Idempotency-Key", "\"k\"");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(router.cluster.region("sa-east-1").store.rows).hasSize(1);
    }

    @Test
    void refusalBeforeTheLogIsRetriedWithoutAnId() {
        router.cluster.node("sa-east-1/1").failBefore.add(NodeRefusal.of(ErrorCode.NOT_READY, "starting"));
        assertThat(router.insert("a", "u").status()).isEqualTo(201);
    }

    @Test
    void timeRunsOutWithTheLastRefusal() {
        router.cluster.nodes.values().stream().filter(node -> node != null).forEach(node -> node.givesHints = false);
        router.cluster.region("sa-east-1").leaders.replaceAll((group, leader) -> new NodeId(leader.region(), 9));
        Answer answer = router.call("POST", PLAYERS, "{\"userId\":\"u\"}", "X-AvilaDB-Timeout", "300");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("NO_LEADER");
        assertThat(answer.header("retry-after")).isEqualTo("1");
    }

    @Test
    void eventualReadIsServedWhileLeaderAndNeighbourAreDown() {
        router.insert("a", "u");
        router.cluster.node("sa-east-1/1").goDown();
        router.cluster.node("sa-east-1/2").goDown();
        Answer answer = router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "eventual");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("x-aviladb-routed")).contains("node=sa-east-1/3").contains("why=nearest");
    }

    @Test
    void boundedReadIsServedByTheNearestReplicaWhereThatIsFreshEnough() {
        router.insert("a", "u");
        Answer fresh = router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "bounded", "X-AvilaDB-Max-Staleness", "100");
        assertThat(fresh.status()).as(fresh.text()).isEqualTo(200);
        assertThat(fresh.header("x-aviladb-routed")).contains("why=nearest");

        router.cluster.region("sa-east-1").store.covered = VersionVector.EMPTY;
        Answer behind = router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "bounded", "X-AvilaDB-Max-Staleness", "100",
                "X-AvilaDB-Timeout", "300");
        assertThat(behind.status()).isEqualTo(503);
        assertThat(behind.code()).isEqualTo("STALENESS_NOT_MET");
        assertThat(behind.text()).contains("\"retryable\":true");
        Answer listed = router.call("GET", PLAYERS, "", "X-AvilaDB-Consistency", "bounded", "X-AvilaDB-Max-Staleness", "100",
                "X-AvilaDB-Timeout", "300");
        assertThat(listed.code()).isEqualTo("STALENESS_NOT_MET");
    }

    @Test
    void sessionGoesToTheRegionThatItWroteInWhereTheOwnOneLacksTheWrite() {
        String token = router.call("POST", PLAYERS, "{\"id\":\"a\",\"userId\":\"u\"}", "X-AvilaDB-Region", "us-east-1")
                .header("x-aviladb-session");
        router.cluster.region("sa-east-1").store.covered = VersionVector.EMPTY;
        Answer there = router.call("GET", one("a", "u"), "", "X-AvilaDB-Session", token);
        assertThat(there.status()).as(there.text()).isEqualTo(200);
        assertThat(there.header("x-aviladb-routed")).contains("region=us-east-1").contains("why=forwarded");

        router.cluster.nodes.forEach((node, fake) -> {
            if (node.region().name().equals("us-east-1")) {
                fake.goDown();
            }
        });
        Answer refused = router.call("GET", one("a", "u"), "", "X-AvilaDB-Session", token, "X-AvilaDB-Timeout", "1500");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isNotEqualTo("DOCUMENT_NOT_FOUND");
    }

    @Test
    void operationOfAnotherRegionRunsThere() {
        Answer answer = router.call("POST", PLAYERS, "{\"id\":\"a\",\"userId\":\"u\"}", "Idempotency-Key", "\"k\"; region=us-east-1");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("x-aviladb-routed")).contains("region=us-east-1").contains("why=forwarded");
        assertThat(router.cluster.region("sa-east-1").store.rows).isEmpty();
        assertThat(router.cluster.region("us-east-1").store.rows).hasSize(1);
    }

    @Test
    void operationOfALostRegionIsIndeterminate() {
        for (int i = 1; i <= 3; i++) {
            router.cluster.node("us-east-1/" + i).goDown();
        }
        Awaitility.await().until(() -> router.call("POST", PLAYERS, "{\"id\":\"a\",\"userId\":\"u\"}", "Idempotency-Key",
                "\"k\"; region=us-east-1", "X-AvilaDB-Timeout", "200").code().equals("INDETERMINATE"));
        assertThat(router.cluster.region("sa-east-1").store.rows).isEmpty();
    }

    @Test
    void preferredRegionServes() {
        Answer answer = router.call("GET", one("none", "u"), "", "X-AvilaDB-Region", "us-east-1, sa-east-1");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(router.call("POST", PLAYERS, "{\"userId\":\"u\"}", "X-AvilaDB-Region", "us-east-1").header("x-aviladb-routed"))
                .contains("region=us-east-1");
    }

    @Test
    void everyAnswerSaysWhereItWasMade() {
        assertThat(router.call("GET", "/v1/databases", "").header("x-aviladb-routed")).isEqualTo("region=sa-east-1; node=none; why=router");
        Answer missing = router.call("GET", one("none", "u"), "");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.header("x-aviladb-routed")).as("a node proved the absence").contains("node=sa-east-1/1; why=leader");
        for (String path : List.of("/v1/nothing", "/v1/drills", "/v1/databases/none", "/v1/status", "/readyz")) {
            assertThat(router.call("GET", path, "").header("x-aviladb-routed")).as(path).contains("region=sa-east-1")
                    .contains("why=router");
        }
        assertThat(router.call("POST", PLAYERS, new byte[21 << 20]).header("x-aviladb-routed")).as("refused by the server itself")
                .contains("why=router");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00, 00",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later, 01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later, none",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, none",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01, none",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01, none",
            "rubbish, none"})
    void aTraceIsAnsweredUnderTheRequestsIdAndNoneIsAReasonToRefuse(String parent, @Nullable String flags) {
        for (String path : List.of("/v1/databases", one("none", "u"))) {
            Answer answer = router.call("GET", path, "", "traceparent", parent);
            assertThat(answer.status()).isIn(200, 404);
            assertThat(answer.header("traceparent")).isEqualTo(flags == null
                    ? ""
                    : "00-4bf92f3577b34da6a3ce929d0e0e4736-" + answer.header("x-aviladb-request-id") + "-" + flags);
        }
    }

    @Test
    void absenceIsNeverClaimedWithoutTheCatalog() {
        router.cluster.catalogLost = true;
        Answer answer = router.call("GET", "/v1/databases/none/collections/c", "", "X-AvilaDB-Timeout", "300");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("CATALOG_UNAVAILABLE");
        assertThat(router.insert("a", "u").status()).as("data are still served").isEqualTo(201);
    }

    @Test
    void sessionGoesOn() {
        Answer written = router.insert("a", "u");
        String session = written.header("x-aviladb-session");
        Answer read = router.call("GET", one("a", "u"), "", "X-AvilaDB-Session", session);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("x-aviladb-session")).isEqualTo(session);
        assertThat(router.call("GET", one("b", "u"), "", "X-AvilaDB-Session", session).header("x-aviladb-session")).isEqualTo(session);
    }

    @Test
    void overloadIsRefusedAtOnce() {
        FakeCluster cluster = new FakeCluster("sa-east-1");
        try (RouterFixture small = new RouterFixture(cluster, 2, Optional.empty()).withPlayers()) {
            CompletableFuture<Void> gate = new CompletableFuture<>();
            cluster.node("sa-east-1/1").gate = gate;
            var first = CompletableFuture.supplyAsync(() -> small.insert("a", "u"));
            var second = CompletableFuture.supplyAsync(() -> small.insert("b", "u"));
            Awaitility.await().until(() -> cluster.node("sa-east-1/1").writes.get() == 2);
            Answer refused = small.insert("c", "u");
            gate.complete(null);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(first.join().status()).isEqualTo(201);
            assertThat(second.join().status()).isEqualTo(201);
        }
    }

    @Test
    void portIsFreeAfterClose() {
        FakeCluster cluster = new FakeCluster("sa-east-1");
        RouterServer first = RouterServer.start(config(cluster, 0), cluster, Optional.empty());
        int port = first.port();
        first.close();
        try (RouterServer second = RouterServer.start(config(cluster, port), cluster, Optional.empty())) {
            assertThat(second.port()).isEqualTo(port);
        }
    }

    private static RouterConfig config(FakeCluster cluster, int port) {
        return new RouterConfig(new RegionId("sa-east-1"), "", "127.0.0.1", port, cluster.seeds(), RouterConfig.DEFAULT_TIMEOUT,
                Optional.empty());
    }
}
