package io.aviladb.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.router.VirtualRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that any of three replicas may serve, while one of them is slow, fails or flaps: what clients wait, and what it costs. In virtual time. */
class RoutingSimulation {
    private static final RegionId HOME = new RegionId("sa-east-1");
    private static final NodeId ONE = new NodeId(HOME, 1);
    private static final NodeId TWO = new NodeId(HOME, 2);
    private static final NodeId THREE = new NodeId(HOME, 3);
    private static final int PER_SECOND = 500;

    /** A router and what its reads came to. */
    private static final class Run {
        final VirtualRouter router;
        final ReadRouter reads;
        final Random random;
        final List<Duration> took = new ArrayList<>();
        final Map<String, Integer> by = new HashMap<>();
        final List<RoutingDecision> decisions = new ArrayList<>();
        int failed;

        Run(long seed, boolean hedging) {
            router = new VirtualRouter(seed, "sa-east-1", "us-east-1");
            random = new Random(seed * 31 + 1);
            Budget hedges = hedging ? Budget.hedges(router.time) : new Budget(router.time, 0, 0, 0);
            reads = new ReadRouter(router.tracker, router.time, RandomSource.of(new Random(seed + 17)), hedges,
                    Budget.retries(router.time));
            router.cluster.nodes.keySet().forEach(node -> router.network.service.put(node, this::usual));
        }

        /** A millisecond, give or take. */
        Duration usual() {
            return Duration.ofNanos((long) (700_000 - 300_000 * Math.log(1 - random.nextDouble())));
        }

        /** Now and then a hundred milliseconds. */
        Supplier<Duration> hiccups(double share) {
            return () -> random.nextDouble() < share ? Duration.ofMillis(100) : usual();
        }

