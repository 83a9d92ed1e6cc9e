package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonNumber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes are processes of their own and die by kill -9, one in each region and then all at once. Nothing acknowledged is lost. */
class CrashIT {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int SOME = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Three JVMs start beside six others while clients write, on two cores. */
    private static final Duration PACE = Duration.ofMillis(20);
    private static final String KEY = "\"first\"; region=sa-east-1";

    @Test
    void nothingAcknowledgedIsLostWhenNodesAndThenAllProcessesAreKilled() {
        Path folder = Repository.folder("crash");
        String data = folder.resolve("data").toString();
        long documents;
        int increments;
        Set<String> acknowledged;
        Rest.Answer first;
        try (DevProcess cluster = DevProcess.start("first", folder, "--data", data, "--rtt", "none", "--processes")) {
            assertThat(cluster.regions().stream().flatMap(region -> region.nodes().stream()).map(DevProcess.Node::pid).distinct())
                    .as("a process for each node").hasSize(9);
            List<CollectionRest> regions = cluster.everywhere("game", "players");
            CollectionRest home = regions.get(0);
            home.create("{\"default\":\"lww\",\"fields\":{\"/wins\":\"counter\"}}");
            home.insert("{\"id\":\"shared\",\"userId\":\"shared\",\"wins\":0}").expect(201);
            first = home.rest().call("POST", home.documents(), "{\"userId\":\"ana\"}", Map.of("idempotency-key", KEY)).expect(201);
            Convergence.awaitCount(regions, 2);

            try (Writers writers = Writers.start(regions, 1, PATIENCE, PACE)) {
                writers.awaitProgress(regions, SOME, SOON);
                // These three are also the catalog's only replicas: a node comes back although it finds none of the others.
                for (DevProcess.Region region : cluster.regions()) {
                    ChildProcess.kill(region.nodes().get(0).pid());
                }
                writers.awaitProgress(regions, SOME, SOON); // a majority of each region goes on
                for (DevProcess.Region region : cluster.regions()) {
                    cluster.fault("{\"restart\":\"" + region.nodes().get(0).id() + "\"}");
                }
                writers.awaitProgress(regions, SOME, SOON);
                writers.stop();
                assertThat(writers.refusals()).isEmpty();
                assertThat(writers.unknown()).isEmpty();
                acknowledged = writers.acknowledged();
                increments = writers.increments();
            }
            documents = acknowledged.size() + 2L;
            assertThat(cluster.errors()).isEmpty();
            cluster.killAll(); // before the regions have told each other everything
        }
        try (DevProcess cluster = DevProcess.start("second", folder, "--data", data, "--rtt", "none", "--processes")) {
            List<CollectionRest> regions = cluster.everywhere("game", "players");
            Convergence.awaitCount(regions, documents);
            String all = Convergence.awaitSameBytes(regions);
            assertThat(acknowledged).allSatisfy(id -> assertThat(all).contains("\"id\":\"" + id + "\""));
            for (CollectionRest region : regions) {
                assertThat(region.get(Writers.SHARED).expect(200).value("wins")).isEqualTo(JsonNumber.of(increments));
            }
            CollectionRest home = regions.get(0);
            Rest.Answer again = home.rest().call("POST", home.documents(), "{\"userId\":\"ana\"}", Map.of("idempotency-key", KEY))
                    .expect(201);
            assertThat(again.string("version")).as("a replay gets the first answer").isEqualTo(first.string("version"));
            assertThat(home.count()).isEqualTo(documents);
            cluster.stopCleanly();
        }
    }
}
