package io.aviladb.cli.load;

import com.sun.net.httpserver.HttpServer;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes batches like a router: once for each idempotency key, and ids once each. Can be told to fail. */
final class FakeRouter implements AutoCloseable {
    final Map<String, JsonArray> answered = new ConcurrentHashMap<>();
    final Map<String, JsonObject> documents = new ConcurrentHashMap<>();
    final AtomicInteger requests = new AtomicInteger();
    /** Requests from this one on, counted from 1, are refused as unavailable for ever. */
    volatile int dieAfter = Integer.MAX_VALUE;
    /** Every n-th request is applied, and its answer is lost behind a 503. */
    volatile int loseEvery = Integer.MAX_VALUE;

    private final HttpServer server;

    FakeRouter() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            int number = requests.incrementAndGet();
            JsonObject answer = number > dieAfter ? unavailable() : batch(key, body);
            answer = number % loseEvery == 0 ? unavailable() : answer;
            byte[] text = answer.toJsonBytes();
            exchange.sendResponseHeaders(answer.get("code").isPresent() ? 503 : 207, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    private static JsonObject unavailable() {
        return Json.object("code", "AVL-5003", "message", "no leader", "retryable", true);
    }

    private JsonObject batch(String key, byte[] body) {
        JsonArray results = answered.computeIfAbsent(key, first -> {
            List<JsonValue> list = new ArrayList<>();
            for (JsonObject document : Json.objects((JsonObject) JsonParser.parse(body), "documents")) {
                boolean known = documents.putIfAbsent(Json.string(document, "id", ""), document) != null;
                list.add(known
                        ? Json.object("status", 409, "code", "AVL-2014", "message", "exists")
                        : Json.object("status", 201));
            }
            return new JsonArray(list);
        });
        return Json.object("results", results);
    }

    ApiClient client() {
        return new ApiClient(ClusterUrl.parse("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
