package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListTest {
    private static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("userId"));
    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private static DocumentKey key(String user, String id) {
        return DocumentKey.of(1, STRATEGY, List.of(new JsonString(user)), id);
    }

    private VersionVector put(String region, String user, String id, String value, VersionVector base) {
        FakeStore store = router.cluster.region(region).store;
        VersionVector vector = base.join(VersionVector.of(store.next()));
        String json = "{\"id\":\"" + id + "\",\"userId\":\"" + user + "\",\"v\":\"" + value + "\"}";
        synchronized (store) {
            store.rows.put(key(user, id), new FakeStore.Row(json.getBytes(StandardCharsets.UTF_8), vector));
        }
        return vector;
    }

    private VersionVector delete(String region, String user, String id, VersionVector base) {
        FakeStore store = router.cluster.region(region).store;
        VersionVector vector = base.join(VersionVector.of(store.next()));
        synchronized (store) {
            store.rows.put(key(user, id), new FakeStore.Row(new byte[0], vector));
        }
        return vector;
    }

    private List<String> pages(String query, String member) {
        List<String> values = new ArrayList<>();
        String token = "";
        for (int page = 0; page < 100; page++) {
            Answer answer = router.call("GET", PLAYERS + "?" + query + (token.isEmpty() ? "" : "&continuationToken=" + token), "");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            for (JsonValue document : ((JsonArray) answer.json().get("documents").orElseThrow()).elements()) {
                values.add(((JsonString) ((io.aviladb.core.document.JsonObject) document).get(member).orElseThrow()).value());
            }
            JsonValue next = answer.json().get("continuationToken").orElseThrow();
            if (!(next instanceof JsonString text)) {
                return values;
            }
            token = text.value();
        }
        throw new AssertionError("the listing doesn't end");
    }

    @Test
    void pagesGoThroughAllRangesInKeyOrder() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            expected.add("d%02d".formatted(i));
            router.insert("d%02d".formatted(i), i < 12 ? "a" : "b");
        }
        router.cluster.split("sa-east-1", 1, key("a", "d07").bytes());
        assertThat(pages("pageSize=4", "id")).isEqualTo(expected);
        assertThat(pages("pageSize=1000", "id")).isEqualTo(expected);
        assertThat(pages("pageSize=4&partitionKeyPrefix=%5B%22b%22%5D", "id")).isEqualTo(expected.subList(12, 25));
    }

    @Test
    void pageEndsAtOneMegabyte() {
        for (int i = 0; i < 4; i++) {
            router.call("POST", PLAYERS, "{\"id\":\"" + i + "\",\"userId\":\"u\",\"t\":\"" + "x".repeat(400_000) + "\"}");
        }
        Answer first = router.call("GET", PLAYERS, "");
        assertThat(first.bytes().length).isLessThan(1 << 20);
        assertThat(pages("pageSize=100", "id")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void tokenOfAnotherListingIsRefused() {
        router.insert("a", "u");
        router.insert("b", "u");
        String token = ((JsonString) router.call("GET", PLAYERS + "?pageSize=1", "").json().get("continuationToken").orElseThrow()).value();
        assertThat(router.call("GET", PLAYERS + "?scope=GLOBAL&continuationToken=" + token, "").code()).isEqualTo("INVALID_CONTINUATION");
    }

    @Test
    void globalListingMergesRegions() {
        VersionVector old = put("sa-east-1", "u", "both", "old", VersionVector.EMPTY);
        put("us-east-1", "u", "both", "new", old);
        put("sa-east-1", "u", "here", "here", VersionVector.EMPTY);
        put("us-east-1", "u", "there", "there", VersionVector.EMPTY);
        for (int i = 0; i < 9; i++) {
            put(i % 3 == 0 ? "sa-east-1" : "us-east-1", "w", "n" + i, "n" + i, VersionVector.EMPTY);
        }
        List<String> all = List.of("new", "here", "there", "n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8");
        for (int size : new int[]{1, 2, 3, 5, 100}) {
            assertThat(pages("scope=GLOBAL&pageSize=" + size, "v")).as("pages of " + size).isEqualTo(all);
        }
        assertThat(pages("scope=LOCAL", "v")).containsExactly("old", "here", "n0", "n3", "n6");
    }

    @Test
    void globalListingHidesWhatOneRegionHasDeletedAndTheOtherNotYet() {
        VersionVector[] there = new VersionVector[8];
        for (int i = 0; i < there.length; i++) {
            there[i] = put("us-east-1", "u", "n" + i, "n" + i, VersionVector.EMPTY);
        }
        for (int i = 0; i < there.length - 2; i++) {
            there[i] = delete("sa-east-1", "u", "n" + i, there[i]);
        }
        for (int size : new int[]{1, 2, 3, 100}) {
            assertThat(pages("scope=GLOBAL&pageSize=" + size, "v")).as("pages of " + size).containsExactly("n6", "n7");
        }
        Answer first = router.call("GET", PLAYERS + "?scope=GLOBAL&pageSize=2", "");
        assertThat(first.text()).as("no page without documents before the end").contains("n6");
        put("us-east-1", "u", "n0", "again", there[0]);
        assertThat(pages("scope=GLOBAL", "v")).as("inserted again by who has seen the delete").containsExactly("again", "n6", "n7");
    }

    @Test
    void lostRegionIsReportedOrRefused() {
        put("sa-east-1", "u", "here", "here", VersionVector.EMPTY);
        for (int i = 1; i <= 3; i++) {
            router.cluster.node("us-east-1/" + i).goDown();
        }
        Answer partial = router.call("GET", PLAYERS + "?scope=GLOBAL", "", "X-AvilaDB-Timeout", "2000");
        assertThat(partial.status()).as(partial.text()).isEqualTo(200);
        assertThat(partial.text()).contains("\"complete\":false").contains("\"region\":\"us-east-1\",\"answered\":false,\"closed\":null")
                .contains("\"missing\":[{\"region\":\"us-east-1\"");
        assertThat(router.call("GET", PLAYERS + "?scope=GLOBAL&partial=refuse", "", "X-AvilaDB-Timeout", "2000").status()).isEqualTo(503);
        assertThat(router.call("GET", "/v1/status", "").text()).contains("\"name\":\"us-east-1\",\"incarnation\":2,\"reachable\":false")
                .contains("\"id\":\"us-east-1/1\",\"region\":\"us-east-1\",\"endpoint\":\"http://us-east-1/1\",\"state\":\"down\"");
    }

    @Test
    void atomicBatchOverTwoGroupsIsRefused() {
        router.cluster.split("sa-east-1", 1, key("b", "0").bytes());
        Answer answer = router.call("POST", PLAYERS + "/batch",
                "{\"atomic\":true,\"documents\":[{\"id\":\"1\",\"userId\":\"a\"},{\"id\":\"2\",\"userId\":\"c\"}]}");
        assertThat(answer.code()).isEqualTo("BATCH_SPANS_GROUPS");
        assertThat(router.call("POST", PLAYERS + "/batch",
                "{\"documents\":[{\"id\":\"1\",\"userId\":\"a\"},{\"id\":\"2\",\"userId\":\"c\"}]}").status()).isEqualTo(201);
    }
}
