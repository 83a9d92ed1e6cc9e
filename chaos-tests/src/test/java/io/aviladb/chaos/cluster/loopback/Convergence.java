package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** Regions converge: once nobody writes, all of them list the same documents, byte for byte. */
public final class Convergence {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private Convergence() {
    }

    public static void awaitCount(List<CollectionRest> regions, long count) {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(500)).untilAsserted(
                () -> assertThat(regions).allSatisfy(region -> assertThat(region.count()).as(region.rest().endpoint()).isEqualTo(count)));
    }

    /** Waits until all list the same; returns what they list. */
    public static String awaitSameBytes(List<CollectionRest> regions) {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(500))
                .until(() -> regions.stream().map(CollectionRest::all).distinct().count() == 1);
        return regions.get(0).all();
    }
}