        void go(Duration time) {
            long end = router.time.nanos() + time.toNanos();
            while (router.time.nanos() < end) {
                router.time.run(Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * 1e9 / PER_SECOND)));
                long begun = router.time.nanos();
                CompletableFuture<ReadRouter.Answer<ReadReply>> read = reads.read(HOME, VirtualRouter.key("a"), ReadConsistency.EVENTUAL,
                        VersionVector.EMPTY, Deadline.in(router.time, Duration.ofSeconds(10)));
                read.whenComplete((answer, failure) -> {
                    if (failure != null) {
                        failed++;
                        return;
                    }
                    took.add(Duration.ofNanos(router.time.nanos() - begun));
                    by.merge(answer.served().node(), 1, Integer::sum);
                    decisions.add(java.util.Objects.requireNonNull(answer.served().decision()));
                });
            }
            router.time.run(Duration.ofSeconds(1));
            assertThat(reads.hedges().taken()).as("the budget of hedges").isLessThanOrEqualTo(10 + reads.hedges().requests() / 20);
        }

        Duration p99() {
            List<Duration> sorted = took.stream().sorted(Comparator.naturalOrder()).toList();
            return sorted.get(sorted.size() * 99 / 100);
        }

        double share(NodeId node) {
            return (double) by.getOrDefault(node.toString(), 0) / took.size();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hiccupsOfAllReplicasAreHiddenByHedgesWithinTheBudget(long seed) {
        Run with = new Run(seed, true);
        Run without = new Run(seed, false);
        for (Run run : List.of(with, without)) {
            run.router.cluster.nodes.keySet().forEach(node -> run.router.network.service.put(node, run.hiccups(0.03)));
            run.go(Duration.ofSeconds(40));
            assertThat(run.failed).isZero();
            int arrived = run.router.network.reads.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(arrived - run.took.size()).as("second questions that arrived").isLessThanOrEqualTo(10 + run.took.size() / 20);
        }
        assertThat(without.p99()).isGreaterThan(Duration.ofMillis(90));
        assertThat(with.p99()).isLessThan(Duration.ofMillis(20));
        assertThat(with.reads.hedges().taken()).isPositive();
        assertThat(without.reads.hedges().taken()).isZero();
        System.out.printf("seed %d, 3 %% of answers take 100 ms: p99 %d µs without hedges, %d µs with %.1f %% of them%n", seed,
                without.p99().toNanos() / 1_000, with.p99().toNanos() / 1_000,
                100.0 * with.reads.hedges().taken() / with.reads.hedges().requests());
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void aSlowReplicaIsLeftOutAndComesBackWhenItIsWell(long seed) {
        Run run = new Run(seed, true);
        run.go(Duration.ofSeconds(5));
        assertThat(List.of(run.share(ONE), run.share(TWO), run.share(THREE))).as("load is shared").allMatch(share -> share > 0.1);

        run.router.network.service.put(TWO, () -> Duration.ofMillis(80));
        run.took.clear();
        run.by.clear();
        run.go(Duration.ofSeconds(20));
        System.out.printf("seed %d, one of three replicas takes 80 ms: p99 %d µs, %.2f %% of reads there%n", seed,
                run.p99().toNanos() / 1_000, 100 * run.share(TWO));
        assertThat(run.share(TWO)).isLessThan(0.01);
        assertThat(run.p99()).isLessThan(Duration.ofMillis(20));

        run.router.network.service.put(TWO, run::usual);
        run.go(Duration.ofSeconds(40)); // the next trial
        run.by.clear();
        run.took.clear();
        run.go(Duration.ofSeconds(10));
        assertThat(run.share(TWO)).as("it is well again").isGreaterThan(0.1);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8, 9})
    void aFlappingReplicaCostsNoRead(long seed) {
        Run run = new Run(seed, true);
        run.go(Duration.ofSeconds(2));
        run.took.clear();
        for (int i = 0; i < 10; i++) {
            run.router.network.silent.add(THREE);
            run.go(Duration.ofMillis(1_500 + 100L * i));
            run.router.network.silent.remove(THREE);
            run.go(Duration.ofSeconds(2));
        }
        assertThat(run.failed).isZero();
        assertThat(run.took.stream().max(Comparator.naturalOrder()).orElseThrow()).isLessThan(Duration.ofSeconds(2));
        System.out.printf("seed %d, one of three replicas falls silent every 4 s: p99 %d µs%n", seed, run.p99().toNanos() / 1_000);
    }

    @Test
    void aFailingReplicaIsTriedLessAndLess() {
        Run run = new Run(10, true);
        run.router.cluster.node("sa-east-1/2").down = true;
        run.router.network.reads.clear();
        run.go(Duration.ofSeconds(60));
        assertThat(run.failed).isZero();
        assertThat(run.router.network.reads.getOrDefault(TWO, 0)).as("1, 2, 4, 8, 16 and 30 s apart").isBetween(1, 12);
    }

    @Test
    void hedgesCoverTheTimeUntilASlowReplicaIsKnownAsSuch() {
        Run with = new Run(14, true);
        Run without = new Run(14, false);
        for (Run run : List.of(with, without)) {
            run.go(Duration.ofSeconds(5));
            run.router.network.service.put(TWO, () -> Duration.ofMillis(80));
            run.took.clear();
            run.go(Duration.ofSeconds(2));
        }
        System.out.printf("the first 2 s of a replica that takes 80 ms: p99 %d µs without hedges, %d µs with%n",
                without.p99().toNanos() / 1_000, with.p99().toNanos() / 1_000);
        assertThat(without.p99()).isGreaterThan(Duration.ofMillis(75));
        assertThat(with.p99()).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void retriesOfLostWritesStayWithinTheBudgetAndNoneIsForgotten() {
        Run run = new Run(15, true);
        VirtualRouter router = run.router;
        int writes = 2_000;
        long begun = router.time.nanos();
        router.network.losing.add(ONE); // the leader
        List<CompletableFuture<UnitResult>> results = new ArrayList<>();
        for (int i = 0; i < writes; i++) {
            OperationId operation = new OperationId(new byte[16], i, new RegionIncarnation(1), new byte[16], HybridTimestamp.ofMillis(1));
            results.add(router.write("sa-east-1", Duration.ofSeconds(60), operation));
        }
        router.time.run(Duration.ofSeconds(3));
        int sent = router.cluster.node("sa-east-1/1").writes.get();
        double seconds = (router.time.nanos() - begun) / 1e9;
        assertThat(sent - writes).as("attempts after the first").isPositive()
                .isLessThanOrEqualTo((int) (100 + writes / 5 + 10 * seconds) + 1);

        router.network.losing.clear();
        Duration drained = router.time.until(() -> results.stream().allMatch(CompletableFuture::isDone), Duration.ofSeconds(10));
        assertThat(results).as("none is forgotten").allMatch(result -> result.join() instanceof UnitResult.Answered);
        System.out.printf("%d writes whose answers were lost for 3 s: %d attempts more until then, all answered %d ms later%n", writes,
                sent - writes, drained.toMillis());
    }

    @Test
    void aDistantReplicaIsNoSlowOneAndIsAskedLast() {
        Run run = new Run(11, true);
        run.router.network.ways.put(THREE, Duration.ofMillis(30));
        run.go(Duration.ofSeconds(40)); // probes tell
        run.by.clear();
        run.took.clear();
        run.go(Duration.ofSeconds(10));
        assertThat(run.share(THREE)).isLessThan(0.01);
        assertThat(run.router.tracker.roundTrips().estimate(THREE).out()).isFalse();
    }

    @Test
    void whatNobodyWaitsForIsTakenBack() {
        Run run = new Run(16, true);
        int before = run.router.network.cancelled;
        for (ReadConsistency consistency : List.of(ReadConsistency.EVENTUAL, ReadConsistency.STRONG)) {
            run.router.cluster.nodes.keySet().forEach(node -> run.router.network.service.put(node, () -> Duration.ofSeconds(5)));
            CompletableFuture<Void> gone = new CompletableFuture<>();
            Deadline deadline = new Deadline(run.router.time, run.router.time.nanos() + 10_000_000_000L, new Caller("", gone));
            CompletableFuture<ReadRouter.Answer<ReadReply>> read = run.reads.read(HOME, VirtualRouter.key("a"), consistency,
                    VersionVector.EMPTY, deadline);
            run.router.time.run(Duration.ofMillis(100));
            assertThat(read).isNotDone();
            gone.complete(null);
            assertThat(read).isCompletedExceptionally();
        }
        assertThat(run.router.network.cancelled - before).isEqualTo(2);
        assertThat(run.router.tracker.roundTrips().estimate(ONE).underWay()).isZero();
    }

    @Test
    void everyDecisionIsMadeAgainOfItsText() {
        Run run = new Run(12, true);
        run.router.network.service.put(TWO, run.hiccups(0.2));
        run.go(Duration.ofSeconds(20));
        assertThat(run.decisions).hasSizeGreaterThan(5_000);
        for (RoutingDecision decision : run.decisions) {
            RoutingDecision logged = RoutingDecision.parse(decision.toString());
            assertThat(logged).isEqualTo(decision);
            assertThat(logged.replay()).isEqualTo(decision);
        }
    }

    @Test
    void aSeedIsARun() {
        Run one = new Run(13, true);
        Run other = new Run(13, true);
        for (Run run : List.of(one, other)) {
            run.router.network.service.put(ONE, run.hiccups(0.1));
            run.go(Duration.ofSeconds(10));
        }
        assertThat(one.took).isEqualTo(other.took);
        assertThat(one.decisions).isEqualTo(other.decisions);
    }
}
