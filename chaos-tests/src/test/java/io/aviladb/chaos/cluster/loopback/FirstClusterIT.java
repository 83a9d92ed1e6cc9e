package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Someone's first cluster: three regions of three nodes in one process, used over REST in all of them, stopped, and started again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FirstClusterIT {
    private static final String HOME = "sa-east-1";
    private static final String COUNTER = "{\"default\":\"lww\",\"fields\":{\"/wins\":\"counter\"}}";

    private final Path folder = Repository.folder("first-cluster");
    private DevProcess cluster = DevProcess.start("first", folder, "--data", folder.resolve("data").toString());

    private CollectionRest players(String region) {
        return new CollectionRest(cluster.rest(region), "game", "players");
    }

    private CollectionRest players() {
        return players(HOME);
    }

    @BeforeAll
    void createTheCollection() {
        players().create(COUNTER);
    }

    @AfterAll
    void killWhatStillRuns() {
        cluster.close();
    }

    @Test
    @Order(1)
    void theCardNamesEveryRegionAndNothingStandsOnStandardError() {
        assertThat(cluster.output()).contains("3 regions x 3 nodes in one process", "every region serves reads and writes", "sa-east-1",
                "us-east-1", "eu-west-1", "116 ms", "aviladb://", "Ctrl-C");
        assertThat(cluster.errors()).isEmpty();
        assertThat(cluster.regions()).hasSize(3).allSatisfy(region -> assertThat(region.nodes()).hasSize(3));
    }

    @Test
    @Order(2)
    void aDocumentWrittenInOneRegionIsReadInAll() {
        String document = "{\"id\":\"ana\",\"userId\":\"ana\",\"level\":42,\"ratio\":1.50,\"wins\":0}";
        Rest.Answer inserted = players().insert(document).expect(201);
        assertThat(inserted.string("id")).isEqualTo("ana");
        assertThat(inserted.json().members()).containsKeys("version", "sizeBytes", "compressionRatio", "latencyMs", "receipt");
        assertThat(players().get("ana").expect(200).text()).isEqualTo(document);
        String session = inserted.header("x-aviladb-session");
        for (DevProcess.Region region : cluster.regions()) {
            // The session waits until the region has got what the session has written.
            Rest.Answer read = region.rest().call("GET", players().document("ana"), "", Map.of("x-aviladb-session", session));
            assertThat(read.expect(200).text()).isEqualTo(document);
            assertThat(read.header("x-aviladb-routed")).contains("region=" + region.name());
        }
    }

    @Test
    @Order(3)
    void aDocumentIsReplacedPatchedAndDeleted() {
        players().insert("{\"id\":\"bea\",\"userId\":\"bea\",\"level\":1,\"wins\":1}").expect(201);
        String tag = players().get("bea").header("etag");
        Rest.Answer replaced = players().rest().call("PUT", players().document("bea"),
                "{\"id\":\"bea\",\"userId\":\"bea\",\"level\":2,\"wins\":1}", Map.of("if-match", tag)).expect(200);
        assertThat(replaced.header("etag")).isNotEmpty().isNotEqualTo(tag);
        players().rest().call("PATCH", players().document("bea"),
                "{\"ops\":[{\"op\":\"inc\",\"path\":\"/wins\",\"value\":2},{\"op\":\"set\",\"path\":\"/title\",\"value\":\"Scout\"}]}",
                Map.of())
                .expect(200);
        players().rest().call("PATCH", players().document("bea"), "{\"level\":3}", Map.of("content-type", "application/merge-patch+json"))
                .expect(200);
        assertThat(players().get("bea").text())
                .isEqualTo("{\"id\":\"bea\",\"userId\":\"bea\",\"level\":3,\"wins\":3,\"title\":\"Scout\"}");
        players().rest().call("PUT", players().document("caio"), "{\"id\":\"caio\",\"userId\":\"caio\"}", Map.of("if-none-match", "*"))
                .expect(201);
        players().rest().call("DELETE", players().document("bea"), "", Map.of()).expect(204);
        players().get("bea").expectProblem(404, "AVL-2013");
        players().rest().call("DELETE", players().document("bea"), "", Map.of()).expectProblem(404, "AVL-2013");
        Rest.Answer metadata = players().rest().get(players().document("caio") + "&metadata=true").expect(200);
        assertThat(metadata.json().members()).containsKeys("_version", "_ts", "_etag");
    }

    @Test
    @Order(4)
    void badInputIsRefusedWithItsCodeAndNothingIsHalfApplied() {
        String before = players().all();
        players().insert("{\"id\":\"x\",").expectProblem(400, "AVL-2001");
        players().insert("{\"id\":\"x\",\"userId\":\"x\",\"a\":1,\"a\":2}").expectProblem(400, "AVL-2002");
        players().insert("{\"id\":\"x\",\"userId\":\"x\",\"deep\":" + "[".repeat(128) + "]".repeat(128) + "}")
                .expectProblem(400, "AVL-2003");
        players().insert("[1,2]").expectProblem(400, "AVL-2004");
        players().insert("{\"id\":\"x\",\"userId\":\"x\",\"text\":\"" + "a".repeat(4_194_304) + "\"}").expectProblem(413, "AVL-2005");
        players().insert("{\"id\":\"x\",\"userId\":\"x\",\"_version\":1}").expectProblem(400, "AVL-2006");
        players().insert("{\"id\":\"\",\"userId\":\"x\"}").expectProblem(400, "AVL-2007");
        players().insert("{\"id\":\"" + "x".repeat(1_024) + "\",\"userId\":\"x\"}").expectProblem(400, "AVL-2007");
        Rest.Answer missing = players().insert("{\"id\":\"x\"}");
        missing.expectProblem(400, "AVL-2008");
        assertThat(missing.string("message")).as("names the field").contains("userId");
        players().insert("{\"id\":\"x\",\"userId\":{}}").expectProblem(400, "AVL-2009");
        players().rest().call("PUT", players().document("x"), "{\"id\":\"y\",\"userId\":\"x\"}", Map.of()).expectProblem(400, "AVL-2010");
        players().insert("{\"id\":\"ana\",\"userId\":\"ana\"}").expectProblem(409, "AVL-2014");
        players().rest().call("PUT", players().document("ana"), "{\"id\":\"ana\",\"userId\":\"ana\"}", Map.of("if-match", "\"nonsense\""))
                .expectProblem(412, "AVL-2015");
        players().rest().call("PUT", players().document("x"), "{\"id\":\"x\",\"userId\":\"x\"}", Map.of("if-match", "*"))
                .expectProblem(404, "AVL-2013");
        players().rest().call("PUT", players().document("ana"), "{\"id\":\"ana\",\"userId\":\"ana\"}", Map.of("if-none-match", "*"))
                .expectProblem(412, "AVL-2015");
        players().rest().call("PATCH", players().document("ana"), "{\"ops\":[{\"op\":\"inc\",\"path\":\"/level\",\"value\":\"many\"}]}",
                Map.of()).expectProblem(400, "AVL-2012");
        players().rest().call("POST", players().documents() + "/batch", batch(101), Map.of()).expectProblem(400, "AVL-1010");
        new CollectionRest(players().rest(), "game", "nobody").insert("{\"id\":\"x\",\"userId\":\"x\"}").expectProblem(404, "AVL-5002");
        new CollectionRest(players().rest(), "nowhere", "players").insert("{\"id\":\"x\",\"userId\":\"x\"}").expectProblem(404, "AVL-5001");
        players().rest().post("/v1/databases", "{\"name\":\"Not a name\"}").expectProblem(400, "AVL-1013");
        players().rest().post("/v1/databases", "{\"name\":\"game\"}").expectProblem(409, "AVL-5004");
        players().rest().get("/v1/nothing").expectProblem(404, "AVL-1002");
        players().rest().call("DELETE", "/v1/status", "", Map.of()).expectProblem(405, "AVL-1003");
        players().rest().call("POST", players().documents(), "{\"id\":\"x\",\"userId\":\"x\"}", Map.of("content-type", "image/png"))
                .expectProblem(415, "AVL-1005");
        players().rest().call("GET", players().document("ana"), "", Map.of("x-aviladb-consistency", "perfect"))
                .expectProblem(400, "AVL-1007");
        Rest.Answer update = players().rest().call("PATCH", players().documents(), "{\"updates\":{\"level\":1}}", Map.of());
        update.expectProblem(400, "AVL-1012");
        assertThat(update.string("message")).isEqualTo("Update without WHERE clause requires explicit confirmation");
        Rest.Answer delete = players().rest().call("DELETE", players().documents(), "", Map.of());
        delete.expectProblem(400, "AVL-1012");
        assertThat(delete.string("message")).isEqualTo("Delete without WHERE clause is dangerous and not allowed");
        assertThat(players().all()).isEqualTo(before);
    }

    private static String batch(int documents) {
        return "{\"documents\":[" + IntStream.range(0, documents).mapToObj(n -> "{\"id\":\"b" + n + "\",\"userId\":\"b" + n + "\"}")
                .collect(Collectors.joining(",")) + "]}";
    }

    @Test
    @Order(5)
    void whatTheServerDoesNotDoYetItSays() {
        players().rest().get(players().path() + "/changes").expectProblem(501, "AVL-1006");
        players().rest().post("/v1/regions/us-east-1/fence", "").expectProblem(501, "AVL-1006");
        players().rest().post("/v1/databases/game/collections", "{\"name\":\"later\",\"partitionKey\":\"/id\",\"mode\":\"strong-global\"}")
                .expectProblem(501, "AVL-1006");
        players().rest().call("GET", players().document("ana"), "", Map.of("authorization", "Bearer x")).expectProblem(501, "AVL-1006");
    }

    @Test
    @Order(6)
    void theClusterFindsItselfTheSameEverywhere() {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(players().rest().get("/v1/verify").expect(200).value("verdict"))
                        .isEqualTo(new JsonString("identical")));
    }

    @Test
    @Order(6)
    void theLossOfARegionIsForetold() {
        Rest.Answer loss = players().rest().get("/v1/whatif?lose=sa-east-1").expect(200);
        assertThat(((JsonArray) loss.value("remaining")).elements()).containsExactly(new JsonString("us-east-1"),
                new JsonString("eu-west-1"));
        players().rest().get("/v1/whatif?lose=nowhere").expectProblem(404, "AVL-5017");
    }

    @Test
    @Order(6)
    void aReceiptTellsWhereItsWriteIs() {
        Rest.Answer written = players().rest().call("POST", players().documents(), "{\"id\":\"rita\",\"userId\":\"rita\"}",
                Map.of("x-aviladb-durability", "all")).expect(201);
        String receipt = ((JsonString) ((JsonObject) written.value("receipt")).get("id").orElseThrow()).value();
        assertThat(((JsonArray) players().rest().get("/v1/receipts/" + receipt).expect(200).value("regions")).elements()).hasSize(3);
        players().rest().get("/v1/receipts/r").expectProblem(400, "AVL-1001");
    }

    @Test
    @Order(6)
    void aBatchTellsTheFateOfEachDocument() {
        Rest.Answer mixed = players().rest().post(players().documents() + "/batch",
                "{\"documents\":[{\"id\":\"m1\",\"userId\":\"m1\"},{\"id\":\"m2\"},{\"id\":\"m3\",\"userId\":\"m3\"}]}").expect(207);
        assertThat(mixed.text()).contains("AVL-2008");
        players().get("m1").expect(200);
        players().get("m3").expect(200);
        Rest.Answer atomic = players().rest().post(players().documents() + "/batch",
                "{\"atomic\":true,\"documents\":[{\"id\":\"a1\",\"userId\":\"m1\"},{\"id\":\"m1\",\"userId\":\"m1\"}]}");
        assertThat(atomic.status()).as(atomic.text()).isGreaterThanOrEqualTo(400);
        players().rest().get(players().documents() + "/a1?partitionKey=" + Rest.encoded("[\"m1\"]")).expectProblem(404, "AVL-2013");
    }

    @Test
    @Order(7)
    void aReplayGetsTheFirstAnswerAndAnotherBodyIsAnError() {
        Map<String, String> key = Map.of("idempotency-key", "\"order-1\"; region=" + HOME);
        String body = "{\"userId\":\"davi\",\"level\":7}";
        Rest.Answer first = players().rest().call("POST", players().documents(), body, key).expect(201);
        Rest.Answer again = players().rest().call("POST", players().documents(), body, key).expect(201);
        assertThat(again.string("id")).isEqualTo(first.string("id"));
        assertThat(again.string("version")).isEqualTo(first.string("version"));
        players().rest().call("POST", players().documents(), "{\"userId\":\"davi\",\"level\":8}", key).expectProblem(422, "AVL-1014");
        players().rest().call("POST", players().documents(), "{\"id\":\"another\",\"userId\":\"another\",\"level\":8}", key)
                .expectProblem(422, "AVL-1014");
        assertThat(players().rest().get(players().documents() + "?partitionKeyPrefix=" + Rest.encoded("[\"davi\"]")).expect(200)
                .json().get("documents").map(all -> ((JsonArray) all).elements().size())).contains(1);
    }

    @Test
    @Order(8)
    void aListingTellsWhatItCovers() {
        CollectionRest many = new CollectionRest(players().rest(), "lists", "many");
        many.create("\"lww\"");
        assertThat(many.rest().post(many.documents() + "/batch", batch(100)).expect(201).json().get("ids")
                .map(ids -> ((JsonArray) ids).elements().size())).contains(100);
        Convergence.awaitCount(cluster.everywhere("lists", "many"), 100);
        for (String scope : List.of("LOCAL", "GLOBAL")) {
            int found = 0;
            String token = "";
            do {
                Rest.Answer page = many.rest().get(many.documents() + "?pageSize=33&scope=" + scope
                        + (token.isEmpty() ? "" : "&continuationToken=" + Rest.encoded(token))).expect(200);
                JsonObject coverage = (JsonObject) page.value("coverage");
                assertThat(coverage.toJson()).contains("\"complete\":true");
                assertThat(coverage.get("regions").map(regions -> ((JsonArray) regions).elements().size()))
                        .contains(scope.equals("LOCAL") ? 1 : 3);
                found += ((JsonArray) page.value("documents")).elements().size();
                token = page.value("continuationToken") instanceof JsonString next ? next.value() : "";
            } while (!token.isEmpty());
            assertThat(found).as(scope).isEqualTo(100);
        }
        many.rest().get(many.documents() + "?continuationToken=nonsense").expectProblem(400, "AVL-1008");
    }

    @Test
    @Order(9)
    void theClusterDescribesItself() {
        Rest.Answer api = players().rest().get("/v1/openapi.json").expect(200);
        assertThat(api.string("openapi")).startsWith("3.");
        assertThat(((JsonObject) api.value("paths")).members())
                .containsKey("/v1/databases/{db}/collections/{coll}/documents/{id}");
        Rest.Answer status = players().rest().get("/v1/status").expect(200);
        assertThat(status.string("region")).isEqualTo(HOME);
        assertThat(((JsonArray) status.value("nodes")).elements()).hasSize(9)
                .allSatisfy(node -> assertThat(node.toJson()).contains("\"state\":\"up\""));
        assertThat(((JsonArray) status.value("regions")).elements()).hasSize(3)
                .allSatisfy(region -> assertThat(region.toJson()).contains("\"reachable\":true"));
        assertThat(players().rest().get("/metrics").expect(200).text()).contains("aviladb_", "# TYPE");
        players().rest().get("/livez").expect(200);
        players().rest().get("/readyz?verbose").expect(200);
        assertThat(((JsonArray) players().rest().get(players().path() + "/ranges").expect(200).value("ranges")).elements()).isNotEmpty();
    }

    @Test
    @Order(10)
    void aCleanStopAndANewStartFindTheData() {
        String before = Convergence.awaitSameBytes(cluster.everywhere("game", "players"));
        cluster.stopCleanly();
        cluster = DevProcess.start("second", folder, "--data", folder.resolve("data").toString(), "--rtt", "none");
        assertThat(Convergence.awaitSameBytes(cluster.everywhere("game", "players"))).isEqualTo(before).isNotEmpty();
        Rest.Answer again = players().rest().call("POST", players().documents(), "{\"userId\":\"davi\",\"level\":7}",
                Map.of("idempotency-key", "\"order-1\"; region=" + HOME)).expect(201);
        assertThat(players("us-east-1").rest().call("GET", players().documents() + "/" + again.string("id") + "?partitionKey="
                + Rest.encoded("[\"davi\"]"), "", Map.of()).expect(200).text()).contains("\"level\":7");
        cluster.stopCleanly();
    }
}
