package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.crdt.schema.SchemaViolation;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.edge.rest.Problems;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Schemas over REST: defined, shown, changed; what breaks them is listed, and where they only warn an answer says so. */
class SchemaTest {
    private static final String COLLECTIONS = "/v1/databases/game/collections";
    @SuppressWarnings("NullAway.Init")
    private static RouterFixture router;

    @BeforeAll
    static void start() {
        router = RouterFixture.of("sa-east-1").withPlayers();
    }

    @AfterAll
    static void stop() {
        router.close();
    }

    private static Answer define(String method, String path, String json) {
        return router.call(method, path, json.replace('\'', '"'));
    }

    @Test
    void isDefinedShownChangedAndTakenAway() {
        Answer made = define("POST", COLLECTIONS, "{'name':'ages','partitionKey':'/id','schema':{'required':['age']}}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.text()).contains("\"schema\":{\"jsonSchema\":{\"required\":[\"age\"]},\"level\":\"strict\",\"action\":\"error\"}");
        Answer changed = define("PATCH", COLLECTIONS + "/ages", "{'schema':{'jsonSchema':{'type':'object'},'level':'moderate'}}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(router.call("GET", COLLECTIONS + "/ages", "").text()).contains(
                "\"jsonSchema\":{\"type\":\"object\"},\"level\":\"moderate\"",
                "\"mergePolicy\":{\"default\":\"lww\"");
        assertThat(define("PATCH", COLLECTIONS + "/ages", "{'schema':null}").text()).contains("\"schema\":null");
        assertThat(define("PATCH", COLLECTIONS + "/ages", "{}").status()).isEqualTo(400);
    }

    @Test
    void whatIsNoSchemaIsRefused() {
        Answer refused = define("POST", COLLECTIONS, "{'name':'bad','partitionKey':'/id','schema':{'type':'int'}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains(ErrorCode.INVALID_SCHEMA.code(), "'int' is no type", "/type");
        assertThat(router.call("GET", COLLECTIONS + "/bad", "").status()).isEqualTo(404);
    }

    @Test
    void anErrorNamesPointerAndKeyword() {
        String detail = SchemaViolation.detail(List.of(new SchemaViolation("/age", "minimum", "is -1, must be at least 0")));
        assertThat(Problems.json(new AvilaError(ErrorCode.SCHEMA_VIOLATION, detail), "r").toJson()).contains("\"status\":422",
                "\"violations\":[{\"pointer\":\"/age\",\"keyword\":\"minimum\",\"message\":\"is -1, must be at least 0\"}]");
    }

    @Test
    void aWarningStandsInTheAnswerAndInTheList() {
        define("POST", COLLECTIONS,
                "{'name':'warned','partitionKey':'/id','schema':{'jsonSchema':{'required':['id','age']},'action':'warn'}}");
        String documents = COLLECTIONS + "/warned/documents";
        Answer good = define("POST", documents, "{'id':'good','age':1}");
        assertThat(good.header("x-aviladb-warning")).as(good.text()).isEmpty();
        Answer inserted = define("POST", documents, "{'id':'bad'}");
        assertThat(inserted.status()).as(inserted.text()).isEqualTo(201);
        assertThat(inserted.header("x-aviladb-warning")).contains(ErrorCode.SCHEMA_VIOLATION.code(), "lacks 'age'");
        Answer put = define("PUT", documents + "/put", "{'x':'\u00E9'}");
        assertThat(put.header("x-aviladb-warning")).isNotEmpty();
        Answer list = router.call("GET", COLLECTIONS + "/warned/schema/violations", "");
        assertThat(list.status()).as(list.text()).isEqualTo(200);
        assertThat(list.text()).contains("\"id\":\"bad\"", "\"id\":\"put\"", "\"keyword\":\"required\"", "\"checked\":3")
                .doesNotContain("\"id\":\"good\"");
        Answer first = router.call("GET", COLLECTIONS + "/warned/schema/violations?pageSize=2", "");
        assertThat(first.text()).contains("\"checked\":2").doesNotContain("\"continuationToken\":null");
        define("PATCH", COLLECTIONS + "/warned", "{'schema':null}");
        assertThat(router.call("GET", COLLECTIONS + "/warned/schema/violations", "").text()).contains("\"documents\":[]");
    }
}
