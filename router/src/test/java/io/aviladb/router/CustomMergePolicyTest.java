package io.aviladb.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.document.Mutator;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Custom merges as policies of collections. */
class CustomMergePolicyTest {
    private static final String COLLECTION = "/v1/databases/game/collections/players";

    private static RouterFixture router;

    @BeforeAll
    static void start() {
        router = RouterFixture.of("sa-east-1").withPlayers();
    }

    @AfterAll
    static void stop() {
        router.close();
    }

    private static Answer alter(String expression, String more) {
        return router.call("PATCH", COLLECTION,
                "{\"mergePolicy\":{\"default\":{\"custom\":" + new JsonString(expression).toJson() + "}" + more
                        + "}}");
    }

    private static Answer create(String name, String expression) {
        return router.call("POST", "/v1/databases/game/collections", "{\"name\":\"" + name + "\",\"partitionKey\":\"/user/id\","
                + "\"mergePolicy\":{\"default\":{\"custom\":" + new JsonString(expression).toJson() + "}}}");
    }

    @Test
    void anAcceptedMergeIsTheCollectionsPolicyInItsCanonicalForm() {
        Answer created = create("made", "{v: greatest(local.v, remote.v)}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(router.call("GET", "/v1/databases/game/collections/made", "").text())
                .contains("\"default\":{\"custom\":\"{'v': GREATEST(`local`.`v`, `remote`.`v`)}\"}");
        Answer altered = alter("{'tags': MERGE_UNION(local.tags, remote.tags)}", ",\"deletes\":\"update-wins\"");
        assertThat(altered.status()).as(altered.text()).isEqualTo(200);
        assertThat(altered.text()).contains("MERGE_UNION", "update-wins");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {'v': (local.v + remote.v) / 2}           | ASSOCIATIVITY | "documents":[{"v":0},{"v":0},{"v":1}]
            {'v': ARRAY_CONCAT(local.v, remote.v)}    | IDEMPOTENCE   | "documents":[{"v"
            """)
    void anUnlawfulMergeIsRefusedWithThreeDocumentsAndNothingChanges(String expression, String law, String documents) {
        String before = router.call("GET", COLLECTION, "").text();
        for (Answer answer : List.of(alter(expression, ""), create("never", expression))) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(answer.code()).isEqualTo(ErrorCode.MERGE_LAW_BROKEN.name());
            assertThat(answer.text()).contains("\"counterexample\":{\"law\":\"" + law + "\"", documents, "\"left\"", "\"right\"");
        }
        assertThat(router.call("GET", COLLECTION, "").text()).isEqualTo(before);
        assertThat(router.call("GET", "/v1/databases/game/collections/never", "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {'v': NOW(), 'w': local.w}                          | QUERY_INVALID        | reads no clock
            {'v': ARRAY(SELECT VALUE x FROM local.v AS x)}      | QUERY_INVALID        | no subquery
            {'v': GREATEST(local.v, remote.v)                   | QUERY_SYNTAX         | at 1:
            {'id': GREATEST(local.id, remote.id)}               | INVALID_MERGE_POLICY | the document's name
            {'userId': GREATEST(local.userId, remote.userId)}   | INVALID_MERGE_POLICY | part of the partition key
            {'v': COALESCE(GREATEST(local.v, remote.v), base.v)} | NOT_IMPLEMENTED      | 'base'
            """)
    void whatCannotBeAPolicyIsRefused(String expression, ErrorCode code, String message) {
        Answer answer = alter(expression, "");
        assertThat(answer.code()).as(answer.text()).isEqualTo(code.name());
        assertThat(answer.text()).contains(message);
    }

    @Test
    void aFieldHasATypeOrACustomMerge() {
        Answer answer = alter("{'v': GREATEST(local.v, remote.v)}", ",\"fields\":{\"/v/n\":\"counter\"}");
        assertThat(answer.code()).as(answer.text()).isEqualTo(ErrorCode.INVALID_MERGE_POLICY.name());
        assertThat(answer.text()).contains("/v/n has a type");
        assertThat(create("nested", "{'user': GREATEST(local.user, remote.user)}").text()).contains("part of the partition key");
    }

    private static LiveVersion put(int region, long stamp, int policy, String json) {
        PolicyHistory policies = PolicyHistory.DEFAULT;
        while (policies.number() < policy) {
            policies = policies.then(MergePolicyDefinition.DEFAULT);
        }
        return Mutator.apply(LiveVersions.EMPTY, VersionVector.EMPTY, new Mutation.Put(json.getBytes(UTF_8)), false,
                new Version(HybridTimestamp.ofMillis(stamp), new RegionIncarnation(region)), policies);
    }

    @Test
    void anExplanationShowsTheMergeItsCertificateAndWhatOthersWouldGive() {
        assertThat(alter("{'v': GREATEST(local.v, remote.v)}", "").status()).isEqualTo(200);
        int policy = router.cluster.collection("game", "players").policies().number();
        Conflict conflict = Conflict.of(put(1, 5_000, policy, "{\"id\":\"1\",\"userId\":\"u\",\"v\":7,\"w\":1}"),
                put(2, 5_100, policy, "{\"id\":\"1\",\"userId\":\"u\",\"v\":5,\"w\":2}"));
        DocumentKey key = DocumentKey.of(1, PartitionStrategy.single(FieldPath.of("userId")), List.of(new JsonString("u")), "1");
        ConflictId id = new ConflictId(key, conflict.older().version(), conflict.newer().version());
        FakeStore store = router.cluster.region("sa-east-1").store;
        synchronized (store) {
            store.conflicts.put(id.encode(), new HistoryReply.Conflict(id,
                    new ConflictRecord(HybridTimestamp.ofMillis(9_000), Optional.empty(), conflict).encode(), false));
        }
        Answer explained = router.call("GET", COLLECTION + "/conflicts/" + id, "");
        assertThat(explained.status()).as(explained.text()).isEqualTo(200);
        assertThat(explained.text())
                .contains("\"certificate\":{\"hash\":\"",
                        "\"laws\":[\"DETERMINISM\",\"TOTALITY\",\"COMMUTATIVITY\",\"ASSOCIATIVITY\",\"IDEMPOTENCE\"]",
                        "\"seed\":", "\"rule\":\"the collection's custom merge gave this\",\"winner\":\"" + conflict.older().version()
                                + "\",\"overwritten\":true,\"clockDecided\":false,\"result\":7",
                        "\"rule\":\"the custom merge doesn't say; of two writes of a field the newer one stands\"",
                        "{\"default\":\"lww\",\"result\":{\"id\":\"1\",\"userId\":\"u\",\"v\":5,\"w\":2}}",
                        "{\"default\":{\"custom\":\"{'v': GREATEST(`local`.`v`, `remote`.`v`)}\"},\"result\":{\"id\":\"1\",\"userId\":\"u\",\"v\":7,\"w\":2}}");
    }
}
