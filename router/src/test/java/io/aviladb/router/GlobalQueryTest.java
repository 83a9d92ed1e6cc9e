package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queries of all regions: each key once, in its newest state, wherever that is. Regions don't replicate here: the tests say what is where. */
class GlobalQueryTest {
    private static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("userId"));
    private static final String HOME = "sa-east-1";
    private static final String OTHER = "us-east-1";
    private static final String SUM = "SELECT COUNT(*) AS n, SUM(v) AS s FROM players";
    @SuppressWarnings("NullAway.Init")
    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of(HOME, OTHER).withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private static DocumentKey key(String id) {
        return DocumentKey.of(1, STRATEGY, List.of(new JsonString("u" + id)), id);
    }

    private VersionVector put(String region, String id, int value, VersionVector base) {
        return row(region, id, "{\"id\":\"%s\",\"userId\":\"u%s\",\"v\":%d}".formatted(id, id, value), base);
    }

    private VersionVector delete(String region, String id, VersionVector base) {
        return row(region, id, "", base);
    }

    private VersionVector row(String region, String id, String json, VersionVector base) {
        FakeStore store = router.cluster.region(region).store;
        VersionVector vector = base.join(VersionVector.of(store.next()));
        copy(region, id, json, vector);
        return vector;
    }

    private void copy(String region, String id, String json, VersionVector vector) {
        FakeStore store = router.cluster.region(region).store;
        synchronized (store) {
            store.rows.put(key(id), new FakeStore.Row(json.getBytes(StandardCharsets.UTF_8), vector));
        }
    }

    private Answer ask(String query, String more) {
        return router.call("POST", "/v1/databases/game/query",
                "{\"query\":" + new JsonString(query).toJson() + ",\"scope\":\"GLOBAL\"" + (more.isEmpty() ? "" : "," + more) + "}",
                "X-AvilaDB-Timeout", "3000");
    }

    private static List<JsonValue> rows(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return ((JsonArray) answer.json().get("documents").orElseThrow()).elements();
    }

    private List<JsonValue> pages(String query, int pageSize) {
        List<JsonValue> all = new ArrayList<>();
        String more = "\"pageSize\":" + pageSize;
        while (true) {
            Answer answer = ask(query, more);
            all.addAll(rows(answer));
            JsonValue next = answer.json().get("continuationToken").orElseThrow();
            if (!(next instanceof JsonString)) {
                return all;
            }
            more = "\"pageSize\":" + pageSize + ",\"continuationToken\":" + next.toJson();
        }
    }

    @Test
    void eachKeyCountsOnceInItsNewestState() {
        VersionVector old = put(HOME, "a", 1, VersionVector.EMPTY);
        put(OTHER, "a", 10, old); // newer there
        VersionVector there = put(OTHER, "b", 2, VersionVector.EMPTY);
        put(HOME, "b", 20, there); // newer here
        put(HOME, "c", 300, VersionVector.EMPTY);
        put(OTHER, "d", 4_000, VersionVector.EMPTY);
        VersionVector gone = put(OTHER, "e", 50_000, VersionVector.EMPTY);
        delete(HOME, "e", gone);
        VersionVector alive = put(HOME, "f", 60_000, VersionVector.EMPTY);
        delete(OTHER, "f", alive);
        assertThat(rows(ask(SUM, ""))).hasToString("[{\"n\":4,\"s\":4330}]");
        assertThat(rows(ask("SELECT COUNT(*) AS n FROM players", ""))).hasToString("[{\"n\":4}]");
        assertThat(rows(ask("SELECT VALUE v FROM players ORDER BY v DESC LIMIT 2", ""))).hasToString("[4000, 300]");
        for (int size : new int[]{1, 2, 3, 100}) {
            assertThat(pages("SELECT VALUE v FROM players", size)).as("pages of " + size).hasToString("[10, 20, 300, 4000]");
        }
        byte[] middle = key("c").bytes();
        router.cluster.split(HOME, 1, middle);
        assertThat(rows(ask(SUM, ""))).as("two ranges at home").hasToString("[{\"n\":4,\"s\":4330}]");
        router.cluster.split(OTHER, 1, key("b").bytes());
        assertThat(rows(ask(SUM, ""))).as("cut elsewhere in the other region").hasToString("[{\"n\":4,\"s\":4330}]");
    }

    @Test
    void whatTheHomeRegionHasDoesNotTravel() {
        VersionVector last = VersionVector.EMPTY;
        for (int i = 0; i < 50; i++) {
            last = put(OTHER, "k%02d".formatted(i), i, VersionVector.EMPTY);
            copy(HOME, "k%02d".formatted(i), "{\"id\":\"k%02d\",\"v\":%d}".formatted(i, i), last);
        }
        router.cluster.region(HOME).store.covered = last;
        put(OTHER, "new", 1_000, VersionVector.EMPTY);
        JsonObject plan = (JsonObject) rows(ask("EXPLAIN ANALYZE " + SUM, "")).get(0);
        assertThat(plan.toJson()).contains("\"region\":\"us-east-1\",\"node\":\"us-east-1/1\"");
        JsonArray ranges = (JsonArray) ((JsonObject) plan.get("actual").orElseThrow()).get("ranges").orElseThrow();
        assertThat(ranges.elements()).hasSize(2);
        assertThat(ranges.elements().get(0).toJson()).contains("\"documentsRead\":50");
        assertThat(ranges.elements().get(1).toJson()).as("only what is new").contains("\"documentsRead\":1,");
        assertThat(rows(ask(SUM, ""))).hasToString("[{\"n\":51,\"s\":2225}]");
    }

    @Test
    void manyDifferencesComeInSteps() {
        for (int i = 0; i < 12_000; i++) {
            put(i % 5 == 0 ? HOME : OTHER, "k%05d".formatted(i), 1, VersionVector.EMPTY);
        }
        assertThat(rows(ask(SUM, ""))).hasToString("[{\"n\":12000,\"s\":12000}]");
        List<JsonValue> first = rows(ask("SELECT VALUE id FROM players", "\"pageSize\":3"));
        assertThat(first).hasToString("[\"k00000\", \"k00001\", \"k00002\"]");
        assertThat(rows(ask("SELECT VALUE id FROM players OFFSET 11998", ""))).hasToString("[\"k11998\", \"k11999\"]");
    }

    @Test
    void aLostRegionIsInTheCoverage() {
        put(HOME, "a", 1, VersionVector.EMPTY);
        put(OTHER, "b", 2, VersionVector.EMPTY);
        lose(OTHER);
        Answer partial = ask(SUM, "");
        assertThat(rows(partial)).hasToString("[{\"n\":1,\"s\":1}]");
        assertThat(partial.text()).contains("\"complete\":false").contains("\"region\":\"us-east-1\",\"answered\":false,\"closed\":null")
                .contains("\"missing\":[{\"region\":\"us-east-1\"");
        assertThat(ask(SUM, "\"partial\":\"refuse\"").status()).isEqualTo(503);
    }

    @Test
    void aHomeRegionWithoutLeadersLeavesTheOthers() {
        put(HOME, "a", 1, VersionVector.EMPTY);
        put(OTHER, "b", 2, VersionVector.EMPTY);
        lose(HOME);
        Answer partial = ask(SUM, "");
        assertThat(rows(partial)).hasToString("[{\"n\":1,\"s\":2}]");
        assertThat(partial.text()).contains("\"complete\":false").contains("\"missing\":[{\"region\":\"sa-east-1\"");
    }

    private void lose(String region) {
        for (int i = 1; i <= 3; i++) {
            router.cluster.node(region + "/" + i).goDown();
        }
    }
}
