package io.aviladb.router;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.edge.FaultControl;
import io.aviladb.router.fake.FakeCluster;
import io.aviladb.router.server.RouterConfig;
import io.aviladb.router.server.RouterServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A router over a fake cluster, and a client that speaks plain HTTP to it. */
final class RouterFixture implements AutoCloseable {
    static final String PLAYERS = "/v1/databases/game/collections/players/documents";

    /** An answer as it came. */
    record Answer(int status, byte[] bytes, java.net.http.HttpHeaders headers) {
        String text() {
            return new String(bytes, UTF_8);
        }

        JsonObject json() {
            return (JsonObject) JsonParser.parse(bytes);
        }

        String code() {
            JsonValue code = json().getOrNull("reason");
            return code == null ? "" : code.toJson().replace("\"", "");
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    final FakeCluster cluster;
    final RouterServer server;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RouterFixture(FakeCluster cluster, int maxInFlight, Optional<FaultControl> faults) {
        this.cluster = cluster;
        RegionId region = cluster.regions.keySet().iterator().next();
        server = RouterServer.start(new RouterConfig(region, "", "127.0.0.1", 0, cluster.seeds(), Duration.ofSeconds(5), Optional.empty(),
                maxInFlight), cluster, faults);
        Awaitility.await().until(server::isReady);
        Awaitility.await()
                .until(() -> call("GET", "/v1/status", "").text().split("\"reachable\":true", -1).length > cluster.regions.size());
    }

    static RouterFixture of(String... regions) {
        return new RouterFixture(new FakeCluster(regions), RouterConfig.DEFAULT_MAX_IN_FLIGHT, Optional.empty());
    }

    /** With a database 'game' and a collection 'players' by {@code /userId}. */
    RouterFixture withPlayers() {
        call("POST", "/v1/databases", "{\"name\":\"game\"}");
        Answer made = call("POST", "/v1/databases/game/collections", "{\"name\":\"players\",\"partitionKey\":\"/userId\"}");
        if (made.status() != 201) {
            throw new AssertionError(made.text());
        }
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** @param headers names and values in turn */
    Answer call(String method, String path, String body, String... headers) {
        return call(method, path, body.getBytes(UTF_8), headers);
    }

    Answer call(String method, String path, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(30)).method(method,
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Answer insert(String id, String user) {
        return call("POST", PLAYERS, "{\"id\":\"" + id + "\",\"userId\":\"" + user + "\",\"level\":1}");
    }

    static String one(String id, String user) {
        return PLAYERS + "/" + id + "?partitionKey=%5B%22" + user + "%22%5D";
    }

    @Override
    public void close() {
        server.close();
        http.close();
    }
}
