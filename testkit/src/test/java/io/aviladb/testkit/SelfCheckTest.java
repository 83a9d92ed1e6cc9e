package io.aviladb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A healthy cluster is never accused: while three regions write the same documents against one another, delete them and let them expire, are cut apart and
 * healed, every check finds what it could compare to be the same.
 */
@AvilaCluster(regions = 3)
class SelfCheckTest {
    private static final String COLLECTION = "/v1/databases/game/collections/players";

    private final TestCluster cluster;
    private final HttpClient http = HttpClient.newHttpClient();
    private final long seed = Long.getLong("avila.seed", System.nanoTime());

    SelfCheckTest(TestCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    static void create(TestCluster cluster) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        assertThat(call(http, cluster, 0, "POST", "/v1/databases", "{\"name\":\"game\"}").statusCode()).isEqualTo(201);
        HttpResponse<String> made = call(http, cluster, 0, "POST", "/v1/databases/game/collections",
                "{\"name\":\"players\",\"partitionKey\":\"/userId\",\"mergePolicy\":{\"default\":\"lww\",\"fields\":{\"/wins\":\"counter\","
                        + "\"/tags\":\"add-wins-set\"},\"deletes\":\"update-wins\"}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    private static HttpResponse<String> call(HttpClient http, TestCluster cluster, int region, String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(cluster.endpoint(cluster.regions().get(region)) + path))
                .header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    /** One region's client. */
    private @Nullable Void write(int region, AtomicBoolean over, AtomicInteger written) throws Exception {
        Random random = new Random(seed + region);
        while (!over.get()) {
            String id = "d" + random.nextInt(60);
            String path = COLLECTION + "/documents/" + id + "?partitionKey=%5B%22u%22%5D";
            HttpResponse<String> answer = switch (random.nextInt(6)) {
                case 0 -> call(http, cluster, region, "DELETE", path, "");
                case 1 -> call(http, cluster, region, "PATCH", path, "{\"ops\":[{\"op\":\"inc\",\"path\":\"/wins\",\"value\":1}]}");
                case 2 -> call(http, cluster, region, "PATCH", path,
                        "{\"ops\":[{\"op\":\"addToSet\",\"path\":\"/tags\",\"value\":" + random.nextInt(9) + "}]}");
                case 3 -> call(http, cluster, region, "PUT", path,
                        "{\"id\":\"" + id + "\",\"userId\":\"u\",\"level\":" + random.nextInt(100) + ",\"wins\":0,\"tags\":[]}");
                default -> call(http, cluster, region, "PATCH", path,
                        "{\"ops\":[{\"op\":\"set\",\"path\":\"/f" + random.nextInt(5) + "\",\"value\":" + random.nextInt(100) + "}]}");
            };
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201, 204, 404, 503, 504);
            written.addAndGet(answer.statusCode() < 300 ? 1 : 0);
            call(http, cluster, region, "GET", path, "");
        }
        return null;
    }

    private String verify() throws Exception {
        return call(http, cluster, 0, "GET", "/v1/verify", "").body();
    }

    @Test
    void aHealthyClusterIsNeverAccused() throws Exception {
        System.out.println("seed " + seed);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        AtomicInteger written = new AtomicInteger();
        AtomicInteger compared = new AtomicInteger();
        try {
            List<Future<Void>> clients = new ArrayList<>();
            for (int region = 0; region < 3; region++) {
                int of = region;
                clients.add(pool.submit(() -> write(of, over, written)));
            }
            for (int round = 0; round < 6; round++) {
                if (round == 2) {
                    cluster.cut(cluster.regions().get(0), cluster.regions().get(1));
                } else if (round == 4) {
                    cluster.heal();
                }
                int enough = written.get() + 100;
                await().atMost(Duration.ofMinutes(2)).until(() -> written.get() >= enough);
                String report = verify();
                assertThat(report).doesNotContain("\"divergent\"", "\"violated\",\"region\"");
                compared.addAndGet(report.contains("\"verdict\":\"identical\",\"documents\":0,") ? 0 : 1);
            }
            over.set(true);
            for (Future<Void> client : clients) {
                client.get();
            }
        } finally {
            over.set(true);
            pool.shutdownNow();
        }
        assertThat(compared.get()).as("checks that had something to compare").isPositive();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(verify()).startsWith("{\"verdict\":\"identical\"").doesNotContain("\"checkedReads\":0,"));
    }
}
