package io.aviladb.chaos.cluster.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.chaos.cluster.loopback.CollectionRest;
import io.aviladb.chaos.cluster.loopback.Convergence;
import io.aviladb.chaos.cluster.loopback.Writers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.testcontainers.DockerClientFactory;

/**
 * The published compose file as nine containers of the image that {@code deploy} builds: what only containers show. Without a daemon the tests are
 * skipped, and counted, unless {@code -Davila.chaos.require=docker} makes that a failure, as CI does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainersIT {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PACE = Duration.ofMillis(20);
    private static final int SOME = 20;

    private Optional<ContainerCluster> running = Optional.empty();

    @BeforeAll
    void start() throws IOException {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            running = Optional.of(ContainerCluster.start());
        }
    }

    @BeforeEach
    void requireDocker() {
        if (running.isEmpty()) {
            boolean required = System.getProperty("avila.chaos.require", "").contains("docker");
            assertThat(required).as("no Docker daemon answers: chaos-tests/docker-for-tests.sh up").isFalse();
            Assumptions.abort("no Docker daemon answers: chaos-tests/docker-for-tests.sh up");
        }
    }

    @AfterAll
    void stop() {
        running.ifPresent(ContainerCluster::close);
    }

    @Test
    @Order(1)
    void aDocumentWrittenInOneRegionIsReadInTheOthers() {
        List<CollectionRest> regions = cluster().everywhere("shop", "orders");
        regions.get(0).create("\"lww\"");
        regions.get(0).insert("{\"id\":\"o1\",\"userId\":\"o1\",\"total\":10.5}").expect(201);
        Convergence.awaitCount(regions, 1);
        assertThat(Convergence.awaitSameBytes(regions)).contains("\"total\":10.5");
    }

    @Test
    @Order(2)
    void nothingAcknowledgedIsLostWhenAContainerOfEachRegionIsKilledAndStartsAgain() throws IOException {
        List<CollectionRest> regions = writable("kills");
        List<NodeContainer> victims = List.of(cluster().region(0).get(1), cluster().region(1).get(1), cluster().region(2).get(1));
        try (Writers writers = Writers.start(regions, 1, PATIENCE, PACE)) {
            writers.awaitProgress(regions, SOME, SOON);
            victims.forEach(NodeContainer::killNow);
            assertThat(victims).noneMatch(NodeContainer::runs);
            writers.awaitProgress(regions, SOME, SOON);
            victims.forEach(NodeContainer::startAgain);
            writers.awaitProgress(regions, SOME, SOON);
            await().atMost(SOON).until(() -> victims.stream().allMatch(ContainerCluster::isReady));
            check(regions, writers);
        }
        CollectionRest atVictim = new CollectionRest(victims.get(0).rest(), "kills", "players");
        assertThat(Convergence.awaitSameBytes(List.of(regions.get(0), atVictim))).as("its volume outlived it").contains("\"w0-0-0\"");
    }

    @Test
    @Order(3)
    void aRegionWhosePacketsAreDroppedServesAndConvergesOnceHealed() throws IOException {
        List<CollectionRest> regions = writable("cut");
        List<NodeContainer> alone = cluster().region(2);
        try (Writers writers = Writers.start(regions, 1, PATIENCE, PACE)) {
            writers.awaitProgress(regions, SOME, SOON);
            PacketFilter.cut(alone, cluster().allBut(alone));
            long dropped;
            try {
                String during = "w2-0-" + (writers.acknowledgedIn(regions.get(2)) + SOME / 2); // not begun yet
                writers.awaitProgress(regions, SOME, SOON);
                regions.get(2).get(during).expect(200);
                regions.get(0).get(during).expect(404); // nothing passes
            } finally {
                dropped = PacketFilter.heal(cluster().nodes());
            }
            assertThat(dropped).as("packets that the cut dropped").isPositive();
            check(regions, writers);
        }
    }

    @Test
    @Order(4)
    void aContainerStopsCleanlyWithinItsGracePeriod() {
        assertThat(cluster().region(1).get(2).stopCleanly()).as("status; 137 would be a kill").isZero();
    }

    private ContainerCluster cluster() {
        return running.orElseThrow();
    }

    private List<CollectionRest> writable(String database) {
        List<CollectionRest> regions = cluster().everywhere(database, "players");
        regions.get(0).create("{\"default\":\"lww\",\"fields\":{\"/wins\":\"counter\"}}");
        regions.get(0).insert("{\"id\":\"shared\",\"userId\":\"shared\",\"wins\":0}").expect(201);
        Convergence.awaitCount(regions, 1);
        return regions;
    }

    /** Everything acknowledged is everywhere, and nothing twice. */
    private static void check(List<CollectionRest> regions, Writers writers) {
        writers.stop();
        assertThat(writers.refusals()).isEmpty();
        assertThat(writers.unknown()).isEmpty();
        Convergence.awaitCount(regions, writers.acknowledgedCount() + 1L);
        String all = Convergence.awaitSameBytes(regions);
        assertThat(writers.acknowledged()).allSatisfy(id -> assertThat(all).contains("\"id\":\"" + id + "\""));
        assertThat(all).contains("\"wins\":" + writers.increments());
    }
}
