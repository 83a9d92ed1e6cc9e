package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static io.aviladb.router.RouterFixture.one;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.edge.ContentCoding;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The product page's limits and errors, each over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsTest {
    private static final String COLLECTIONS = "/v1/databases/game/collections";
    private RouterFixture router;

    @BeforeAll
    void start() {
        router = RouterFixture.of("sa-east-1").withPlayers();
    }

    @AfterAll
    void stop() {
        router.close();
    }

    private void refused(Answer answer, ErrorCode code) {
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.code()).as(answer.text()).isEqualTo(code.name());
        assertThat(answer.status()).isEqualTo(code.httpStatus());
        assertThat(answer.json().members().keySet()).contains("type", "title", "status", "code", "message", "retryable", "retryAfterMs",
                "hint");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            {"userId":                                   | MALFORMED_JSON
            [1]                                          | NOT_AN_OBJECT
            {"userId":"u","a":1,"a":2}                   | DUPLICATE_MEMBER
            {"userId":"u","_x":1}                        | RESERVED_NAME
            {"id":"x"}                                   | MISSING_PARTITION_FIELD
            {"userId":null}                              | INVALID_PARTITION_KEY
            {"userId":{"a":1}}                           | INVALID_PARTITION_KEY
            {"userId":"u","id":7}                        | INVALID_ID
            {"userId":"u","id":""}                       | INVALID_ID
            {"data":"{\\"a\\":1}","compressed":false}    | MISSING_PARTITION_FIELD
            {"data":"!!!","compressed":true}             | MALFORMED_REQUEST
            """)
    void insertIsRefused(String body, ErrorCode code) {
        refused(router.call("POST", PLAYERS, body), code);
    }

    @Test
    void sizesAreBounded() throws IOException {
        String head = "{\"userId\":\"u\",\"id\":\"big\",\"t\":\"";
        String fits = head + "x".repeat(4_194_304 - head.length() - 2) + "\"}";
        assertThat(router.call("POST", PLAYERS, fits).status()).isEqualTo(201);
        assertThat(router.call("GET", one("big", "u"), "").bytes()).hasSize(4_194_304);
        refused(router.call("POST", PLAYERS, fits.replace("\"}", "y\"}")), ErrorCode.DOCUMENT_TOO_LARGE);
        refused(router.call("POST", PLAYERS, new byte[21 << 20]), ErrorCode.REQUEST_TOO_LARGE);
        byte[] bomb = ContentCoding.BR.encode(new byte[64 << 20]);
        refused(router.call("POST", PLAYERS, bomb, "Content-Encoding", "br"), ErrorCode.REQUEST_TOO_LARGE);
        String envelope = "{\"data\":\"" + Base64.getEncoder().encodeToString(bomb) + "\",\"compressed\":true}";
        refused(router.call("POST", PLAYERS, envelope), ErrorCode.DOCUMENT_TOO_LARGE);
        refused(router.call("POST", PLAYERS, "{\"userId\":\"u\",\"id\":\"" + "i".repeat(1_024) + "\"}"), ErrorCode.INVALID_ID);
        refused(router.call("POST", PLAYERS, "{\"userId\":\"" + "k".repeat(2_048) + "\"}"), ErrorCode.INVALID_PARTITION_KEY);
        refused(router.call("POST", PLAYERS, "{\"userId\":\"u\",\"a\":" + "[".repeat(128) + "]".repeat(128) + "}"), ErrorCode.TOO_DEEP);
        assertThat(router.call("POST", PLAYERS + "/batch",
                "{\"documents\":[{\"userId\":\"u\",\"a\":" + "[".repeat(127) + "]".repeat(127) + "}]}").status()).isEqualTo(201);
        assertThat(router.call("POST", PLAYERS + "/batch",
                "{\"documents\":[{\"userId\":\"u\",\"a\":" + "[".repeat(128) + "]".repeat(128) + "}]}").text()).contains("TOO_DEEP");
    }

    @Test
    void batchesAreBounded() {
        String document = "{\"userId\":\"u\"}";
        refused(router.call("POST", PLAYERS + "/batch", "{\"documents\":[" + (document + ",").repeat(100) + document + "]}"),
                ErrorCode.TOO_MANY_DOCUMENTS);
        refused(router.call("POST", PLAYERS + "/batch", "{\"documents\":[]}"), ErrorCode.TOO_MANY_DOCUMENTS);
        refused(router.call("POST", PLAYERS + "/batch", "{\"documents\":{}}"), ErrorCode.MALFORMED_REQUEST);
        refused(router.call("POST", PLAYERS + "/batch", "{\"documents\":[{}],\"x\":1}"), ErrorCode.MALFORMED_REQUEST);
        String half = "{\"userId\":\"u\",\"t\":\"" + "x".repeat(3 << 20) + "\"}";
        refused(router.call("POST", PLAYERS + "/batch", "{\"atomic\":true,\"documents\":[" + half + "," + half + "]}"),
                ErrorCode.REQUEST_TOO_LARGE);
        String sixth = half + "," + half + "," + half;
        refused(router.call("POST", PLAYERS + "/batch", "{\"documents\":[" + sixth + "," + sixth + "]}"), ErrorCode.REQUEST_TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-AvilaDB-Consistency  | strongest      | INVALID_HEADER
            X-AvilaDB-Consistency  | bounded        | INVALID_HEADER
            X-AvilaDB-Consistency  | snapshot       | INVALID_HEADER
            X-AvilaDB-Timeout      | soon           | INVALID_HEADER
            X-AvilaDB-Timeout      | 0              | INVALID_HEADER
            X-AvilaDB-Session      | AAAA           | INVALID_SESSION
            X-AvilaDB-Region       | nowhere        | INVALID_HEADER
            X-AvilaDB-Max-Staleness| 5              | INVALID_HEADER
            Authorization          | Bearer x       | NOT_IMPLEMENTED
            """)
    void headerIsRefused(String name, String value, ErrorCode code) {
        refused(router.call("GET", one("any", "u"), "", name, value), code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            GET    | /v1/nothing                                                   |    | UNKNOWN_ROUTE
            GET    | /nothing                                                      |    | UNKNOWN_ROUTE
            PUT    | /v1/databases                                                 | {} | METHOD_NOT_ALLOWED
            GET    | /v1/databases?x=1                                             |    | MALFORMED_REQUEST
            GET    | /v1/databases/none                                            |    | DATABASE_NOT_FOUND
            GET    | /v1/databases/none/collections/c/documents/d                  |    | DATABASE_NOT_FOUND
            GET    | /v1/databases/game/collections/none/documents/d               |    | COLLECTION_NOT_FOUND
            GET    | /v1/databases/game/collections/NONE                           |    | INVALID_NAME
            GET    | /v1/databases/game/collections/players/documents/d            |    | MISSING_PARTITION_FIELD
            GET    | /v1/databases/game/collections/players/documents/d?partitionKey=x  | | INVALID_PARTITION_KEY
            GET    | /v1/databases/game/collections/players/documents/d?partitionKey=%5B1,2%5D || INVALID_PARTITION_KEY
            GET    | /v1/databases/game/collections/players/documents?pageSize=1001     || MALFORMED_REQUEST
            GET    | /v1/databases/game/collections/players/documents?scope=ALL         || MALFORMED_REQUEST
            GET    | /v1/databases/game/collections/players/documents?continuationToken=x || INVALID_CONTINUATION
            POST   | /v1/databases/game/query                                      | {} | MALFORMED_REQUEST
            PATCH  | /v1/databases/game/collections/players/documents              | {"updates":{"a":1}} | CONFIRMATION_REQUIRED
            PATCH  | /v1/databases/game/collections/players/update                 | {"updates":{"a":1},"where":"a = "} | QUERY_SYNTAX
            DELETE | /v1/databases/game/collections/players/documents              |    | CONFIRMATION_REQUIRED
            POST   | /v1/databases/game/collections/players/delete                 | {"where":1} | MALFORMED_REQUEST
            POST   | /v1/faults                                                    | {"heal":true} | FAULTS_DISABLED
            PUT    | /v1/databases/game/collections/players/documents/d            | {"id":"e","userId":"u"} | KEY_CONTRADICTION
            PUT    | /v1/databases/game/collections/players/documents/d?partitionKey=%5B%22v%22%5D | {"userId":"u"} | KEY_CONTRADICTION
            """)
    void requestIsRefused(String method, String path, String body, ErrorCode code) {
        refused(router.call(method, path, body == null ? "" : body), code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            {"ops":[{"op":"explode","path":"/a"}]}                     | INVALID_PATCH
            {"ops":[{"op":"set","path":"a","value":1}]}                | INVALID_PATCH
            {"ops":[{"op":"set","path":"/a"}]}                         | INVALID_PATCH
            {"ops":[{"op":"inc","path":"/a","value":"x"}]}             | INVALID_PATCH
            {"ops":[{"op":"move","path":"/a"}]}                        | INVALID_PATCH
            {"ops":[]}                                                 | INVALID_PATCH
            {"a":1}                                                    | INVALID_PATCH
            {"ops":[{"op":"set","path":"/userId","value":"v"}]}        | PARTITION_KEY_IMMUTABLE
            {"ops":[{"op":"unset","path":"/id"}]}                      | PARTITION_KEY_IMMUTABLE
            {"ops":[{"op":"set","path":"/_x","value":"v"}]}            | RESERVED_NAME
            """)
    void patchIsRefused(String body, ErrorCode code) {
        refused(router.call("PATCH", one("d", "u"), body), code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            {"name":"c"}                                                             | INVALID_PARTITION_STRATEGY
            {"name":"c","partitionKey":"userId"}                                     | INVALID_PARTITION_STRATEGY
            {"name":"c","partitionKey":{"strategy":"synthetic","partitions":10001}}  | INVALID_PARTITION_STRATEGY
            {"name":"c","partitionKey":{"fields":["/a","/b","/c","/d","/e","/f"]}}   | INVALID_PARTITION_STRATEGY
            {"name":"C","partitionKey":"/a"}                                         | INVALID_NAME
            {"name":"c","partitionKey":"/a","mergePolicy":{"fields":{"/l":"list"}}}  | NOT_IMPLEMENTED
            {"name":"c","partitionKey":"/a","mergePolicy":"chance"}                  | INVALID_MERGE_POLICY
            {"name":"c","partitionKey":"/a","schema":{"type":"chair"}}               | INVALID_SCHEMA
            {"name":"c","partitionKey":"/a","ttl":-1}                                | INVALID_TTL
            {"name":"c","partitionKey":"/a","invariants":[{}]}                       | NOT_IMPLEMENTED
            {"name":"c","partitionKey":"/a","mode":"strong-global"}                  | NOT_IMPLEMENTED
            {"name":"c","partitionKey":"/a","nonsense":1}                            | MALFORMED_REQUEST
            {"name":"players","partitionKey":"/a"}                                   | COLLECTION_EXISTS
            """)
    void collectionIsRefused(String body, ErrorCode code) {
        refused(router.call("POST", COLLECTIONS, body), code);
    }

    @Test
    void originalSentencesRefuseUnconditionalChanges() {
        assertThat(router.call("PATCH", PLAYERS, "{\"updates\":{\"a\":1}}").text())
                .contains("\"message\":\"Update without WHERE clause requires explicit confirmation\"");
        assertThat(router.call("DELETE", PLAYERS, "").text())
                .contains("\"message\":\"Delete without WHERE clause is dangerous and not allowed\"");
    }

    @ParameterizedTest
    @EnumSource(ContentCoding.class)
    void bodiesComeAndGoCompressed(ContentCoding coding) throws IOException {
        String id = "coded-" + coding.token();
        String body = "{\"id\":\"" + id + "\",\"userId\":\"u\",\"t\":\"" + "abc".repeat(1_000) + "\"}";
        Answer inserted = router.call("POST", PLAYERS, coding.encode(body.getBytes(UTF_8)), "Content-Encoding", coding.token());
        assertThat(inserted.status()).as(inserted.text()).isEqualTo(201);
        Answer got = router.call("GET", one(id, "u"), "", "Accept-Encoding", coding.token());
        assertThat(got.header("content-encoding")).isEqualTo(coding.token());
        assertThat(new String(coding.decode(got.bytes(), 1 << 20, ErrorCode.REQUEST_TOO_LARGE), UTF_8)).isEqualTo(body);
    }

    @Test
    void unknownEncodingsAndTypesAreRefused() {
        refused(router.call("POST", PLAYERS, "{}", "Content-Encoding", "lzma"), ErrorCode.UNSUPPORTED_ENCODING);
        refused(router.call("POST", PLAYERS, "{}", "Content-Type", "text/xml"), ErrorCode.UNSUPPORTED_ENCODING);
        refused(router.call("POST", PLAYERS, "{}", "Content-Type", "application/msgpack"), ErrorCode.MALFORMED_REQUEST);
        refused(router.call("POST", PLAYERS, "not gzip", "Content-Encoding", "gzip"), ErrorCode.MALFORMED_REQUEST);
    }
}
