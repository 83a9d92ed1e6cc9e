package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.UnitResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A region, or a node, from which nothing comes any more, and to which no call fails: the worst that a network does. In virtual time. */
class SilentRegionTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RegionId OTHER = new RegionId("us-east-1");

    private final VirtualRouter router = new VirtualRouter(7, "sa-east-1", "us-east-1", "eu-west-1");

    @ParameterizedTest
    @ValueSource(ints = {1, 40, 150, 300})
    void aSilentRegionIsNoticedWithinTwoSeconds(int roundTripMillis) {
        router.cluster.nodes.keySet().stream().filter(node -> node.region().equals(OTHER))
                .forEach(node -> router.network.ways.put(node, Duration.ofMillis(roundTripMillis)));
        for (int moment = 0; moment < 40; moment++) {
            router.time.run(Duration.ofMillis(5_000 + 37L * moment)); // wherever in the ticks and polls it happens
            assertThat(router.tracker.isReachable(OTHER)).isTrue();
            router.silence("us-east-1");
            Duration noticed = router.time.until(() -> !router.tracker.isReachable(OTHER), LONG);
            assertThat(noticed).isLessThan(TWO_SECONDS);
            assertThat(router.tracker.isReachable(new RegionId("eu-west-1"))).isTrue();

            router.network.silent.clear();
            assertThat(router.time.until(() -> router.tracker.isReachable(OTHER), LONG)).isLessThan(TWO_SECONDS);
        }
    }

    @Test
    void aReadThatWaitsThereEndsInTimeForAnotherRegion() {
        CompletableFuture<ReadRouter.Answer<ReadReply>> answered = router.read("us-east-1", ReadConsistency.STRONG, LONG);
        router.time.until(answered::isDone, TWO_SECONDS);
        router.silence("us-east-1");
        CompletableFuture<ReadRouter.Answer<ReadReply>> read = router.read("us-east-1", ReadConsistency.STRONG, LONG);
        router.time.until(read::isDone, TWO_SECONDS);
        assertThat(VirtualRouter.failure(read)).isInstanceOfSatisfying(AvilaError.class,
                error -> assertThat(error.code()).isEqualTo(ErrorCode.REGION_UNREACHABLE));
    }

    @Test
    void aRequestThatAllowsAnotherRegionGoesOnThereWithinTwoSeconds() {
        router.silence("us-east-1");
        RequestTerms terms = new RequestTerms(VersionVector.EMPTY, ReadConsistency.STRONG, VersionVector.EMPTY, Durability.LOCAL,
                Deadline.in(router.time, LONG), List.of(OTHER, new RegionId("eu-west-1")));
        CompletableFuture<ReadRouter.Answer<ReadReply>> read = terms
                .serve(at -> router.read(at.region().name(), at.consistency(), LONG));
        router.time.until(read::isDone, TWO_SECONDS);
        assertThat(read.join().served().region()).isEqualTo(new RegionId("eu-west-1"));
    }

    @Test
    void aWriteThatWaitsThereIsIndeterminateAndOneThatComesLaterIsNotSent() {
        router.silence("us-east-1");
        CompletableFuture<UnitResult> waiting = router.write("us-east-1", LONG);
        router.time.until(waiting::isDone, TWO_SECONDS);
        assertThat(code(waiting)).isEqualTo(ErrorCode.INDETERMINATE);

        router.time.until(() -> !router.tracker.isReachable(OTHER), TWO_SECONDS);
        CompletableFuture<UnitResult> later = router.write("us-east-1", LONG);
        router.time.until(later::isDone, TWO_SECONDS);
        assertThat(code(later)).as("nothing was sent, so nothing can have happened").isEqualTo(ErrorCode.REGION_UNREACHABLE);
    }

    @Test
    void anEventualReadGoesToAnotherRegion() {
        router.silence("sa-east-1");
        CompletableFuture<ReadRouter.Answer<ReadReply>> read = router.read("sa-east-1", ReadConsistency.EVENTUAL, LONG);
        router.time.until(read::isDone, TWO_SECONDS);
        assertThat(read.join().served().region()).isNotEqualTo(new RegionId("sa-east-1"));
    }

    @Test
    void aSilentLeaderIsReplacedByTheOneThatTheOthersElect() {
        router.silence("sa-east-1/1");
        router.cluster.region("sa-east-1").leaders.replaceAll((group, leader) -> VirtualRouter.node("sa-east-1/2"));
        router.cluster.changed();
        CompletableFuture<ReadRouter.Answer<ReadReply>> read = router.read("sa-east-1", ReadConsistency.STRONG, LONG);
        router.time.until(read::isDone, TWO_SECONDS);
        assertThat(read.join().served().node()).isEqualTo("sa-east-1/2");
    }

    @Test
    void aProcessThatWasStoppedItselfBlamesNobody() {
        router.cluster.nodes.keySet().forEach(node -> router.network.ways.put(node, Duration.ofMillis(200)));
        for (int moment = 0; moment < 40; moment++) {
            CompletableFuture<UnitResult> write = router.write("us-east-1", LONG);
            router.time.stop(Duration.ofSeconds(5)); // questions are open, and their answers lie unread
            router.time.run(Duration.ofMillis(500 + 37L * moment));
            assertThat(write.join()).as("after stop " + moment).isInstanceOf(UnitResult.Answered.class);
            assertThat(router.tracker.isReachable(OTHER)).isTrue();
        }
    }

    private static ErrorCode code(CompletableFuture<UnitResult> result) {
        assertThat(result.join()).isInstanceOf(UnitResult.Failed.class);
        return ((UnitResult.Failed) result.join()).error().code();
    }
}
