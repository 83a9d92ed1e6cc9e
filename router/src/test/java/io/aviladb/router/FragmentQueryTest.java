package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queries whose parts run at the nodes of two ranges, in two groups. */
class FragmentQueryTest {
    private static final String QUERY = "/v1/databases/game/query";
    @SuppressWarnings("NullAway.Init")
    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
        for (int i = 0; i < 20; i++) {
            assertThat(router.call("POST", RouterFixture.PLAYERS, "{\"id\":\"p%02d\",\"userId\":\"u%02d\",\"level\":%d}".formatted(i, i, i))
                    .status()).isEqualTo(201);
        }
        byte[] middle = new ArrayList<>(router.cluster.region("sa-east-1").store.rows.keySet()).get(8).bytes();
        router.cluster.split("sa-east-1", 1, middle);
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private Answer ask(String query, String more) {
        return router.call("POST", QUERY, "{\"query\":" + new JsonString(query).toJson() + (more.isEmpty() ? "" : "," + more) + "}",
                "X-AvilaDB-Timeout", "2000");
    }

    private static List<JsonValue> rows(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return ((JsonArray) answer.json().get("documents").orElseThrow()).elements();
    }

    private FakeNode leader(int group) {
        NodeId leader = router.cluster.region("sa-east-1").leaders.get(group);
        return router.cluster.node(String.valueOf(leader));
    }

    @Test
    void eachRangeRunsItsPart() {
        String sum = "SELECT COUNT(*) AS n, SUM(level) AS s FROM players WHERE level >= 5";
        assertThat(rows(ask(sum, ""))).hasToString("[{\"n\":15,\"s\":180}]");
        assertThat(leader(11).fragments.get()).isPositive();
        assertThat(leader(12).fragments.get()).isPositive();
        JsonObject analyzed = (JsonObject) rows(ask("EXPLAIN ANALYZE " + sum, "")).get(0);
        JsonObject actual = (JsonObject) analyzed.get("actual").orElseThrow();
        List<JsonValue> ranges = ((JsonArray) actual.get("ranges").orElseThrow()).elements();
        assertThat(ranges).hasSize(2);
        assertThat(ranges.toString()).contains("sa-east-1/1", "sa-east-1/2", "\"documentsRead\":8", "\"documentsRead\":12", "\"rows\":1");
        assertThat(actual.get("documentsRead").orElseThrow()).hasToString("20");
    }

    @Test
    void pagesGoThroughRangesInOrder() {
        List<JsonValue> all = new ArrayList<>();
        String more = "\"pageSize\":3";
        while (true) {
            Answer answer = ask("SELECT VALUE level FROM players", more);
            all.addAll(rows(answer));
            JsonValue next = answer.json().get("continuationToken").orElseThrow();
            if (!(next instanceof JsonString)) {
                break;
            }
            more = "\"pageSize\":3,\"continuationToken\":" + next.toJson();
        }
        assertThat(all).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void nodesOfAnotherVersionOnlyGiveTheirDocuments() {
        leader(12).failFragments.add(NodeRefusal.of(ErrorCode.FRAGMENT_UNSUPPORTED, "this node runs 0"));
        Answer answer = ask("EXPLAIN ANALYZE SELECT COUNT(*) AS n FROM players", "");
        assertThat(rows(answer).toString()).contains("\"node\":\"router\"", "\"documentsRead\":20");
        leader(12).failFragments.add(NodeRefusal.of(ErrorCode.FRAGMENT_UNSUPPORTED, "this node runs 0"));
        assertThat(rows(ask("SELECT COUNT(*) AS n FROM players", ""))).hasToString("[{\"n\":20}]");
    }

    @Test
    void anOldMapIsLearntAnew() {
        router.cluster.raiseEpoch("sa-east-1", 1);
        assertThat(rows(ask("SELECT COUNT(*) AS n FROM players", ""))).hasToString("[{\"n\":20}]");
    }

    @Test
    void aConnectionThatBreaksIsTriedAgain() {
        leader(11).failFragments.add(new IllegalStateException("broken"));
        assertThat(rows(ask("SELECT COUNT(*) AS n FROM players", ""))).hasToString("[{\"n\":20}]");
    }

    @Test
    void whatDoesNotAnswerIsInTheCoverage() {
        leader(12).goDown();
        Answer partial = ask("SELECT COUNT(*) AS n FROM players", "");
        assertThat(rows(partial)).hasToString("[{\"n\":8}]");
        assertThat(partial.json().get("coverage").orElseThrow().toJson()).contains("\"complete\":false", "\"missing\":[{");
        Answer refused = ask("SELECT COUNT(*) AS n FROM players", "\"partial\":\"refuse\"");
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
    }

    @Test
    void aQueryThatNeedsTooMuchIsRefusedWhole() {
        leader(12).failFragments.add(NodeRefusal.of(ErrorCode.QUERY_BUDGET, "Sort needs more"));
        assertThat(ask("SELECT * FROM players ORDER BY level", "").code()).isEqualTo("QUERY_BUDGET");
    }

    @Test
    void aRangeThatIsAtWorkIsNotMissing() {
        for (int i = 0; i < 1_000; i++) {
            leader(12).failFragments.add(NodeRefusal.of(ErrorCode.TIMED_OUT, "at work"));
        }
        Answer slow = ask("SELECT COUNT(*) AS n FROM players", "");
        assertThat(slow.code()).as(slow.text()).isEqualTo("TIMED_OUT");
    }
}
