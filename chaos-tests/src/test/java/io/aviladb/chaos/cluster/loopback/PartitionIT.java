package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.core.document.JsonNumber;
import java.nio.file.Path;
import java.util.Map;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A region is cut off under writes in all three. It keeps serving; healed, all regions hold the same bytes. */
class PartitionIT {
    private static final String CUT_OFF = "eu-west-1";
    private static final Duration CUT_FOR = Duration.ofSeconds(Boolean.getBoolean("avila.soak") ? 60 : 15);
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void anIsolatedRegionKeepsServingAndConvergesWhenHealed() {
        Path folder = Repository.folder("partition");
        try (DevProcess cluster = DevProcess.start("dev", folder, "--temporary", "--rtt", "none")) {
            List<CollectionRest> regions = cluster.everywhere("game", "players");
            CollectionRest isolated = new CollectionRest(cluster.rest(CUT_OFF), "game", "players");
            CollectionRest connected = regions.get(0);
            connected.create("{\"default\":\"lww\",\"fields\":{\"/wins\":\"counter\"}}");
            connected.insert("{\"id\":\"shared\",\"userId\":\"shared\",\"wins\":0}").expect(201);
            Convergence.awaitCount(regions, 1);

            try (Writers writers = Writers.start(regions, 2, Duration.ofSeconds(60))) {
                await().atMost(SOON).until(() -> regions.stream().allMatch(region -> writers.acknowledgedIn(region) >= 10));
                cluster.fault("{\"isolate\":\"" + CUT_OFF + "\"}");
                assertThat(connected.rest().get("/v1/faults").expect(200).text()).contains("\"isolated\":[\"" + CUT_OFF + "\"]");

                // The cut works: what is written on one side does not reach the other.
                connected.insert("{\"id\":\"outside\",\"userId\":\"outside\"}").expect(201);
                isolated.insert("{\"id\":\"inside\",\"userId\":\"inside\"}").expect(201);
                Rest.Answer majority = durable(connected, "majority", "majority").expect(201);
                assertThat(receipt(majority, "regions")).hasSize(2).doesNotContain(CUT_OFF);
                Rest.Answer all = durable(connected, "all", "all");
                all.expectProblem(504, "AVL-5018");
                String receipt = "/v1/receipts/" + ((JsonString) receipt(all).get("id").orElseThrow()).value();
                assertThat(names(connected.rest().get(receipt).expect(200).json(), "pending")).containsExactly(CUT_OFF);
                bounded(connected, "majority", 600_000).expect(200);
                bounded(connected, "majority", 1).expectProblem(503, "AVL-5019");
                int before = writers.acknowledgedIn(isolated);
                int others = writers.acknowledgedIn(connected);
                long end = System.nanoTime() + CUT_FOR.toNanos();
                await().atMost(CUT_FOR.plus(SOON)).pollInterval(Duration.ofMillis(250)).until(() -> {
                    isolated.get("outside").expectProblem(404, "AVL-2013");
                    connected.get("inside").expectProblem(404, "AVL-2013");
                    return System.nanoTime() > end;
                });
                assertThat(writers.acknowledgedIn(isolated)).as("the isolated region serves").isGreaterThan(before + 10);
                assertThat(writers.acknowledgedIn(connected)).as("the others serve").isGreaterThan(others + 10);

                cluster.fault("{\"heal\":true}");
                writers.stop();
                assertThat(writers.refusals()).isEmpty();
                assertThat(writers.unknown()).isEmpty();

                Convergence.awaitCount(regions, writers.acknowledgedCount() + 5L);
                String bytes = Convergence.awaitSameBytes(regions);
                assertThat(bytes).contains("\"inside\"", "\"outside\"", "\"majority\"", "\"all\"");
                assertThat(names(connected.rest().get(receipt).expect(200).json(), "pending")).as("the write of the 504 is everywhere")
                        .isEmpty();
                connected.insert("{\"id\":\"fresh\",\"userId\":\"fresh\"}").expect(201);
                bounded(isolated, "fresh", 0).expect(200);
                for (CollectionRest region : regions) {
                    assertThat(region.get(Writers.SHARED).expect(200).value("wins")).as("increments of all regions, in %s",
                            region.rest().endpoint()).isEqualTo(JsonNumber.of(writers.increments()));
                }
            }
            cluster.stopCleanly();
        }
    }

    private static Rest.Answer durable(CollectionRest region, String id, String durability) {
        return region.rest().call("POST", region.documents(), "{\"id\":\"" + id + "\",\"userId\":\"" + id + "\"}",
                Map.of("x-aviladb-durability", durability, "x-aviladb-timeout", "4000"));
    }

    private static Rest.Answer bounded(CollectionRest region, String id, long staleness) {
        return region.rest().call("GET", region.document(id), "", Map.of("x-aviladb-consistency", "bounded", "x-aviladb-max-staleness",
                Long.toString(staleness), "x-aviladb-timeout", "3000"));
    }

    private static JsonObject receipt(Rest.Answer answer) {
        return (JsonObject) answer.json().get("receipt").orElseThrow();
    }

    private static List<String> receipt(Rest.Answer answer, String member) {
        return names(receipt(answer), member);
    }

    private static List<String> names(JsonObject object, String member) {
        return ((JsonArray) object.get(member).orElseThrow()).elements().stream().map(name -> ((JsonString) name).value()).toList();
    }
}
