package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.router.RouterFixture.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Custom merges are accepted with a certificate, or refused with documents that break a law. */
class MergePolicyCheckTest {
    private static final String CHECK = "/v1/databases/game/collections/players/mergePolicy/check";
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

    private static Answer check(String expression) {
        return router.call("POST", CHECK, "{\"custom\":" + new JsonString(expression).toJson() + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {'v': GREATEST(local.v, remote.v)}
            {'tags': MERGE_UNION(local.tags, remote.tags)}
            {'a': GREATEST(local.a, remote.a), 'b': MERGE_UNION(local.b, remote.b)}
            {'p': GREATEST(local.p, remote.p)}
            """)
    void joinsAreAcceptedWithACertificate(String expression) {
        Answer answer = check(expression);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains("\"accepted\":true", "\"hash\"", "ASSOCIATIVITY", "\"randomTriples\":20000", "\"seed\"");
    }

    /** Each field is a pair of stamp and value, and arrays are ordered by their elements: the later stamp wins, of equal ones the greater value. */
    @Test
    void lastWriterWinsPerFieldIsAccepted() {
        Answer answer = check("{'name': GREATEST(local.name, remote.name), 'city': GREATEST(local.city, remote.city)}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).contains("\"fields\":[\"city\",\"name\"]");
    }

    @Test
    void typesThatAreBuiltInAreAcceptedAndUnknownOnesAreNot() {
        assertThat(router.call("POST", CHECK,
                "{\"fields\":{\"/best\":\"max\",\"/banned\":\"enable-wins-flag\",\"/tags\":\"add-wins-set\",\"/off\":\"remove-wins-set\",\"/title\":\"register\"}}")
                .text())
                .contains("\"accepted\":true", "built in");
        assertThat(router.call("POST", CHECK, "{\"fields\":{\"/best\":\"biggest\"}}").code()).isEqualTo("INVALID_MERGE_POLICY");
    }

    @Test
    void oneExpressionHasOneCertificate() {
        assertThat(check("{'v': greatest(local.v,remote.v)}").text()).isEqualTo(check("{v: GREATEST( (local.v), remote.v )}").text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {'v': (local.v + remote.v) / 2}         | ASSOCIATIVITY | "documents":[{"v":0},{"v":0},{"v":1}]
            {'v': ARRAY_CONCAT(local.v, remote.v)}  | IDEMPOTENCE   | "left":"{}"
            {'v': local.v}                          | COMMUTATIVITY | "documents":[{},{"v":0},{}]
            {'v': local.v + remote.v - base.v}      | IDEMPOTENCE   | "documents"
            local.v                                 | TOTALITY      | "documents":[{},{},{}]
            """)
    void unlawfulMergesAreRefusedWithSmallDocuments(String expression, String law, String shown) {
        Answer answer = check(expression);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo(ErrorCode.MERGE_LAW_BROKEN.name());
        assertThat(answer.text()).contains("\"law\":\"" + law + "\"", shown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {'v': NOW(), 'w': local.w}  | QUERY_INVALID        | reads no clock
            {'v': local.v + @x}         | QUERY_INVALID        | has no parameters
            {'v': locl.v}               | QUERY_INVALID        | did you mean local?
            {'v': local.v               | QUERY_SYNTAX         | at 1:14
            {'v': 1}                    | INVALID_MERGE_POLICY | names no field
            """)
    void whatIsNoMergeIsRefused(String expression, ErrorCode code, String message) {
        Answer answer = check(expression);
        assertThat(answer.code()).as(answer.text()).isEqualTo(code.name());
        assertThat(answer.text()).contains(message);
    }

    @Test
    void builtInPoliciesNeedNoCheck() {
        assertThat(router.call("POST", CHECK, "\"lww\"").text()).contains("built in");
        assertThat(router.call("POST", CHECK, "\"nonsense\"").code()).isEqualTo(ErrorCode.INVALID_MERGE_POLICY.name());
        assertThat(router.call("POST", CHECK.replace("players", "nobody"), "\"lww\"").status()).isEqualTo(404);
    }
}
