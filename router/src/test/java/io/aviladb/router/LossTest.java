package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.RouterFixture.Answer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the loss of a region would cost, as far as anybody can know it. */
class LossTest {
    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1", "eu-west-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private void goDown(String region) {
        router.cluster.nodes.forEach((node, fake) -> {
            if (node.region().name().equals(region)) {
                fake.goDown();
            }
        });
    }

    /** The links that the answer has, by their ends, without them. */
    private Map<String, String> links() {
        Answer answer = router.call("GET", "/v1/rpo", "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Map<String, String> links = new TreeMap<>();
        ((JsonArray) answer.json().get("links").orElseThrow()).elements().forEach(element -> {
            JsonObject link = (JsonObject) element;
            String ends = link.get("from").orElseThrow().toJson() + ">" + link.get("to").orElseThrow().toJson();
            links.put(ends.replace("\"", ""), link.without("from").without("to").toJson());
        });
        return links;
    }

    private static String link(long age, long writes, String basis) {
        return "{\"oldestAgeMs\":" + age + ",\"unconfirmedWrites\":" + writes + ",\"complete\":" + !basis.equals("unknown")
                + ",\"basis\":\""
                + basis + "\"}";
    }

    @Test
    void whatHasArrivedEverywhereCostsNothing() {
        router.insert("a", "u");
        assertThat(links()).hasSize(6).allSatisfy((ends, link) -> assertThat(link).isEqualTo(link(0, 0, "measured")));
    }

    @Test
    void writesThatARegionLacksAreCountedForItsLinkOnly() {
        router.insert("a", "u");
        router.insert("b", "v");
        router.cluster.region("us-east-1").store.covered = VersionVector.EMPTY;
        Map<String, String> links = links();
        assertThat(links).containsEntry("sa-east-1>us-east-1", link(5_000, 2, "measured"));
        assertThat(links).containsEntry("sa-east-1>eu-west-1", link(0, 0, "measured"));
        assertThat(links).containsEntry("us-east-1>sa-east-1", link(0, 0, "measured"));
    }

    @Test
    void rangesThatRegionsCutElsewhereAreComparedPartByPart() {
        router.insert("a", "u");
        router.insert("b", "v");
        router.cluster.split("us-east-1", 1,
                DocumentKey.of(1, PartitionStrategy.single(FieldPath.of("userId")), List.of(new JsonString("v")), "b").bytes());
        assertThat(links()).containsEntry("sa-east-1>us-east-1", link(0, 0, "measured"));
        router.cluster.region("us-east-1").store.covered = VersionVector.EMPTY;
        assertThat(links()).containsEntry("sa-east-1>us-east-1", link(5_000, 2, "measured"));
    }

    @Test
    void aRegionThatDoesNotAnswerHasWhatItHadSaid() {
        router.insert("a", "u");
        var sa = router.cluster.region("sa-east-1");
        sa.acknowledged.put(router.cluster.region("us-east-1").incarnation, VersionVector.of(sa.incarnation, sa.store.closed()));
        router.insert("b", "u");
        goDown("us-east-1");
        Map<String, String> links = links();
        assertThat(links).as("b may or may not be there").containsEntry("sa-east-1>us-east-1", link(5_000, 1, "acknowledged"));
        assertThat(links).as("what it wrote nobody knows").containsEntry("us-east-1>sa-east-1", link(-1, -1, "unknown"));
        assertThat(links).containsEntry("sa-east-1>eu-west-1", link(0, 0, "measured"));
    }

    private JsonObject whatIf(String region) {
        Answer answer = router.call("GET", "/v1/whatif?lose=" + region, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static String member(JsonObject object, String name) {
        return object.get(name).orElseThrow().toJson();
    }

    @Test
    void aRegionWhoseWritesAreElsewhereCanGoWithoutLoss() {
        router.insert("a", "u");
        router.cluster.region("eu-west-1").store.covered = VersionVector.EMPTY; // us-east-1 has it
        JsonObject report = whatIf("sa-east-1");
        assertThat(member(report, "loss")).isEqualTo("{\"writes\":0,\"oldestAgeMs\":0,\"complete\":true,\"basis\":\"measured\"}");
        assertThat(member(report, "copies")).contains("\"us-east-1\",\"writes\":0", "\"eu-west-1\",\"writes\":1");
        assertThat(member(report, "tokensUnmetFrom")).isEqualTo("null");
        assertThat(member(report, "remaining")).isEqualTo("[\"us-east-1\",\"eu-west-1\"]");
        assertThat(member(report, "stops")).contains("\"ranges\":1", "{\"group\":11,\"kind\":\"data\",\"ranges\":1}",
                "{\"group\":100,\"kind\":\"controller\",\"ranges\":0}");
        assertThat(member(report, "goesOn")).isEqualTo("{\"reads\":true,\"writes\":true,\"definitions\":true,\"remote\":true,"
                + "\"majority\":true,\"all\":false,\"prefixAdvances\":false}");
    }

    @Test
    void whatNoOtherRegionHasIsLostAndItsSessionsCannotBeMet() {
        Answer first = router.insert("a", "u");
        router.insert("b", "u");
        router.cluster.region("us-east-1").store.covered = VersionVector.EMPTY;
        router.cluster.region("eu-west-1").store.covered = VersionVector.EMPTY;
        JsonObject report = whatIf("sa-east-1");
        assertThat(member(report, "loss")).contains("\"writes\":2", "\"oldestAgeMs\":5000", "\"basis\":\"measured\"");
        assertThat(member(report, "tokensUnmetFrom")).isEqualTo(member(first.json(), "version"));
        assertThat(member(whatIf("us-east-1"), "loss")).contains("\"writes\":0");
    }

    @Test
    void regionsThatAreDownAlreadyCountAsTheyAre() {
        goDown("us-east-1");
        org.awaitility.Awaitility.await().until(() -> member(whatIf("sa-east-1"), "goesOn").contains("\"remote\":false"));
        JsonObject report = whatIf("sa-east-1");
        assertThat(member(report, "goesOn")).contains("\"reads\":true", "\"majority\":false");
        assertThat(member(report, "loss")).contains("\"basis\":\"acknowledged\"");
        assertThat(member(whatIf("us-east-1"), "loss")).as("it doesn't answer").contains("\"writes\":-1", "\"basis\":\"unknown\"");
    }

    @Test
    void theOnlyRegionTakesEverythingAlong() {
        try (RouterFixture alone = RouterFixture.of("sa-east-1").withPlayers()) {
            alone.insert("a", "u");
            JsonObject report = alone.call("GET", "/v1/whatif?lose=sa-east-1", "").json();
            assertThat(member(report, "remaining")).isEqualTo("[]");
            assertThat(member(report, "loss")).contains("\"writes\":1");
            assertThat(member(report, "goesOn")).doesNotContain("true");
        }
        assertThat(router.call("GET", "/v1/whatif", "").status()).isEqualTo(400);
        assertThat(router.call("GET", "/v1/whatif?lose=mars", "").code()).isEqualTo("UNKNOWN_REGION");
    }

    @Test
    void metricsTellTheSame() {
        router.insert("a", "u");
        router.cluster.region("eu-west-1").store.covered = VersionVector.EMPTY;
        String metrics = router.call("GET", "/metrics", "").text();
        assertThat(metrics).contains("aviladb_replication_rpo_seconds{from=\"sa-east-1\",to=\"eu-west-1\"} 5.0",
                "aviladb_replication_unconfirmed_writes{from=\"sa-east-1\",to=\"eu-west-1\"} 1.0",
                "aviladb_replication_rpo_seconds{from=\"eu-west-1\",to=\"sa-east-1\"} 0.0");
        goDown("eu-west-1");
        assertThat(router.call("GET", "/metrics", "").text())
                .contains("aviladb_replication_rpo_seconds{from=\"eu-west-1\",to=\"sa-east-1\"} -1.0");
    }
}
