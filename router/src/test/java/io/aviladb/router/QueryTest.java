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

    /** A collection of 25 documents, n from 0. */
    private static String numbers(String name) {
        String collections = "/v1/databases/game/collections";
        assertThat(router.call("POST", collections, "{\"name\":\"" + name + "\",\"partitionKey\":\"/id\"}").status()).isEqualTo(201);
        for (int i = 0; i < 25; i++) {
            router.call("POST", collections + "/" + name + "/documents", "{\"id\":\"d%02d\",\"n\":%d}".formatted(i, i));
        }
        return collections + "/" + name + "/documents";
    }

    @Test
    void aPreviewCountsAndALimitRefusesBeforeAnythingIsChanged() {
        String path = numbers("limited");
        String sum = "SELECT VALUE SUM(n) FROM limited";
        String change = "\"updates\":{\"n\":{\"$inc\":100}},\"where\":\"n >= @x\",\"parameters\":{\"x\":15}";
        assertThat(router.call("PATCH", path, "{" + change + ",\"preview\":true}").text()).startsWith("{\"matchedCount\":10,");
        assertThat(router.call("DELETE", path, "{\"preview\":true}").text()).startsWith("{\"matchedCount\":25,");
        Answer refused = router.call("PATCH", path, "{" + change + ",\"limit\":9}");
        refused(refused, ErrorCode.CHANGE_TOO_LARGE);
        assertThat(refused.text()).contains("accepts 10 documents", "may touch 9");
        assertThat(rows(ask(sum, ""))).hasToString("[300]");
        assertThat(router.call("PATCH", path, "{" + change + ",\"limit\":10}").text()).startsWith("{\"updatedCount\":10,");
        assertThat(rows(ask(sum, ""))).hasToString("[1300]");
        refused(router.call("PATCH", path, "{" + change + ",\"limit\":0}"), ErrorCode.MALFORMED_REQUEST);
        refused(router.call("PATCH", path, "{" + change + ",\"preview\":1}"), ErrorCode.MALFORMED_REQUEST);
        refused(router.call("DELETE", path, "{\"limit\":5,\"confirm\":\"ALL\"}"), ErrorCode.CHANGE_TOO_LARGE);
    }

    @Test
    void explainOfAChangeShowsHowItsDocumentsAreFoundAndChangesNone() {
        numbers("explained");
        Answer plan = ask("EXPLAIN UPDATE explained AS e SET n = e.n + 1, seen = TRUE WHERE e.id = 'd03'", "");
        assertThat(plan.json().get("plan").map(JsonValue::toJson).orElseThrow()).contains("Update  increments: n  sets: seen", "Filter",
                "access: POINT");
        Answer analyzed = ask("EXPLAIN ANALYZE DELETE FROM explained WHERE n < @max", "\"parameters\":{\"max\":7}");
        assertThat(rows(analyzed).get(0).toJson()).contains("\"operator\":\"Delete\"", "\"documentsRead\":25,");
        assertThat(rows(ask("SELECT VALUE COUNT(*) FROM explained WHERE n < 7", ""))).hasToString("[7]");
    }

    @Test
    void underAnIdempotencyKeyEachDocumentIsChangedOnce() {
        String path = numbers("keyed");
        String body = "{\"updates\":{\"n\":{\"$inc\":100}},\"where\":\"n >= 5\"}";
        for (int i = 0; i < 3; i++) {
            Answer answer = router.call("PATCH", path, body, "Idempotency-Key", "raise");
            assertThat(answer.text()).startsWith("{\"updatedCount\":20,");
        }
        assertThat(rows(ask("SELECT VALUE SUM(n) FROM keyed", ""))).hasToString("[2300]");
        refused(router.call("PATCH", path, body.replace("100", "200"), "Idempotency-Key", "raise"), ErrorCode.IDEMPOTENCY_MISMATCH);
        refused(router.call("PATCH", path, "{\"updates\":{\"n\":1},\"where\":\"n < 0\"}", "Idempotency-Key", "raise"),
                ErrorCode.IDEMPOTENCY_MISMATCH);
        // Another key is another operation.
        assertThat(router.call("PATCH", path, body, "Idempotency-Key", "again").text()).startsWith("{\"updatedCount\":20,");
        assertThat(rows(ask("SELECT VALUE SUM(n) FROM keyed", ""))).hasToString("[4300]");
        assertThat(rows(ask("SELECT VALUE COUNT(*) FROM keyed", ""))).hasToString("[25]");
        // Statements take a key as well; a document that no longer matches isn't counted again.
        String statement = "{\"query\":\"DELETE FROM keyed WHERE n < 2\"}";
        assertThat(router.call("POST", QUERY, statement, "Idempotency-Key", "drop").text()).startsWith("{\"deletedCount\":2,");
        assertThat(router.call("POST", QUERY, statement, "Idempotency-Key", "drop").text()).startsWith("{\"deletedCount\":0,");
    }

    @Test
    void changesUnderKeysThatMeetAreJudgedAgainAndStillHappenOnce() {
        String collections = "/v1/databases/game/collections";
        router.call("POST", collections, "{\"name\":\"meetings\",\"partitionKey\":\"/id\"}");
        router.call("POST", collections + "/meetings/documents", "{\"id\":\"d\",\"n\":1}");
        String body = "{\"query\":\"UPDATE meetings SET n = n * 2 WHERE n > 0\"}";
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String key = "k" + i % 4;
            all.add(CompletableFuture.supplyAsync(() -> router.call("POST", QUERY, body, "Idempotency-Key", key)));
        }
        all.forEach(answer -> assertThat(answer.join().text()).contains("\"updatedCount\":1,"));
        assertThat(rows(ask("SELECT VALUE n FROM meetings", ""))).hasToString("[16]");
    }

    @Test
    void aLongConditionGoesToTheRangesAsItIs() {
        numbers("long");
        String condition = String.join(" OR ", java.util.stream.IntStream.range(5, 105).mapToObj(i -> "n = " + i).toList());
        String more = String.join(" AND ", java.util.stream.IntStream.range(100, 180).mapToObj(i -> "n != " + i).toList());
        Answer answer = ask("UPDATE long SET hit = TRUE WHERE (" + condition + ") AND " + more, "");
        assertThat(answer.text()).startsWith("{\"updatedCount\":20,");
    }

    @Test
    void whatIsThereIsUntouchedByARefusedChange() {
        String before = level("p03", "u0");
        refused(ask("UPDATE players SET level = level + @x WHERE id = 'p03'", "\"parameters\":{\"x\":\"1\"}"), ErrorCode.QUERY_PARAMETER);
        assertThat(level("p03", "u0")).isEqualTo(before);
    }
}
