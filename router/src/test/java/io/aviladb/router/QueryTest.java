package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.RouterFixture.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statements over REST: each query that the product page prints, pages, coverage, and changes by condition. */
class QueryTest {
    private static final String QUERY = "/v1/databases/game/query";
    private static final String PLAYERS = RouterFixture.PLAYERS;
    @SuppressWarnings("NullAway.Init")
    private static RouterFixture router;

    @BeforeAll
    static void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
        for (int i = 0; i < 30; i++) {
            String body = """
                    {"id":"p%02d","userId":"u%d","level":%d,"score":%d,"country":"%s","wins":0,"deviceId":"d%d","timestamp":%d,
                     "inventory":[{"item":"sword","count":%d},{"item":"potion","count":2}]}""".formatted(i, i % 3, i, i * 10,
                    i % 2 == 0 ? "BR" : "AR", i % 5, 1_000 + i, i);
            assertThat(router.call("POST", PLAYERS, body).status()).isEqualTo(201);
        }
    }

    @AfterAll
    static void stop() {
        router.close();
    }

    private static JsonString text(String text) {
        return new JsonString(text);
    }

    private static Answer ask(String query, String more) {
        return router.call("POST", QUERY, "{\"query\":" + text(query).toJson() + (more.isEmpty() ? "" : "," + more) + "}");
    }

    private static List<JsonValue> rows(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return ((JsonArray) answer.json().get("documents").orElseThrow()).elements();
    }

    private static void refused(Answer answer, ErrorCode code) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(code.name());
        assertThat(answer.status()).isEqualTo(code.httpStatus());
    }

    private static String level(String id, String user) {
        return Objects.toString(router.call("GET", RouterFixture.one(id, user), "").json().getOrNull("level"));
    }

    @Test
    void conditionsSelectByParameters() {
        Answer answer = ask("SELECT * FROM players WHERE level > @min", "\"parameters\":{\"min\":27}");
        assertThat(rows(answer)).hasSize(2).allSatisfy(row -> assertThat(((JsonObject) row).members()).containsKey("inventory"));
        assertThat(answer.json().get("coverage").orElseThrow().toJson()).contains("\"complete\":true", "sa-east-1");
        assertThat(answer.header("x-aviladb-session")).isNotEmpty();
        assertThat(answer.header("x-aviladb-routed")).contains("sa-east-1");
    }

    @Test
    void ordersAndLimits() {
        assertThat(rows(
                ask("SELECT VALUE timestamp FROM players WHERE deviceId = @device AND timestamp > @since ORDER BY timestamp DESC LIMIT 3",
                        "\"parameters\":{\"device\":\"d1\",\"since\":1006}")))
                .hasToString("[1026, 1021, 1016]");
    }

    @Test
    void groupsAndAverages() {
        assertThat(rows(ask("SELECT country, COUNT(*) AS players, AVG(score) AS avg_score FROM players GROUP BY country", "")))
                .hasToString(
                        "[{\"country\":\"AR\",\"players\":15,\"avg_score\":150}, {\"country\":\"BR\",\"players\":15,\"avg_score\":140}]");
        assertThat(rows(ask("SELECT COUNT(*) AS n FROM players WHERE userId = null", ""))).hasToString("[{\"n\":0}]");
    }

    @Test
    void arraysUnnest() {
        String expected = "[\"p28\", \"p29\"]";
        for (String from : List.of("players p, p.inventory i", "players p JOIN i IN p.inventory", "players p, UNNEST(p.inventory) AS i")) {
            assertThat(rows(ask("SELECT VALUE p.id FROM " + from + " WHERE i.count > 27 ORDER BY p.id", ""))).hasToString(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT id FROM players                                       | 7
            SELECT id FROM players WHERE userId = 'u1'                   | 3
            SELECT id FROM players ORDER BY level DESC                   | 7
            SELECT p.id, i.item FROM players p JOIN i IN p.inventory     | 11
            SELECT DISTINCT country, deviceId FROM players ORDER BY country LIMIT 7 OFFSET 1 | 2
            SELECT deviceId, COUNT(*) FROM players GROUP BY deviceId     | 2
            """)
    void pagesTogetherAreTheWhole(String query, int pageSize) {
        List<JsonValue> whole = rows(ask(query, "\"pageSize\":1000"));
        List<JsonValue> paged = new ArrayList<>();
        String more = "\"pageSize\":" + pageSize;
        while (true) {
            Answer answer = ask(query, more);
            assertThat(rows(answer)).hasSizeBetween(1, pageSize);
            paged.addAll(rows(answer));
            JsonValue next = answer.json().get("continuationToken").orElseThrow();
            if (!(next instanceof JsonString)) {
                break;
            }
            more = "\"pageSize\":" + pageSize + ",\"continuationToken\":" + next.toJson();
        }
        assertThat(paged).isEqualTo(whole).hasSizeGreaterThan(pageSize);
    }

    @Test
    void aTokenOfAnotherQueryIsRefused() {
        JsonValue token = ask("SELECT id FROM players", "\"pageSize\":2").json().get("continuationToken").orElseThrow();
        refused(ask("SELECT id FROM players WHERE level > 1", "\"continuationToken\":" + token.toJson()), ErrorCode.INVALID_CONTINUATION);
        refused(ask("SELECT id FROM players", "\"continuationToken\":\"AAAA\""), ErrorCode.INVALID_CONTINUATION);
    }

    @Test
    void globalQueriesTellEachRegion() {
        Answer answer = ask("SELECT COUNT(*) AS n FROM players", "\"scope\":\"GLOBAL\"");
        assertThat(rows(answer)).hasToString("[{\"n\":30}]");
        assertThat(answer.json().get("coverage").orElseThrow().toJson()).contains("sa-east-1", "us-east-1");
    }

    @Test
    void explainShowsThePlanAndAnalyzeWhatItRead() {
        Answer plan = ask("EXPLAIN SELECT * FROM players WHERE userId = 'u1' AND id = 'p01'", "");
        assertThat(plan.json().get("plan").orElseThrow().toJson()).contains("access: POINT");
        Answer analyzed = ask("EXPLAIN ANALYZE SELECT * FROM players WHERE userId = 'u1'", "");
        assertThat(rows(analyzed).get(0).toJson()).contains("\"documentsRead\":10,", "\"rows\":10,");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT * FROM players WHERE                     | QUERY_SYNTAX
            SELECT * FROM players WHERE level > @min        | QUERY_PARAMETER
            SELECT LENGHT(id) FROM players                  | QUERY_INVALID
            SELECT * FROM nobody                            | COLLECTION_NOT_FOUND
            SELECT * FROM players AS OF '2026-01-01'        | QUERY_INVALID
            SELECT * FROM players LIMIT -1                  | QUERY_PARAMETER
            UPDATE players SET level = 1                    | CONFIRMATION_REQUIRED
            DELETE FROM players                             | CONFIRMATION_REQUIRED
            UPDATE players SET id = 'x' WHERE level = 3     | PARTITION_KEY_IMMUTABLE
            EXPLAIN DELETE FROM players                     | NOT_IMPLEMENTED
            """)
    void refuses(String query, ErrorCode code) {
        refused(ask(query, ""), code);
    }

    @Test
    void refusesBodiesThatAreNone() {
        refused(router.call("POST", QUERY, "{}"), ErrorCode.MALFORMED_REQUEST);
        refused(ask("SELECT * FROM players", "\"pageSize\":0"), ErrorCode.MALFORMED_REQUEST);
        refused(ask("SELECT * FROM players", "\"scope\":\"ALL\""), ErrorCode.MALFORMED_REQUEST);
        refused(ask("SELECT * FROM players", "\"collection\":\"others\""), ErrorCode.MALFORMED_REQUEST);
        refused(ask("SELECT * FROM players", "\"parameters\":{\"x\":1}"), ErrorCode.QUERY_PARAMETER);
        refused(router.call("PATCH", PLAYERS, "{\"updates\":{},\"where\":\"a = 1\"}"), ErrorCode.MALFORMED_REQUEST);
        refused(router.call("PATCH", PLAYERS, "{\"updates\":{\"a\":{\"$pow\":1}},\"where\":\"a = 1\"}"), ErrorCode.INVALID_PATCH);
        refused(router.call("PATCH", PLAYERS, "{\"updates\":{\"a\":1}}"), ErrorCode.CONFIRMATION_REQUIRED);
        refused(router.call("DELETE", PLAYERS, ""), ErrorCode.CONFIRMATION_REQUIRED);
        refused(router.call("PATCH", PLAYERS, "{\"updates\":{\"a\":1},\"where\":\"a = \\\"x\"}"), ErrorCode.QUERY_SYNTAX);
    }

    @Test
    void updatesAndDeletesTouchWhatTheConditionAccepts() {
        String cups = "/v1/databases/game/collections";
        assertThat(router.call("POST", cups, "{\"name\":\"cups\",\"partitionKey\":\"/id\"}").status()).isEqualTo(201);
        for (int i = 0; i < 250; i++) {
            router.call("POST", cups + "/cups/documents", "{\"id\":\"c%03d\",\"n\":%d,\"kind\":\"it's\"}".formatted(i, i));
        }
        Answer updated = router.call("PATCH", cups + "/cups/documents",
                "{\"updates\":{\"n\":{\"$inc\":1000},\"tag\":\"n + 1\"},\"where\":\"n >= @from AND kind = \\\"it's\\\"\",\"parameters\":{\"from\":130}}");
        assertThat(updated.json().get("updatedCount").map(JsonValue::toJson)).as(updated.text()).contains("120");
        assertThat(rows(ask("SELECT COUNT(*) AS n, MIN(n) AS least FROM cups WHERE tag = 'n + 1'", "")))
                .hasToString("[{\"n\":120,\"least\":1130}]");
        Answer sql = ask("UPDATE cups SET n = n - @by, seen = UPPER(kind) WHERE id = 'c249'", "\"parameters\":{\"by\":9}");
        assertThat(sql.json().get("updatedCount").map(JsonValue::toJson)).as(sql.text()).contains("1");
        assertThat(rows(ask("SELECT n, seen FROM cups WHERE id = 'c249'", ""))).hasToString("[{\"n\":1240,\"seen\":\"IT'S\"}]");
        assertThat(ask("DELETE FROM cups WHERE n < 100", "").json().get("deletedCount").map(JsonValue::toJson)).contains("100");
        assertThat(router.call("DELETE", cups + "/cups/documents", "{\"confirm\":\"ALL\"}").text()).contains("\"deletedCount\":150");
        assertThat(rows(ask("SELECT * FROM cups", ""))).isEmpty();
    }

    @Test
    void changesThatMeetAreJudgedAgain() {
        String doubles = "/v1/databases/game/collections";
        router.call("POST", doubles, "{\"name\":\"doubles\",\"partitionKey\":\"/id\"}");
        router.call("POST", doubles + "/doubles/documents", "{\"id\":\"d\",\"n\":1}");
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(CompletableFuture.supplyAsync(() -> ask("UPDATE doubles SET n = n * 2 WHERE n > 0", "")));
        }
        all.forEach(answer -> assertThat(answer.join().text()).contains("\"updatedCount\":1,"));
        assertThat(rows(ask("SELECT VALUE n FROM doubles", ""))).hasToString("[64]");
    }

    @Test
    void whatIsThereIsUntouchedByARefusedChange() {
        String before = level("p03", "u0");
        refused(ask("UPDATE players SET level = level + @x WHERE id = 'p03'", "\"parameters\":{\"x\":\"1\"}"), ErrorCode.QUERY_PARAMETER);
        assertThat(level("p03", "u0")).isEqualTo(before);
    }
}
