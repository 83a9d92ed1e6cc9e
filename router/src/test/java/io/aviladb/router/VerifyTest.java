package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Self-checks over REST: what is compared, what is found, and what couldn't be asked. */
class VerifyTest {
    private static final int DOCUMENTS = 5_000;

    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
        for (int from = 0; from < DOCUMENTS; from += 100) {
            StringBuilder batch = new StringBuilder("{\"documents\":[");
            for (int i = from; i < from + 100; i++) {
                batch.append(i == from ? "" : ",").append("{\"id\":\"d%05d\",\"userId\":\"u%d\",\"level\":%d}".formatted(i, i % 7, i));
            }
            assertThat(router.call("POST", RouterFixture.PLAYERS + "/batch", batch.append("]}").toString()).status()).isEqualTo(201);
        }
        other().copyFrom(own());
        closeBoth();
    }

    /** As idle groups do: a cut that includes all is told. */
    private void closeBoth() {
        HybridTimestamp later = HybridTimestamp.ofMillis(own().closed().millis() + 1_000);
        own().close(later);
        other().close(later);
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private FakeStore own() {
        return router.cluster.region("sa-east-1").store;
    }

    private FakeStore other() {
        return router.cluster.region("us-east-1").store;
    }

    private static FakeStore.Row changed(FakeStore.Row row) {
        byte[] json = new String(row.json(), StandardCharsets.UTF_8).replace("level\":", "level\":1").getBytes(StandardCharsets.UTF_8);
        return new FakeStore.Row(json, row.vector());
    }

    @Test
    void whatIsTheSameEverywhereIsCalledIdentical() {
        Answer answer = router.call("GET", "/v1/verify", "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).startsWith("{\"verdict\":\"identical\"").contains("\"documents\":" + DOCUMENTS + ",\"whole\":true");
        for (int node = 1; node <= 3; node++) {
            assertThat(answer.text()).contains("{\"node\":\"us-east-1/" + node + "\",\"state\":\"identical\",\"documents\":" + DOCUMENTS);
        }
    }

    @Test
    void aSampleIsNoWhole() {
        Answer answer = router.call("GET", "/v1/verify?database=game&collection=players&documents=100", "");
        assertThat(answer.text()).startsWith("{\"verdict\":\"identical\"").contains("\"documents\":2000,\"whole\":false");
    }

    @Test
    void aReplicaThatRotsIsNamedWithTheDocument() {
        DocumentKey key = own().rows.navigableKeySet().stream().skip(3_210).findFirst().orElseThrow();
        router.cluster.node("sa-east-1/3").damaged.put(key, changed(Objects.requireNonNull(own().rows.get(key))));
        Answer answer = router.call("GET", "/v1/verify", "");
        assertThat(answer.text()).startsWith("{\"verdict\":\"divergent\"")
                .contains("{\"node\":\"sa-east-1/3\",\"state\":\"different\"", "{\"node\":\"sa-east-1/2\",\"state\":\"identical\"",
                        "{\"region\":\"sa-east-1\",\"state\":\"identical\"", "{\"region\":\"us-east-1\",\"state\":\"identical\"")
                .contains("\"differences\":[{\"key\":[\"" + user(key) + "\",\"" + key.id()
                        + "\"],\"kind\":\"different\",\"at\":\"sa-east-1/3\",\"reference\":\"sa-east-1/");
        assertThat(router.call("GET", "/metrics", "").text()).contains("aviladb_verify_documents_differing_total 1.0");
    }

    private static String user(DocumentKey key) {
        return "u" + Integer.parseInt(key.id().substring(1)) % 7;
    }

    @Test
    void aRegionThatWentAnotherWayIsNamedWithTheDocuments() {
        TreeMap<DocumentKey, FakeStore.Row> rows = new TreeMap<>(own().rows);
        Map.Entry<DocumentKey, FakeStore.Row> last = rows.lastEntry();
        other().forget(rows.firstKey());
        other().put(last.getKey(), changed(last.getValue()));
        Answer answer = router.call("GET", "/v1/verify", "");
        assertThat(answer.text()).startsWith("{\"verdict\":\"divergent\"")
                .contains("{\"region\":\"us-east-1\",\"state\":\"different\"", "{\"node\":\"us-east-1/1\",\"state\":\"identical\"")
                .contains("{\"key\":[\"" + user(rows.firstKey()) + "\",\"" + rows.firstKey().id()
                        + "\"],\"kind\":\"missing\",\"at\":\"us-east-1\",\"reference\":\"sa-east-1\"}")
                .contains("{\"key\":[\"" + user(last.getKey()) + "\",\"" + last.getKey().id()
                        + "\"],\"kind\":\"different\",\"at\":\"us-east-1\",\"reference\":\"sa-east-1\"}");
        assertThat(answer.text().split("\"kind\"", -1)).hasSize(3);
    }

    @Test
    void whoCannotBeAskedMakesItIncomplete() {
        router.cluster.node("us-east-1/3").down = true;
        Answer answer = router.call("GET", "/v1/verify", "", "X-AvilaDB-Timeout", "20000");
        assertThat(answer.text()).startsWith("{\"verdict\":\"incomplete\"")
                .contains("{\"node\":\"us-east-1/3\",\"state\":\"missed\",\"documents\":0,\"because\":\"",
                        "{\"node\":\"us-east-1/2\",\"state\":\"identical\",\"documents\":" + DOCUMENTS);
    }

    @Test
    void aReadThatGoesBackIsTold() {
        DocumentKey key = own().rows.firstKey();
        FakeStore.Row old = own().rows.firstEntry().getValue();
        String path = RouterFixture.PLAYERS + "/" + key.id() + "?partitionKey=%5B%22" + user(key) + "%22%5D";
        assertThat(router.call("PUT", path, new String(old.json(), StandardCharsets.UTF_8)).status()).isEqualTo(200);
        assertThat(router.call("GET", path, "").status()).isEqualTo(200);
        assertThat(router.call("GET", "/v1/verify?documents=1", "").text()).contains("\"checkedReads\":1,\"violated\":0");
        own().put(key, old); // what a leader would show that has lost an acknowledged write
        assertThat(router.call("GET", path, "").status()).isEqualTo(200);
        Answer answer = router.call("GET", "/v1/verify?documents=1", "");
        assertThat(answer.text()).startsWith("{\"verdict\":\"violated\"").contains("\"checkedReads\":2,\"violated\":1",
                "{\"key\":[\"" + user(key) + "\",\"" + key.id() + "\"],\"consistency\":\"strong\",\"before\":{\"what\":\"write\"",
                "\"read\":{\"what\":\"read\"");
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertThat(router.call("GET", "/v1/verify?documents=none", "").status()).isEqualTo(400);
        assertThat(router.call("GET", "/v1/verify?documents=0", "").status()).isEqualTo(400);
        assertThat(router.call("GET", "/v1/verify?collection=players", "").status()).isEqualTo(400);
        assertThat(router.call("GET", "/v1/verify?database=nosuch", "").status()).isEqualTo(404);
        assertThat(router.call("GET", "/v1/verify?database=game&collection=nosuch", "").status()).isEqualTo(404);
    }
}
