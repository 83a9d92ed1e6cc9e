package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conflicts and versions over REST. */
class ConflictsTest {
    private static final String COLLECTION = "/v1/databases/game/collections/players";
    private static final long NOON = 1_769_860_800_000L; // 2026-01-31T12:00:00Z

    private RouterFixture router;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "eu-west-1").withPlayers();
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private static Version version(int region, long millis) {
        return new Version(HybridTimestamp.ofMillis(NOON + millis), new RegionIncarnation(region));
    }

    private static LiveVersion put(Version version, String json) {
        return LiveVersion.update(version, VersionVector.of(version), json.getBytes(UTF_8));
    }

    private static DocumentKey key(String id) {
        return DocumentKey.of(1, PartitionStrategy.single(FieldPath.of("userId")), List.of(new JsonString("u")), id);
    }

    /** Both regions have it, recorded at different times. */
    private ConflictId record(String id, LiveVersion a, LiveVersion b) {
        Conflict conflict = Conflict.of(a, b);
        ConflictId name = new ConflictId(key(id), conflict.older().version(), conflict.newer().version());
        long[] at = {NOON + 10_000};
        router.cluster.regions.values().forEach(region -> {
            FakeStore store = region.store;
            at[0] += 5_000;
            synchronized (store) {
                store.conflicts.put(name.encode(), new HistoryReply.Conflict(name,
                        new ConflictRecord(HybridTimestamp.ofMillis(at[0]), Optional.empty(), conflict).encode(), false));
            }
        });
        return name;
    }

    private ConflictId twoNames(String id) {
        String body = "{\"id\":\"" + id + "\",\"userId\":\"u\",\"name\":\"%s\",\"n\":1}";
        return record(id, put(version(1, 300), body.formatted("Bia")), put(version(2, 0), body.formatted("Eva")));
    }

    private static JsonArray list(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return (JsonArray) answer.json().get("conflicts").orElseThrow();
    }

    @Test
    void aListSaysWhatIsOverwrittenByWhatAndWhetherAClockDecided() {
        ConflictId id = twoNames("1");
        JsonObject listed = (JsonObject) list(router.call("GET", COLLECTION + "/conflicts", "")).elements().get(0);
        assertThat(listed.toJson()).isEqualTo("{\"id\":\"" + id + "\",\"document\":{\"id\":\"1\",\"partitionKey\":[\"u\"]},\"sides\":["
                + "{\"version\":\"" + version(2, 0) + "\",\"region\":\"eu-west-1\",\"at\":\"2026-01-31T12:00:00Z\",\"kind\":\"update\","
                + "\"seen\":{},\"value\":{\"id\":\"1\",\"userId\":\"u\",\"name\":\"Eva\",\"n\":1}},"
                + "{\"version\":\"" + version(1, 300)
                + "\",\"region\":\"sa-east-1\",\"at\":\"2026-01-31T12:00:00.300Z\",\"kind\":\"update\","
                + "\"seen\":{},\"value\":{\"id\":\"1\",\"userId\":\"u\",\"name\":\"Bia\",\"n\":1}}],"
                + "\"rule\":{\"number\":0,\"policy\":{\"default\":\"lww\",\"deletes\":\"later\"}},\"winner\":\"" + version(1, 300)
                + "\",\"clockDecided\":true,\"overwritten\":[\"/name\"],\"settled\":false,\"recordedAt\":\"2026-01-31T12:00:15Z\"}");
        assertThat(list(router.call("GET", PLAYERS + "/1/conflicts?partitionKey=%5B%22u%22%5D", "")).elements()).containsExactly(listed);
        assertThat(list(router.call("GET", PLAYERS + "/2/conflicts?partitionKey=%5B%22u%22%5D", "")).elements()).isEmpty();
    }

    @Test
    void anExplanationHasTheSameBytesInEveryRegion() {
        String path = COLLECTION + "/conflicts/" + twoNames("1");
        Answer here = router.call("GET", path, "");
        assertThat(here.status()).as(here.text()).isEqualTo(200);
        Answer there = router.call("GET", path, "", "X-AvilaDB-Region", "eu-west-1");
        assertThat(there.header("X-AvilaDB-Routed")).contains("eu-west-1");
        assertThat(there.text()).isEqualTo(here.text());
        assertThat(here.json().get("fields").orElseThrow().toJson()).isEqualTo("[{\"path\":\"/name\",\"candidates\":[{\"version\":\""
                + version(2, 0) + "\",\"written\":\"" + version(2, 0) + "\",\"value\":\"Eva\"},{\"version\":\"" + version(1, 300)
                + "\",\"written\":\"" + version(1, 300)
                + "\",\"value\":\"Bia\"}],\"rule\":\"of two writes of a field the newer one stands\","
                + "\"winner\":\"" + version(1, 300) + "\",\"overwritten\":true,\"clockDecided\":true,\"result\":\"Bia\"}]");
        assertThat(here.json().get("policies").orElseThrow().toJson()).startsWith("[{\"default\":\"lww\",\"result\":{")
                .contains("\"default\":\"lww-document\"");
    }

    @Test
    void aDeleteIsExplainedByTheWaysOfDeleting() {
        Version delete = version(2, 900);
        ConflictId id = record("1", put(version(1, 0), "{\"id\":\"1\",\"userId\":\"u\"}"),
                LiveVersion.tombstone(delete, VersionVector.of(delete)));
        JsonObject explained = router.call("GET", COLLECTION + "/conflicts/" + id, "").json();
        assertThat(explained.get("policies").orElseThrow().toJson())
                .isEqualTo("[{\"deletes\":\"later\",\"result\":null},{\"deletes\":\"delete-wins\",\"result\":null},"
                        + "{\"deletes\":\"update-wins\",\"result\":{\"id\":\"1\",\"userId\":\"u\"}}]");
        assertThat(explained.get("clockDecided").orElseThrow().toJson()).as("900 ms apart").isEqualTo("false");
    }

    @Test
    void aListHasPagesAndATimeFromWhichOn() {
        for (int i = 0; i < 5; i++) {
            twoNames("d" + i);
        }
        List<String> seen = new ArrayList<>();
        String token = "";
        do {
            Answer page = router.call("GET", COLLECTION + "/conflicts?pageSize=2" + (token.isEmpty() ? "" : "&continuationToken=" + token),
                    "");
            list(page).elements().forEach(one -> seen.add(((JsonObject) ((JsonObject) one).get("document").orElseThrow()).get("id")
                    .orElseThrow().toJson()));
            token = ((JsonString) page.json().get("continuationToken").orElseThrow()).value();
        } while (!token.isEmpty());
        assertThat(seen).containsExactly("\"d0\"", "\"d1\"", "\"d2\"", "\"d3\"", "\"d4\"");
        assertThat(list(router.call("GET", COLLECTION + "/conflicts?since=2026-01-31T12:00:15Z", "")).elements()).hasSize(5);
        assertThat(list(router.call("GET", COLLECTION + "/conflicts?since=2026-01-31T12:00:16Z", "")).elements()).isEmpty();
    }

    @Test
    void whatIsNoConflictIsRefused() {
        ConflictId kept = twoNames("1");
        ConflictId other = new ConflictId(key("1"), kept.older(), version(1, 301));
        assertThat(router.call("GET", COLLECTION + "/conflicts/" + other, "").code()).isEqualTo("CONFLICT_NOT_FOUND");
        assertThat(router.call("GET", COLLECTION + "/conflicts/nothing", "").code()).isEqualTo("CONFLICT_NOT_FOUND");
        assertThat(router.call("GET", COLLECTION + "/conflicts/nothing", "").status()).isEqualTo(404);
        for (String query : List.of("since=yesterday", "pageSize=0", "pageSize=x")) {
            assertThat(router.call("GET", COLLECTION + "/conflicts?" + query, "").code()).as(query).isEqualTo("MALFORMED_REQUEST");
        }
        assertThat(router.call("GET", COLLECTION + "/conflicts?continuationToken=abc", "").code()).isEqualTo("INVALID_CONTINUATION");
        assertThat(router.call("GET", COLLECTION.replace("players", "nobody") + "/conflicts", "").code()).isEqualTo("COLLECTION_NOT_FOUND");
        assertThat(router.call("GET", PLAYERS + "/1/conflicts", "").code()).isEqualTo("MISSING_PARTITION_FIELD");
    }

    /** Document 1 as two versions that live, and their record. */
    private Conflict open() {
        ConflictId id = twoNames("1");
        FakeStore store = router.cluster.region("sa-east-1").store;
        synchronized (store) {
            Conflict conflict = ConflictRecord.decode(java.util.Objects.requireNonNull(store.conflicts.get(id.encode())).record())
                    .conflict();
            store.rows.put(key("1"), new FakeStore.Row(city(conflict.newer()), conflict.older().vector().join(conflict.newer().vector())));
            store.versions.put(key("1"), List.of(row(conflict.newer()), row(conflict.older())));
            return conflict;
        }
    }

    /** What readers see: a third region has changed another field. */
    private static byte[] city(LiveVersion version) {
        return version.document().root().with("city", new JsonString("Rio")).toJsonBytes();
    }

    private static HistoryReply.Row row(LiveVersion version) {
        return new HistoryReply.Row(version.version(), version.vector(), false, true, version.sizeBytes(), version.json());
    }

    /** As the region does when somebody has written: the two don't live any more. */
    private void settle(Conflict conflict) {
        FakeStore store = router.cluster.region("sa-east-1").store;
        synchronized (store) {
            store.versions.put(key("1"), List.of(conflict.newer(), conflict.older()).stream().map(ConflictsTest::row)
                    .map(row -> new HistoryReply.Row(row.version(), row.vector(), false, false, row.sizeBytes(), row.json())).toList());
            store.conflicts.replaceAll((key, row) -> new HistoryReply.Conflict(row.id(), row.record(), true));
        }
    }

    private Answer resolve(String body, String... headers) {
        return router.call("POST", PLAYERS + "/1/resolve?partitionKey=%5B%22u%22%5D", body, headers);
    }

    private String read() {
        return router.call("GET", RouterFixture.one("1", "u"), "").text();
    }

    @Test
    void theSideThatIsChosenStandsAndASecondChoiceIsTooLate() {
        Conflict conflict = open();
        String choose = "{\"choose\":\"" + conflict.older().version() + "\"}";
        Answer first = resolve(choose, "Idempotency-Key", "k");
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(read()).contains("\"Eva\"", "\"Rio\"");
        settle(conflict);
        Answer again = resolve(choose, "Idempotency-Key", "k");
        assertThat(again.status()).as("a retry: " + again.text()).isEqualTo(200);
        assertThat(again.json().get("version")).isEqualTo(first.json().get("version"));
        Answer late = resolve(choose);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("CONFLICT_SETTLED");
        Answer lateToo = resolve(choose, "Idempotency-Key", "other");
        assertThat(lateToo.code()).isEqualTo("CONFLICT_SETTLED");
        assertThat(read()).contains("\"Eva\"");
    }

    @Test
    void aLoserIsRestoredWhateverHasBeenWrittenSince() {
        Conflict conflict = open();
        settle(conflict);
        assertThat(resolve("{\"restore\":\"" + conflict.older().version() + "\"}").status()).isEqualTo(200);
        assertThat(read()).contains("\"Eva\"");
        assertThat(resolve("{\"restore\":\"" + version(1, -900) + "\"}").code()).isEqualTo("VERSION_EXPIRED");
        assertThat(resolve("{\"restore\":\"" + version(2, 50_000) + "\"}").code()).isEqualTo("VERSION_NOT_FOUND");
    }

    @Test
    void aDocumentMadeOfAllVersionsThatWereSeenStands() {
        Conflict conflict = open();
        String document = "{\"id\":\"1\",\"userId\":\"u\",\"name\":\"Eva Bia\"}";
        String one = "{\"document\":" + document + ",\"versions\":[\"" + conflict.older().version() + "\"]}";
        assertThat(resolve(one).code()).as("it hasn't seen the other").isEqualTo("CONFLICT_SETTLED");
        String both = one.replace("]}", ",\"" + conflict.newer().version() + "\"]}");
        assertThat(resolve(both.replace("\"userId\":\"u\"", "\"userId\":\"v\"")).code()).isEqualTo("KEY_CONTRADICTION");
        assertThat(resolve(both).status()).isEqualTo(200);
        assertThat(read()).isEqualTo(document);
    }

    @Test
    void aCandidatePolicyIsTriedOnWhatIsRecorded() {
        twoNames("1");
        record("2", put(version(1, 0), "{\"id\":\"2\",\"userId\":\"u\"}"),
                LiveVersion.tombstone(version(2, 900), VersionVector.of(version(2, 900))));
        String path = COLLECTION + "/mergePolicy/whatif";
        Answer same = router.call("POST", path, "\"lww-document\"");
        assertThat(same.text()).as("whole puts").isEqualTo("{\"conflicts\":2,\"documents\":0,\"differ\":[],\"continuationToken\":\"\"}");
        Answer updateWins = router.call("POST", path, "{\"deletes\":\"update-wins\"}");
        assertThat(updateWins.text()).contains("\"documents\":1", "\"document\":{\"id\":\"2\",\"partitionKey\":[\"u\"]}",
                "\"fields\":[\"\"]",
                "\"now\":null,\"then\":{\"id\":\"2\",\"userId\":\"u\"},\"byHand\":false");
        Answer custom = router.call("POST", path, "{\"default\":{\"custom\":\"{'name': GREATEST(local.name, remote.name)}\"}}");
        assertThat(custom.text()).contains("\"documents\":1", "\"fields\":[\"/name\"]",
                "\"now\":{\"id\":\"1\",\"userId\":\"u\",\"name\":\"Bia\"",
                "\"then\":{\"id\":\"1\",\"userId\":\"u\",\"name\":\"Eva\"");
        assertThat(router.call("POST", path, "\"manual\"").text()).contains("\"documents\":2", "\"byHand\":true");
        assertThat(router.call("POST", path, "{\"default\":{\"custom\":\"{'v': (local.v + remote.v) / 2}\"}}").code())
                .isEqualTo("MERGE_LAW_BROKEN");
        assertThat(router.call("POST", path + "?since=2026-01-31T12:00:16Z", "\"manual\"").text()).startsWith("{\"conflicts\":0,");
        Answer first = router.call("POST", path + "?pageSize=1", "\"manual\"");
        String token = ((JsonString) first.json().get("continuationToken").orElseThrow()).value();
        assertThat(router.call("POST", path + "?pageSize=1&continuationToken=" + token, "\"manual\"").text())
                .contains("\"id\":\"2\"", "\"continuationToken\":\"\"");
        assertThat(router.call("POST", path + "?continuationToken=" + token, "\"lww\"").code()).as("of another policy")
                .isEqualTo("INVALID_CONTINUATION");
    }

    @Test
    void aDocumentThatSomebodyMustResolveNamesItsSiblings() {
        Conflict conflict = open();
        assertThat(router.call("GET", RouterFixture.one("1", "u"), "").header("X-AvilaDB-Siblings")).isEmpty();
        FakeStore store = router.cluster.region("sa-east-1").store;
        List<Version> both = List.of(conflict.older().version(), conflict.newer().version());
        synchronized (store) {
            store.siblings.put(key("1"), both);
        }
        Answer plain = router.call("GET", RouterFixture.one("1", "u"), "");
        assertThat(plain.header("X-AvilaDB-Siblings")).isEqualTo(both.get(0) + ", " + both.get(1));
        assertThat(plain.text()).as("the document as it was written").doesNotContain("_siblings");
        assertThat(router.call("GET", RouterFixture.one("1", "u") + "&metadata=true", "").text())
                .endsWith(",\"_siblings\":[\"" + both.get(0) + "\",\"" + both.get(1) + "\"]}");
    }

    @Test
    void whatResolvesNothingIsRefused() {
        open();
        assertThat(resolve("{\"choose\":\"" + version(1, 1) + "\"}").code()).isEqualTo("CONFLICT_NOT_FOUND");
        for (String body : List.of("{}", "{\"choose\":7}", "{\"choose\":\"x\"}", "{\"choose\":\"" + version(1, 1) + "\",\"restore\":\"\"}",
                "{\"document\":{}}", "{\"document\":1,\"versions\":[]}", "{\"other\":1}")) {
            assertThat(resolve(body).code()).as(body).isEqualTo("MALFORMED_REQUEST");
        }
        assertThat(read()).contains("\"Bia\"");
    }

    @Test
    void versionsAreListedAndReadWhileTheyAreKept() {
        Version kept = version(1, 0);
        VersionVector seen = VersionVector.of(kept).join(VersionVector.of(version(2, -5)));
        byte[] json = "{\"id\":\"1\",\"userId\":\"u\",\"old\":1}".getBytes(UTF_8);
        Version gone = version(1, -900);
        FakeStore store = router.cluster.region("sa-east-1").store;
        synchronized (store) {
            store.rows.put(key("1"), new FakeStore.Row(json, seen));
            store.versions.put(key("1"), List.of(new HistoryReply.Row(version(1, 5), seen, true, true, 0, new byte[0]),
                    new HistoryReply.Row(kept, seen, false, false, json.length, json)));
        }
        String one = PLAYERS + "/1%s?partitionKey=%%5B%%22u%%22%%5D";
        Answer listed = router.call("GET", one.formatted("/versions"), "");
        assertThat(listed.text())
                .endsWith("{\"version\":\"" + kept + "\",\"at\":\"2026-01-31T12:00:00Z\",\"author\":{\"region\":\"sa-east-1\"},"
                        + "\"regions\":[\"sa-east-1\",\"eu-west-1\"],\"kind\":\"update\",\"live\":false,\"sizeBytes\":" + json.length
                        + "}],\"more\":false}");
        Answer read = router.call("GET", one.formatted("") + "&version=" + kept, "");
        assertThat(read.bytes()).isEqualTo(json);
        Answer expired = router.call("GET", one.formatted("") + "&version=" + gone, "");
        assertThat(expired.status()).isEqualTo(410);
        assertThat(expired.code()).isEqualTo("VERSION_EXPIRED");
        assertThat(router.call("GET", one.formatted("") + "&version=" + version(2, 1), "").code()).isEqualTo("VERSION_NOT_FOUND");
        assertThat(router.call("GET", one.formatted("") + "&version=" + version(1, 5), "").code()).isEqualTo("DOCUMENT_NOT_FOUND");
        assertThat(router.call("GET", one.formatted("") + "&version=7", "").code()).isEqualTo("MALFORMED_REQUEST");
        assertThat(router.call("GET", one.formatted("").replace("/1?", "/2?").replace("?", "/versions?"), "").code())
                .isEqualTo("DOCUMENT_NOT_FOUND");
    }
}
