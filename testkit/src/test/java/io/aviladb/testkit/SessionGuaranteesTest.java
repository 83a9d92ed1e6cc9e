package io.aviladb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.client.AvilaClient;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionSpec;
import io.aviladb.client.error.AvilaException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The four guarantees of a session that begins in one region and goes on in another, its token handed over in a JSON document. Source: Terry and
 * others, <em>Session Guarantees for Weakly Consistent Replicated Data</em>, 1994. While the regions are cut apart, the other region lacks what the
 * session has seen: it must refuse, and a client without the session shows that there was something to refuse.
 */
@AvilaCluster(regions = 2)
class SessionGuaranteesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final String HERE = "sa-east-1";
    private static final String THERE = "us-east-1";

    private final TestCluster cluster;
    private final List<AvilaClient> clients = new ArrayList<>();

    SessionGuaranteesTest(TestCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    static void create(AvilaClient client) {
        client.databases().create("game").createCollection(CollectionSpec.single("players", "/userId"));
    }

    @AfterEach
    void end() {
        clients.forEach(AvilaClient::close);
        cluster.heal();
    }

    private AvilaClient client(String region) {
        AvilaClient client = cluster.newClient(region);
        clients.add(client);
        return client;
    }

    private static Collection players(AvilaClient client) {
        return client.database("game").collection("players");
    }

    /** The session goes on elsewhere: all that travels is a JSON document. */
    private AvilaClient handOver(AvilaClient from) {
        String json = new JsonObject(Map.of("session", new JsonString(from.sessionToken()), "cart", new JsonString("7"))).toJson();
        JsonObject received = (JsonObject) JsonParser.parse(json.getBytes(StandardCharsets.UTF_8));
        AvilaClient to = client(THERE);
        to.resumeSession(((JsonString) received.get("session").orElseThrow()).value());
        return to;
    }

    private static Document player(String id, int level) {
        return Document.of("id", id, "userId", id, "level", level);
    }

    private static String level(AvilaClient client, String id) {
        return players(client).find(id, id).map(found -> found.document().root().get("level").orElseThrow().toJson()).orElse("none");
    }

    private void isRefused(AvilaClient client, String id) {
        assertThatThrownBy(() -> players(client).withTimeout(SHORT).find(id, id)).isInstanceOf(AvilaException.class);
    }

    private void awaitThere(String id, String level) {
        await().atMost(SOON).until(() -> level(client(THERE), id).equals(level));
    }

    @Test
    void readYourWrites() {
        AvilaClient session = client(HERE);
        players(session).insert(player("first", 1)); // connections are made
        awaitThere("first", "1");
        cluster.cut(HERE, THERE);
        players(session).insert(player("ryw", 1));
        AvilaClient there = handOver(session);
        isRefused(there, "ryw");
        assertThat(level(client(THERE), "ryw")).as("without the session").isEqualTo("none");
        cluster.heal();
        assertThat(level(there, "ryw")).isEqualTo("1");
    }

    @Test
    void monotonicReads() {
        AvilaClient writer = client(HERE);
        players(writer).insert(player("mr", 1));
        awaitThere("mr", "1");
        cluster.cut(HERE, THERE);
        players(writer).upsert(player("mr", 2));
        AvilaClient session = client(HERE);
        assertThat(level(session, "mr")).isEqualTo("2");
        AvilaClient there = handOver(session);
        isRefused(there, "mr");
        assertThat(level(client(THERE), "mr")).as("without the session").isEqualTo("1");
        cluster.heal();
        assertThat(level(there, "mr")).isEqualTo("2");
    }

    @Test
    void monotonicWrites() {
        AvilaClient session = client(HERE);
        cluster.cut(HERE, THERE);
        players(session).insert(player("mw", 1));
        AvilaClient there = handOver(session);
        assertThatThrownBy(() -> players(there).withTimeout(SHORT).upsert(player("mw", 2))).as("its first write isn't there yet")
                .isInstanceOf(AvilaException.class);
        players(client(THERE)).insert(player("mw-other", 1)); // without the session nothing has to be waited for
        cluster.heal();
        players(there).upsert(player("mw", 3));
        assertThat(level(there, "mw")).isEqualTo("3");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(level(client(HERE), "mw")).isEqualTo("3");
            assertThat(level(client(THERE), "mw")).isEqualTo("3");
        });
    }

    @Test
    void writesFollowReads() {
        AvilaClient writer = client(HERE);
        cluster.cut(HERE, THERE);
        players(writer).insert(player("question", 1));
        AvilaClient session = client(HERE);
        assertThat(level(session, "question")).isEqualTo("1");
        AvilaClient there = handOver(session);
        assertThatThrownBy(() -> players(there).withTimeout(SHORT).insert(player("answer", 1))).as("what it answers isn't there yet")
                .isInstanceOf(AvilaException.class);
        cluster.heal();
        players(there).upsert(player("answer", 2));
        AvilaClient reader = client(THERE);
        assertThat(level(reader, "answer")).isEqualTo("2");
        assertThat(level(reader, "question")).as("whoever sees the answer sees the question").isEqualTo("1");
    }
}
