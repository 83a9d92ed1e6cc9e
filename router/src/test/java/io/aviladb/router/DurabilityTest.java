package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What X-AvilaDB-Durability holds back, and what a receipt tells. */
class DurabilityTest {
    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1", "eu-west-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private FakeStore store(String region) {
        return router.cluster.region(region).store;
    }

    private void lag(String... regions) {
        for (String region : regions) {
            store(region).covered = VersionVector.EMPTY;
        }
    }

    private Answer insert(String id, String durability) {
        return router.call("POST", PLAYERS, "{\"id\":\"" + id + "\",\"userId\":\"u\"}", "X-AvilaDB-Durability", durability,
                "X-AvilaDB-Timeout",
                "700");
    }

    private static JsonObject receipt(Answer answer) {
        return (JsonObject) answer.json().get("receipt").orElseThrow();
    }

    private static List<String> names(JsonObject object, String member) {
        return ((JsonArray) object.get(member).orElseThrow()).elements().stream().map(name -> ((JsonString) name).value()).toList();
    }

    @ParameterizedTest
    @CsvSource({"local, 0, 201", "local, 2, 201", "remote, 0, 201", "remote, 1, 201", "remote, 2, 504", "majority, 0, 201",
            "majority, 1, 201",
            "majority, 2, 504", "all, 0, 201", "all, 1, 504", "all, 2, 504"})
    void answerWaitsForTheRegionsThatAreAskedFor(String durability, int behind, int status) {
        lag(List.of("us-east-1", "eu-west-1").subList(0, behind).toArray(String[]::new));
        Answer answer = insert("a", durability);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(router.call("GET", PLAYERS + "/a?partitionKey=%5B%22u%22%5D", "").status()).as("the write stands").isEqualTo(200);
        if (status == 504) {
            assertThat(answer.code()).isEqualTo("DURABILITY_NOT_CONFIRMED");
            assertThat(answer.text()).contains("\"retryable\":true");
            assertThat(answer.header("x-aviladb-session")).isNotEmpty();
            assertThat(names(receipt(answer), "regions")).containsExactly("sa-east-1");
        } else if (durability.equals("all")) {
            assertThat(names(receipt(answer), "regions")).containsExactly("sa-east-1", "eu-west-1", "us-east-1");
        } else if (!durability.equals("local")) {
            assertThat(names(receipt(answer), "regions")).hasSizeGreaterThanOrEqualTo(2).startsWith("sa-east-1").doesNotContain(
                    behind == 0 ? "nowhere" : "us-east-1");
        }
    }

    @Test
    void receiptTellsWhereTheWriteHasArrivedByNow() {
        lag("us-east-1", "eu-west-1");
        Answer answer = insert("a", "all");
        JsonValue id = receipt(answer).get("id").orElseThrow();
        String path = "/v1/receipts/" + ((JsonString) id).value();
        Answer before = router.call("GET", path, "", "X-AvilaDB-Timeout", "200");
        assertThat(before.status()).as(before.text()).isEqualTo(200);
        assertThat(names(before.json(), "regions")).containsExactly("sa-east-1");
        assertThat(names(before.json(), "pending")).containsExactlyInAnyOrder("us-east-1", "eu-west-1");

        String version = ((JsonString) receipt(answer).get("version").orElseThrow()).value();
        store("us-east-1").covered = VersionVector.of(Version.parse(version));
        router.cluster.node("eu-west-1/1").goDown();
        router.cluster.node("eu-west-1/2").goDown();
        router.cluster.node("eu-west-1/3").goDown();
        Answer after = router.call("GET", path, "", "X-AvilaDB-Timeout", "500");
        assertThat(names(after.json(), "regions")).containsExactlyInAnyOrder("sa-east-1", "us-east-1");
        assertThat(names(after.json(), "pending")).containsExactly("eu-west-1");
    }

    @Test
    void receiptOfAWriteThatItsRegionNeverMadeIsPendingEverywhere() {
        String id = ((JsonString) receipt(insert("a", "local")).get("id").orElseThrow()).value();
        String version = id.split("\\.")[4];
        String later = id.replace(version, "7fffffffffff0000" + version.substring(16));
        lag("us-east-1", "eu-west-1");
        Answer answer = router.call("GET", "/v1/receipts/" + later, "", "X-AvilaDB-Timeout", "200");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(names(answer.json(), "regions")).isEmpty();
    }

    @Test
    void whatIsNoReceiptIsRefused() {
        assertThat(router.call("GET", "/v1/receipts/abc", "").status()).isEqualTo(400);
        assertThat(router.call("GET", "/v1/receipts/mars.1.1.1.01a22342118e0000-1.AAAA", "").code()).isEqualTo("UNKNOWN_REGION");
    }

    @Test
    void eachDocumentOfABatchSaysWhetherItWasConfirmed() {
        lag("us-east-1", "eu-west-1");
        String batch = "{\"documents\":[{\"id\":\"1\",\"userId\":\"u\"},{\"id\":\"2\",\"userId\":\"u\"}]}";
        Answer each = router.call("POST", PLAYERS + "/batch", batch, "X-AvilaDB-Durability", "remote", "X-AvilaDB-Timeout", "400");
        assertThat(each.status()).as(each.text()).isEqualTo(207);
        assertThat(each.text()).contains("DURABILITY_NOT_CONFIRMED").doesNotContain("\"status\":201");
        Answer atomic = router.call("POST", PLAYERS + "/batch",
                batch.replace("\"1\"", "\"3\"").replace("\"2\"", "\"4\"").replace("{\"documents",
                        "{\"atomic\":true,\"documents"),
                "X-AvilaDB-Durability", "remote", "X-AvilaDB-Timeout", "400");
        assertThat(atomic.status()).as(atomic.text()).isEqualTo(504);
        assertThat(receipt(atomic).get("id")).isPresent();
    }

    @Test
    void oneRegionCannotBeRemoteAndIsItsOwnMajority() {
        try (RouterFixture alone = RouterFixture.of("sa-east-1").withPlayers()) {
            Answer remote = alone.call("POST", PLAYERS, "{\"id\":\"a\",\"userId\":\"u\"}", "X-AvilaDB-Durability", "remote");
            assertThat(remote.status()).isEqualTo(400);
            assertThat(alone.call("GET", PLAYERS + "/a?partitionKey=%5B%22u%22%5D", "").status()).as("nothing was written").isEqualTo(404);
            for (String durability : List.of("majority", "all")) {
                assertThat(
                        alone.call("POST", PLAYERS, "{\"id\":\"" + durability + "\",\"userId\":\"u\"}", "X-AvilaDB-Durability", durability)
                                .status())
                        .isEqualTo(201);
            }
        }
    }
}
