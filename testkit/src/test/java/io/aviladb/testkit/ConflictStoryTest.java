package io.aviladb.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.client.AvilaClient;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The story of a conflict, from the cut link to its resolution, as a newcomer would live it with curl. The test prints it. */
@AvilaCluster(regions = 2)
class ConflictStoryTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String SAO_PAULO = "sa-east-1";
    private static final String VIRGINIA = "us-east-1";
    private static final String KEY = "?partitionKey=%5B%22ana%22%5D";

    private final TestCluster cluster;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> story = new ArrayList<>();

    ConflictStoryTest(TestCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    static void create(AvilaClient client) {
        client.databases().create("game");
    }

    @AfterEach
    void print() {
        cluster.heal();
        System.out.println(String.join(System.lineSeparator(), story));
    }

    private void tell(String sentence) {
        story.add(sentence);
    }

    private HttpResponse<String> send(String region, String method, String path, String body) throws IOException, InterruptedException {
        URI uri = URI.create(cluster.endpoint(region).replaceFirst("^aviladb://", "http://") + "/v1/databases/" + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(SOON).header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** As above, and told. */
    private HttpResponse<String> call(String region, String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(region, method, path, body);
        tell("  " + region + "> " + method + " " + path + (body.isEmpty() ? "" : " " + body));
        tell("    " + answer.statusCode() + " " + answer.body());
        return answer;
    }

    private static JsonObject json(HttpResponse<String> answer) {
        return (JsonObject) JsonParser.parse(answer.body().getBytes(UTF_8));
    }

    private void create(String collection, String policy) throws IOException, InterruptedException {
        assertThat(call(SAO_PAULO, "POST", "game/collections",
                "{\"name\":\"" + collection + "\",\"partitionKey\":\"/user\",\"mergePolicy\":" + policy + "}").statusCode()).isEqualTo(201);
    }

    private void awaitBoth(String path, String part) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(send(SAO_PAULO, "GET", path, "").body()).contains(part);
            assertThat(send(VIRGINIA, "GET", path, "").body()).contains(part);
        });
    }

    @Test
    void twoRegionsWriteOneNameAndAPersonDecides() throws Exception {
        tell("Two regions hold the collection 'players', in which a person decides what becomes of conflicts.");
        create("players", "\"manual\"");
        String one = "game/collections/players/documents/1";
        call(SAO_PAULO, "POST", "game/collections/players/documents", "{\"id\":\"1\",\"user\":\"ana\",\"name\":\"Ana\"}");
        awaitBoth(one + KEY, "\"Ana\"");

        tell("The line between the regions is cut. Both go on, and neither knows what the other writes.");
        cluster.cut(SAO_PAULO, VIRGINIA);
        assertThat(call(SAO_PAULO, "PUT", one + KEY, "{\"id\":\"1\",\"user\":\"ana\",\"name\":\"Bia\"}").statusCode()).isEqualTo(200);
        assertThat(call(VIRGINIA, "PUT", one + KEY, "{\"id\":\"1\",\"user\":\"ana\",\"name\":\"Eva\"}").statusCode()).isEqualTo(200);

        tell("The line is back. Both regions get the other's version, see that neither had seen the other, and keep both.");
        cluster.heal();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(send(SAO_PAULO, "GET", one + KEY, "").headers().firstValue("X-AvilaDB-Siblings")).isPresent();
            assertThat(send(VIRGINIA, "GET", one + KEY, "").headers().firstValue("X-AvilaDB-Siblings")).isPresent();
        });
        HttpResponse<String> here = call(SAO_PAULO, "GET", one + KEY, "");
        HttpResponse<String> there = call(VIRGINIA, "GET", one + KEY, "");
        assertThat(there.body()).as("every region shows the same one").isEqualTo(here.body());
        String siblings = here.headers().firstValue("X-AvilaDB-Siblings").orElseThrow();
        tell("    X-AvilaDB-Siblings: " + siblings);

        tell("Nothing is lost: each version can be read, the conflict is recorded and explained alike in both regions.");
        List<String> bodies = new ArrayList<>();
        for (String version : siblings.split(", ", -1)) {
            bodies.add(call(SAO_PAULO, "GET", one + KEY + "&version=" + version, "").body());
        }
        assertThat(bodies).hasSize(2).anyMatch(body -> body.contains("Bia")).anyMatch(body -> body.contains("Eva"));
        JsonArray recorded = (JsonArray) json(send(SAO_PAULO, "GET", one + "/conflicts" + KEY, "")).get("conflicts").orElseThrow();
        JsonObject conflict = (JsonObject) recorded.elements().get(0);
        String explanation = "game/collections/players/conflicts/" + text(conflict.get("id").orElseThrow());
        assertThat(call(SAO_PAULO, "GET", explanation, "").body()).isEqualTo(send(VIRGINIA, "GET", explanation, "").body());

        tell("Whoever writes without having looked is told to look.");
        assertThat(call(VIRGINIA, "PATCH", one + KEY, "{\"ops\":[{\"op\":\"set\",\"path\":\"/level\",\"value\":2}]}").statusCode())
                .isEqualTo(409);

        tell("Somebody makes one document of the two. It stands in both regions; deciding a second time is too late.");
        String decision = "{\"document\":{\"id\":\"1\",\"user\":\"ana\",\"name\":\"Eva Bia\"},\"versions\":[\""
                + siblings.replace(", ", "\",\"")
                + "\"]}";
        assertThat(call(VIRGINIA, "POST", one + "/resolve" + KEY, decision).statusCode()).isEqualTo(200);
        awaitBoth(one + KEY, "\"Eva Bia\"");
        assertThat(call(SAO_PAULO, "GET", one + KEY, "").headers().firstValue("X-AvilaDB-Siblings")).isEmpty();
        assertThat(call(SAO_PAULO, "POST", one + "/resolve" + KEY, decision).statusCode()).isEqualTo(409);
    }

    @Test
    void anExpressionThatKeepsTheLawsMergesAlikeInBothRegionsAndOthersAreRefused() throws Exception {
        tell("A collection merges by an expression. An average is no merge: the server shows three documents that prove it.");
        HttpResponse<String> average = call(SAO_PAULO, "POST", "game/collections", "{\"name\":\"scores\",\"partitionKey\":\"/user\","
                + "\"mergePolicy\":{\"default\":{\"custom\":\"{'v': (local.v + remote.v) / 2}\"}}}");
        assertThat(average.statusCode()).isEqualTo(422);
        assertThat(average.body()).contains("ASSOCIATIVITY", "\"documents\":[{\"v\":0},{\"v\":0},{\"v\":1}]");

        tell("The greatest value and the union of tags are; the rest of a document is merged field by field.");
        create("scores", "{\"default\":{\"custom\":\"{'v': GREATEST(local.v, remote.v), 'tags': MERGE_UNION(local.tags, remote.tags)}\"}}");
        String one = "game/collections/scores/documents/1";
        call(SAO_PAULO, "POST", "game/collections/scores/documents", "{\"id\":\"1\",\"user\":\"ana\",\"v\":1,\"tags\":[],\"note\":\"\"}");
        awaitBoth(one + KEY, "\"v\":1");
        cluster.cut(SAO_PAULO, VIRGINIA);
        call(SAO_PAULO, "PATCH", one + KEY,
                "{\"ops\":[{\"op\":\"set\",\"path\":\"/v\",\"value\":7},{\"op\":\"set\",\"path\":\"/tags\",\"value\":[\"a\"]}]}");
        call(VIRGINIA, "PATCH", one + KEY,
                "{\"ops\":[{\"op\":\"set\",\"path\":\"/v\",\"value\":5},{\"op\":\"set\",\"path\":\"/tags\",\"value\":[\"b\"]},"
                        + "{\"op\":\"set\",\"path\":\"/note\",\"value\":\"x\"}]}");
        cluster.heal();
        awaitBoth(one + KEY, "{\"id\":\"1\",\"user\":\"ana\",\"v\":7,\"tags\":[\"a\",\"b\"],\"note\":\"x\"}");
        call(VIRGINIA, "GET", one + KEY, "");
        JsonArray recorded = (JsonArray) json(send(VIRGINIA, "GET", one + "/conflicts" + KEY, "")).get("conflicts").orElseThrow();
        assertThat(recorded.elements()).hasSize(1);
        assertThat(recorded.toJson()).contains("\"certificate\":{\"hash\":");
    }

    private static String text(JsonValue value) {
        return ((JsonString) value).value();
    }
}
