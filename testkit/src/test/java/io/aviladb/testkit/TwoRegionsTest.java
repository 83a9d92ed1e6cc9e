package io.aviladb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.client.AvilaClient;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionSpec;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The testkit as its users see it: what two regions do while they are apart. */
@AvilaCluster(regions = 2)
class TwoRegionsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String HERE = "sa-east-1";
    private static final String THERE = "us-east-1";
    private final TestCluster cluster;

    TwoRegionsTest(TestCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    static void create(AvilaClient client) {
        client.databases().create("game").createCollection(CollectionSpec.single("players", "/userId"));
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    @Test
    void whatOneRegionWritesTheOtherReads(AvilaClient client) {
        assertThat(cluster.regions()).containsExactly(HERE, THERE);
        assertThat(cluster.nodes(THERE)).containsExactly("us-east-1/1");
        client.database("game").collection("players").insert(Document.of("id", "ana", "userId", "ana", "level", 42));
        awaitThere("ana");
    }

    @Nested
    class WhileARegionIsIsolated {
        @Test
        void bothServeAndConvergeOnceItIsHealed() {
            insert(HERE, "before");
            awaitThere("before"); // else the isolation would prove nothing
            cluster.isolate(THERE);
            insert(HERE, "here");
            insert(THERE, "there");
            assertThat(has(THERE, "there")).isTrue();
            assertThat(has(THERE, "here")).isFalse();
            assertThat(has(HERE, "there")).isFalse();
            cluster.heal();
            awaitThere("here");
            await().atMost(SOON).until(() -> has(HERE, "there"));
        }
    }

    @Test
    void anotherPlaceIsRefused() {
        assertThatThrownBy(() -> cluster.kill("mars")).isInstanceOf(AvilaError.class).hasMessageContaining("mars");
        assertThatThrownBy(() -> cluster.client("mars")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(List.of(HERE, THERE).toString());
    }

    private Collection players(String region) {
        return cluster.client(region).database("game").collection("players");
    }

    private void insert(String region, String id) {
        players(region).insert(Document.of("id", id, "userId", id));
    }

    private boolean has(String region, String id) {
        return players(region).with(ReadConsistency.STRONG).find(id, id).isPresent();
    }

    private void awaitThere(String id) {
        await().atMost(SOON).until(() -> has(THERE, id));
    }
}
