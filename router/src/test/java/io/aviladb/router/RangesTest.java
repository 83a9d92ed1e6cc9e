package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static io.aviladb.router.RouterFixture.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.router.RouterFixture.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ranges over REST, and what a router does whose map is old. */
class RangesTest {
    private static final String RANGES = "/v1/databases/game/collections/players/ranges";

    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private Answer split(String body) {
        return router.call("POST", RANGES + "/split", body);
    }

    private List<JsonObject> ranges() {
        JsonArray ranges = (JsonArray) router.call("GET", RANGES, "").json().get("ranges").orElseThrow();
        return ranges.elements().stream().map(JsonObject.class::cast).toList();
    }

    @Test
    void aSplitIsAnOperationAndItsBoundsReadAsKeys() {
        Answer begun = split("{\"at\":[\"tenant-500\"]}");
        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        assertThat(begun.json().toJson()).isEqualTo("{\"operation\":\"range-sa-east-1-1\",\"kind\":\"range-split\",\"state\":\"done\","
                + "\"progress\":1,\"at\":[\"tenant-500\"]}");
        assertThat(router.call("GET", "/v1/operations/range-sa-east-1-1", "").json()).isEqualTo(begun.json());
        assertThat(router.call("GET", "/v1/operations", "").text()).isEqualTo("{\"operations\":[" + begun.text() + "]}");
        org.awaitility.Awaitility.await().until(() -> ranges().size() == 2);
        assertThat(ranges().toString()).isEqualTo("[{\"range\":1,\"start\":null,\"end\":[\"tenant-500\"],\"epoch\":2,\"group\":11,"
                + "\"leader\":\"sa-east-1/1\",\"sizeBytes\":4096,\"opsPerSecond\":12.3}, {\"range\":2,\"start\":[\"tenant-500\"],\"end\":null,"
                + "\"epoch\":2,\"group\":11,\"leader\":\"sa-east-1/1\",\"sizeBytes\":4096,\"opsPerSecond\":12.3}]");
    }

    @Test
    void whatCannotBeCutIsRefusedWithItsReason() {
        split("{\"at\":[\"m\"]}");
        assertThat(split("{\"at\":[\"m\"]}").code()).isEqualTo("RANGE_BOUND_EXISTS");
        assertThat(split("{\"at\":[\"m\"]}").status()).isEqualTo(409);
        assertThat(split("{\"at\":[[1]]}").code()).isEqualTo("INVALID_PARTITION_KEY");
        assertThat(split("{\"at\":[]}").code()).isEqualTo("INVALID_PARTITION_KEY");
        assertThat(split("{\"at\":[\"a\",\"b\",\"c\"]}").code()).isEqualTo("INVALID_PARTITION_KEY");
        assertThat(split("{\"at\":\"m\"}").code()).isEqualTo("MALFORMED_REQUEST");
        assertThat(split("{}").code()).isEqualTo("MALFORMED_REQUEST");
        assertThat(router.call("POST", RANGES.replace("players", "nobody") + "/split", "{\"at\":[\"m\"]}").code())
                .isEqualTo("COLLECTION_NOT_FOUND");
        assertThat(router.call("POST", RANGES + "/merge", "{\"at\":[\"q\"]}").code()).isEqualTo("RANGE_BOUND_NOT_FOUND");
        assertThat(router.call("POST", RANGES + "/transfer", "{\"range\":1,\"group\":2}").code()).isEqualTo("RANGE_NOT_FOUND");
        assertThat(router.call("POST", RANGES + "/transfer", "{\"range\":\"1\",\"group\":2}").code()).isEqualTo("MALFORMED_REQUEST");
        assertThat(router.call("POST", RANGES + "/transfer", "{\"range\":1}").code()).isEqualTo("MALFORMED_REQUEST");
        for (String name : List.of("range-sa-east-1-99", "range-nowhere-1", "range-sa-east-1-x", "range-sa-east-1-0", "other")) {
            assertThat(router.call("GET", "/v1/operations/" + name, "").code()).as(name).isEqualTo("OPERATION_NOT_FOUND");
        }
    }

    @Test
    void anAnswerThatWasLostBeginsNoSecondOperation() {
        router.cluster.node("sa-east-1/1").failAfter.add(new IllegalStateException("the connection broke"));
        assertThat(split("{\"at\":[\"m\"]}").status()).isEqualTo(202);
        assertThat(router.cluster.node("sa-east-1/1").rangeRequests.get()).isGreaterThan(1);
        assertThat(router.cluster.region("sa-east-1").operations).hasSize(1);
    }

    @Test
    void pagesCrossSplitsWithEveryDocumentOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String id = "d%02d".formatted(i);
            assertThat(router.insert(id, id).status()).isEqualTo(201);
            expected.add(id);
        }
        List<String> seen = new ArrayList<>();
        String token = "";
        int cut = 0;
        do {
            Answer page = router.call("GET", PLAYERS + "?pageSize=3" + (token.isEmpty() ? "" : "&continuationToken=" + token), "");
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            ((JsonArray) page.json().get("documents").orElseThrow()).elements()
                    .forEach(document -> seen.add(((JsonString) ((JsonObject) document).get("id").orElseThrow()).value()));
            token = page.json().getOrNull("continuationToken") instanceof JsonString next ? next.value() : "";
            if (cut < 19) { // in front of, at, and behind the next key
                split("{\"at\":[\"d%02d\"]}".formatted(cut));
                split("{\"at\":[\"d%02d\",\"d%02d\"]}".formatted(cut + 2, cut + 2));
                cut += 3;
            }
        } while (!token.isEmpty());
        assertThat(seen).isEqualTo(expected);
        assertThat(router.call("GET", one("d07", "d07"), "").status()).isEqualTo(200);
        assertThat(router.call("PUT", one("d07", "d07"), "{\"userId\":\"d07\",\"n\":2}").status()).isEqualTo(200);
    }
}
