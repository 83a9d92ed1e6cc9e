package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static io.aviladb.router.RouterFixture.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.edge.MessagePackBodies;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestTest {
    private RouterFixture router;

    @BeforeAll
    void start() {
        router = RouterFixture.of("sa-east-1").withPlayers();
    }

    @AfterAll
    void stop() {
        router.close();
    }

    @Test
    void documentComesBackAsWritten() {
        String body = "{\"userId\":\"u1\",\"id\":\"as-written\",\"big\":9007199254740993,\"one\":1.0,\"e\":1e3}";
        Answer inserted = router.call("POST", PLAYERS, body);
        assertThat(inserted.status()).as(inserted.text()).isEqualTo(201);
        assertThat(inserted.json().members().keySet()).containsExactly("id", "version", "sizeBytes", "compressionRatio", "latencyMs",
                "receipt");
        Answer got = router.call("GET", one("as-written", "u1"), "");
        assertThat(got.text()).isEqualTo(body);
        assertThat(got.header("etag")).isEqualTo(inserted.header("etag")).startsWith("\"");
        assertThat(got.header("x-aviladb-session")).isNotEmpty();
        assertThat(got.header("x-aviladb-routed")).isEqualTo("region=sa-east-1; node=sa-east-1/1; why=leader");
        assertThat(got.header("x-aviladb-request-id")).hasSize(16);
        assertThat(got.header("x-aviladb-cost")).isEqualTo("1");
    }

    @Test
    void messagePackSaysTheSameAsJson() {
        String body = "{\"id\":\"packed\",\"userId\":\"u1\",\"big\":9223372036854775807,\"precise\":0.1234567890123456789,\"tags\":[\"a\",null]}";
        Answer inserted = router.call("POST", PLAYERS, MessagePackBodies.ofJson(body.getBytes(StandardCharsets.UTF_8)), "Content-Type",
                "application/msgpack", "Accept", "application/msgpack");
        assertThat(inserted.status()).as(inserted.text()).isEqualTo(201);
        assertThat(inserted.header("content-type")).isEqualTo("application/msgpack");
        assertThat(new String(MessagePackBodies.toJson(inserted.bytes()), StandardCharsets.UTF_8)).startsWith("{\"id\":\"packed\"");
        assertThat(router.call("GET", one("packed", "u1"), "").text()).isEqualTo(body);
        Answer packed = router.call("GET", one("packed", "u1"), "", "Accept", "application/msgpack, */*");
        assertThat(new String(MessagePackBodies.toJson(packed.bytes()), StandardCharsets.UTF_8)).isEqualTo(body);
        Answer missing = router.call("GET", one("nobody", "u1"), "", "Accept", "application/msgpack");
        assertThat(missing.header("content-type")).as("errors stay RFC 9457").startsWith("application/problem+json");
        assertThat(router.call("POST", PLAYERS, new byte[]{(byte) 0xC1}, "Content-Type", "application/msgpack").code())
                .isEqualTo("MALFORMED_REQUEST");
    }

    @Test
    void idIsMadeWhereTheDocumentHasNone() {
        Answer inserted = router.call("POST", PLAYERS, "{\"userId\":\"u2\"}");
        String id = inserted.json().get("id").orElseThrow().toJson().replace("\"", "");
        assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*");
        assertThat(router.call("GET", one(id, "u2"), "").text()).isEqualTo("{\"id\":\"" + id + "\",\"userId\":\"u2\"}");
    }

    @Test
    void putReplacesUnderItsConditions() {
        String path = one("put", "u3");
        assertThat(router.call("PUT", path, "{\"userId\":\"u3\",\"n\":1}", "If-Match", "*").code()).isEqualTo("DOCUMENT_NOT_FOUND");
        Answer made = router.call("PUT", path, "{\"userId\":\"u3\",\"n\":1}", "If-None-Match", "*");
        assertThat(made.status()).isEqualTo(201);
        assertThat(router.call("PUT", path, "{\"userId\":\"u3\",\"n\":2}", "If-None-Match", "*").status()).isEqualTo(412);
        assertThat(router.call("PUT", path, "{\"userId\":\"u3\",\"n\":2}", "If-Match", "\"garbage\"").status()).isEqualTo(412);
        assertThat(router.call("PUT", path, "{\"userId\":\"u3\",\"n\":2}", "If-Match", made.header("etag")).status()).isEqualTo(200);
        assertThat(router.call("PUT", path, "{\"userId\":\"u3\",\"n\":3}", "If-Match", made.header("etag")).status()).isEqualTo(412);
        assertThat(router.call("GET", path, "").text()).isEqualTo("{\"id\":\"put\",\"userId\":\"u3\",\"n\":2}");
    }

    @Test
    void patchAndMergePatchAndDelete() {
        router.insert("patched", "u4");
        String path = one("patched", "u4");
        assertThat(router.call("PATCH", path, "{\"ops\":[{\"op\":\"set\",\"path\":\"/level\",\"value\":2}]}").status()).isEqualTo(200);
        assertThat(router.call("PATCH", path, "{\"name\":\"x\"}", "Content-Type", "application/merge-patch+json").status()).isEqualTo(200);
        assertThat(router.call("GET", path, "").text())
                .isEqualTo("{\"id\":\"patched\",\"userId\":\"u4\",\"level\":2,\"name\":\"x\"}");
        assertThat(router.call("DELETE", path, "").status()).isEqualTo(204);
        assertThat(router.call("DELETE", path, "").status()).isEqualTo(404);
        assertThat(router.call("GET", path, "").code()).isEqualTo("DOCUMENT_NOT_FOUND");
    }

    @Test
    void retryUnderTheSameKeyGetsTheSameAnswer() {
        String body = "{\"userId\":\"u5\"}";
        Answer first = router.call("POST", PLAYERS, body, "Idempotency-Key", "\"k1\"; region=sa-east-1");
        Answer again = router.call("POST", PLAYERS, body, "Idempotency-Key", "k1");
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(again.json().get("version")).isEqualTo(first.json().get("version"));
        assertThat(first.json().get("id").orElseThrow().toJson()).matches("\"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab].*");
        Answer other = router.call("POST", PLAYERS, "{\"userId\":\"u6\"}", "Idempotency-Key", "k1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_MISMATCH");
    }

    @Test
    void batchAnswersForEachDocument() {
        router.insert("taken", "u7");
        Answer answer = router.call("POST", PLAYERS + "/batch",
                "{\"documents\":[{\"id\":\"b1\",\"userId\":\"u7\"},{\"id\":\"taken\",\"userId\":\"u7\"},{\"id\":\"b3\"},7]}");
        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.text()).contains("\"ids\":[\"b1\",\"taken\",\"b3\",null]").contains("DOCUMENT_EXISTS")
                .contains("MISSING_PARTITION_FIELD").contains("NOT_AN_OBJECT");
        assertThat(router.call("POST", PLAYERS + "/batch", "{\"documents\":[{\"id\":\"b4\",\"userId\":\"u7\"}]}").status()).isEqualTo(201);
    }

    @Test
    void atomicBatchIsAllOrNothing() {
        router.insert("taken-2", "u8");
        Answer refused = router.call("POST", PLAYERS + "/batch",
                "{\"atomic\":true,\"documents\":[{\"id\":\"a1\",\"userId\":\"u8\"},{\"id\":\"taken-2\",\"userId\":\"u8\"}]}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(router.call("GET", one("a1", "u8"), "").status()).isEqualTo(404);
        Answer done = router.call("POST", PLAYERS + "/batch",
                "{\"atomic\":true,\"documents\":[{\"id\":\"a1\",\"userId\":\"u8\"},{\"id\":\"a2\",\"userId\":\"u8\"}]}");
        assertThat(done.status()).isEqualTo(201);
        assertThat(router.call("GET", one("a2", "u8"), "").status()).isEqualTo(200);
    }

    @Test
    void metadataStandsAtTheEnd() {
        Answer inserted = router.insert("meta", "u9");
        Answer got = router.call("GET", one("meta", "u9") + "&metadata=true", "");
        assertThat(got.json().members().keySet()).containsExactly("id", "userId", "level", "_version", "_ts", "_etag", "_regions");
        assertThat(got.json().get("_version")).isEqualTo(inserted.json().get("version"));
        assertThat(got.text()).contains("\"_regions\":[\"sa-east-1\"]");
    }

    @Test
    void definitionsAreMadeListedAlteredAndDropped() {
        assertThat(router.call("POST", "/v1/databases", "{\"name\":\"shop\"}").status()).isEqualTo(201);
        assertThat(router.call("POST", "/v1/databases", "{\"name\":\"shop\"}").code()).isEqualTo("DATABASE_EXISTS");
        String collections = "/v1/databases/shop/collections";
        Answer made = router.call("POST", collections, "{\"name\":\"orders\",\"partitionKey\":{\"strategy\":\"hierarchical\",\"fields\":"
                + "[\"/tenant\",{\"field\":\"/day\",\"hash\":true}]},\"mergePolicy\":{\"default\":\"lww\",\"fields\":{\"/n\":\"counter\"}}}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(router.call("GET", collections + "/orders", "").json()).isEqualTo(made.json());
        assertThat(router.call("GET", collections, "").text()).contains("\"orders\"");
        assertThat(router.call("PATCH", collections + "/orders", "{\"mergePolicy\":\"lww\"}").text()).doesNotContain("counter");
        String policy = "\"mergePolicy\":{\"default\":\"lww-document\",\"deletes\":\"update-wins\"}";
        assertThat(router.call("PATCH", collections + "/orders", "{" + policy + "}").text()).contains(policy);
        String types = "\"fields\":{\"/banned\":\"enable-wins-flag\",\"/best\":\"max\",\"/least\":\"min\",\"/ok\":\"disable-wins-flag\"}";
        assertThat(router.call("PATCH", collections + "/orders", "{\"mergePolicy\":{" + types + "}}").text()).contains(types);
        assertThat(router.call("PATCH", collections + "/orders", "{\"mergePolicy\":{\"fields\":{\"/x\":\"biggest\"}}}").code())
                .isEqualTo("INVALID_MERGE_POLICY");
        assertThat(router.call("DELETE", "/v1/databases/shop", "").code()).isEqualTo("DATABASE_NOT_EMPTY");
        assertThat(router.call("DELETE", collections + "/orders", "").status()).isEqualTo(204);
        assertThat(router.call("GET", collections + "/orders", "").code()).isEqualTo("COLLECTION_NOT_FOUND");
        assertThat(router.call("DELETE", "/v1/databases/shop", "").status()).isEqualTo(204);
        assertThat(router.call("GET", "/v1/databases", "").text()).contains("\"game\"").doesNotContain("\"shop\"");
    }

    @Test
    void healthAndMetricsAndStatusAnswer() {
        assertThat(router.call("GET", "/livez", "").status()).isEqualTo(200);
        assertThat(router.call("GET", "/readyz?verbose", "").text()).isEqualTo("{\"ready\":true,\"missing\":[]}");
        router.insert("measured", "u10");
        assertThat(router.call("GET", "/metrics", "").text())
                .contains("aviladb_requests_total{api=\"rest\",code=\"OK\",op=\"insertDocument\"}")
                .contains("aviladb_request_duration_seconds_bucket").contains("aviladb_build_info");
        Answer status = router.call("GET", "/v1/status", "");
        assertThat(status.json().members().keySet()).containsExactly("region", "regions", "nodes", "groups", "links");
        Answer ranges = router.call("GET", "/v1/databases/game/collections/players/ranges", "");
        assertThat(ranges.text()).contains("\"leader\":\"sa-east-1/1\"").contains("\"epoch\":1");
    }
}
