package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.router.RouterFixture.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions of secondary indexes over REST. */
class IndexesTest {
    private static final String COLLECTIONS = "/v1/databases/game/collections";
    private static final String INDEXES = COLLECTIONS + "/players/indexes";

    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private Answer create(String body) {
        return router.call("POST", INDEXES, body);
    }

    @Test
    void anIndexIsMadeListedAndDeleted() {
        Answer begun = create("{\"name\":\"by_city\",\"fields\":[\"/city\",\"-/score\"],\"sparse\":true,\"where\":\"level>10\"}");
        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        assertThat(begun.text())
                .isEqualTo("{\"operation\":\"index-build-sa-east-1-1-1\",\"kind\":\"index-build\",\"state\":\"running\",\"progress\":0}");
        assertThat(router.call("GET", "/v1/operations/index-build-sa-east-1-1-1", "").text()).isEqualTo(begun.text());
        String definition = "{\"name\":\"by_city\",\"fields\":[\"/city\",\"-/score\"],\"kind\":\"ordered\",\"sparse\":true,"
                + "\"where\":\"(`level` > 10)\"";
        assertThat(router.call("GET", INDEXES, "").text())
                .isEqualTo("{\"indexes\":[" + definition + ",\"state\":\"building\",\"progress\":0}]}");
        assertThat(router.call("GET", COLLECTIONS + "/players", "").text()).contains("\"indexes\":[" + definition + "}]");
        Answer dropped = router.call("DELETE", INDEXES + "/by_city", "");
        assertThat(dropped.status()).as(dropped.text()).isEqualTo(202);
        assertThat(dropped.text())
                .isEqualTo("{\"operation\":\"index-drop-sa-east-1-1-1\",\"kind\":\"index-drop\",\"state\":\"done\",\"progress\":1}");
        assertThat(router.call("GET", INDEXES, "").text()).isEqualTo("{\"indexes\":[]}");
        assertThat(router.call("GET", "/v1/operations/index-build-sa-east-1-1-1", "").code()).isEqualTo("OPERATION_NOT_FOUND");
        assertThat(router.call("GET", "/v1/operations/index-drop-sa-east-1-1-1", "").status()).isEqualTo(200);
        assertThat(router.call("GET", "/v1/operations/index-drop-sa-east-1-1-2", "").code()).isEqualTo("OPERATION_NOT_FOUND");
    }

    @Test
    void explainNamesTheIndexThatServes() {
        create("{\"name\":\"by_city\",\"fields\":[\"/city\",\"-/score\"]}");
        Answer plan = router.call("POST", "/v1/databases/game/query",
                "{\"query\":\"EXPLAIN SELECT * FROM players WHERE city = @city ORDER BY score DESC LIMIT 3\",\"parameters\":{\"city\":\"Rio\"}}");
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.text())
                .contains("IndexScan  collection: players  access: index(by_city)  conditions: (`city` = @city)  order: index")
                .contains("\"access\":\"index(by_city)\"");
        Answer other = router.call("POST", "/v1/databases/game/query",
                "{\"query\":\"EXPLAIN SELECT * FROM players WHERE score > 3 ORDER BY city\"}");
        assertThat(other.text()).as("the leading field isn't narrowed").contains("access: SCAN");
    }

    @Test
    void aCollectionIsMadeWithItsIndexes() {
        Answer made = router.call("POST", COLLECTIONS,
                "{\"name\":\"towns\",\"partitionKey\":\"/id\",\"indexes\":[{\"name\":\"a\",\"fields\":[\"/x/y\"]}]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.text()).contains("\"indexes\":[{\"name\":\"a\",\"fields\":[\"/x/y\"],\"kind\":\"ordered\"}]");
    }

    @Test
    void anotherIndexOfTheNameIsRefusedAndSoIsTheDeletionOfNone() {
        create("{\"name\":\"a\",\"fields\":[\"/x\"]}");
        Answer again = create("{\"name\":\"a\",\"fields\":[\"/y\"]}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("INDEX_EXISTS");
        Answer none = router.call("DELETE", INDEXES + "/b", "");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.code()).isEqualTo("INDEX_NOT_FOUND");
        assertThat(router.call("POST", COLLECTIONS + "/nobody/indexes", "{\"name\":\"a\",\"fields\":[\"/x\"]}").code())
                .isEqualTo("COLLECTION_NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', value = {"{\"name\":\"a\",\"fields\":[]} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/1\",\"/2\",\"/3\",\"/4\",\"/5\",\"/6\",\"/7\",\"/8\",\"/9\"]} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/x\",\"-/x\"]} | INVALID_INDEX", "{\"name\":\"a\",\"fields\":[\"x\"]} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"\"]} | INVALID_INDEX", "{\"name\":\"a\",\"fields\":[7]} | INVALID_INDEX",
            "{\"name\":\"a b\",\"fields\":[\"/x\"]} | INVALID_INDEX", "{\"fields\":[\"/x\"]} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"where\":\"x = @y\"} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"where\":7} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"sparse\":\"yes\"} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"kind\":\"hash\"} | INVALID_INDEX",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"kind\":\"vector\"} | NOT_IMPLEMENTED",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"unique\":true} | NOT_IMPLEMENTED",
            "{\"name\":\"a\",\"fields\":[\"/x/*\"]} | NOT_IMPLEMENTED",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"language\":\"pt\"} | NOT_IMPLEMENTED",
            "{\"name\":\"a\",\"fields\":[\"/x\"],\"colour\":1} | MALFORMED_REQUEST", "[] | NOT_AN_OBJECT"})
    void whatIsNoIndexIsRefused(String body, String code) {
        assertThat(create(body).code()).isEqualTo(code);
    }
}
