package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.PolicyHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random executions of three regions: the laws hold over what they reach, and every read is what the history says. */
class LiveVersionsProperties {
    private static final int RUNS = Integer.getInteger("avila.runs", 400);
    private static final long SEED = Long.getLong("avila.seed", 1);

    private static String why(long seed, Execution execution) {
        return "seed " + seed + "\n" + String.join("\n", execution.steps) + "\n";
    }

    private static void checkReads(long seed, Execution execution) {
        for (int region = 0; region < 3; region++) {
            int at = region;
            assertThat(execution.actual(region)).as(() -> why(seed, execution) + "region " + at + " " + execution.replicas.get(at).live)
                    .isEqualTo(execution.specified(region));
        }
    }

    static List<PolicyHistory> policies() {
        List<PolicyHistory> all = new ArrayList<>(Policies.all());
        all.addAll(Policies.typed());
        return all;
    }

    static List<PolicyHistory> allPolicies() {
        List<PolicyHistory> all = new ArrayList<>(policies());
        all.addAll(Policies.changingRules());
        all.addAll(Policies.changingTypes());
        return all;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyReadIsWhatTheHistorySays(PolicyHistory policies) {
        for (long each = SEED; each < SEED + RUNS; each++) {
            long seed = each;
            Execution execution = new Execution(seed, false, policies);
            for (int i = 0; i < 24; i++) {
                execution.step();
                checkReads(seed, execution);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void forgettingAtStabilityChangesNoRead(PolicyHistory policies) {
        for (long each = SEED; each < SEED + RUNS; each++) {
            long seed = each;
            Execution execution = new Execution(seed, true, policies);
            for (int i = 0; i < 40; i++) {
                execution.step();
                checkReads(seed, execution);
                checkEqualVectorsReadAlike(seed, execution);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allPolicies")
    void whenAllIsPulledAllRegionsHoldTheSameBytes(PolicyHistory policies) {
        for (long each = SEED; each < SEED + RUNS; each++) {
            long seed = each;
            Execution execution = new Execution(seed, true, policies);
            for (int i = 0; i < 30; i++) {
                execution.step();
            }
            execution.synchronize();
            checkEqualVectorsReadAlike(seed, execution);
            assertThat(execution.replicas.get(1).known).as(() -> why(seed, execution)).isEqualTo(execution.replicas.get(0).known);
            assertThat(execution.replicas.get(2).known).as(() -> why(seed, execution)).isEqualTo(execution.replicas.get(0).known);
        }
    }

    private static void checkEqualVectorsReadAlike(long seed, Execution execution) {
        for (Replica x : execution.replicas) {
            for (Replica y : execution.replicas) {
                if (x.known.equals(y.known)) {
                    assertThat(x.read()).as(() -> why(seed, execution)).isEqualTo(y.read());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allPolicies")
    void reachableStatesKeepTheLaws(PolicyHistory policies) {
        for (long each = SEED; each < SEED + RUNS / 10; each++) {
            long seed = each;
            Execution execution = new Execution(seed, false, policies);
            List<LiveVersions> reached = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                execution.step();
                execution.replicas.forEach(replica -> reached.add(replica.live));
            }
            Random random = new Random(seed);
            List<LiveVersions> chosen = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                chosen.add(reached.get(random.nextInt(reached.size())));
            }
            MergeLaws.check(why(seed, execution), chosen, policies);
        }
    }

    @ParameterizedTest
    @MethodSource("allPolicies")
    void aJoinOfHeadsIsWhatPullingTheFeedsGives(PolicyHistory policies) {
        for (long each = SEED; each < SEED + RUNS; each++) {
            long seed = each;
            Execution execution = new Execution(seed, false, policies);
            for (int i = 0; i < 24; i++) {
                execution.step();
            }
            Replica ab = new Replica(8, policies);
            ab.pull(execution.replicas.get(0));
            ab.pull(execution.replicas.get(1));
            ab.pull(execution.replicas.get(2));
            Replica ba = new Replica(9, policies);
            ba.pull(execution.replicas.get(2));
            ba.pull(execution.replicas.get(1));
            ba.pull(execution.replicas.get(0));
            execution.synchronize();
            assertThat(ab.live).as(() -> why(seed, execution)).isEqualTo(ba.live).isEqualTo(execution.replicas.get(0).live);
            assertThat(ab.known).as(() -> why(seed, execution)).isEqualTo(execution.replicas.get(0).known);
        }
    }

    @ParameterizedTest
    @MethodSource("allPolicies")
    void everyVersionIsReadFromItsBytes(PolicyHistory policies) {
        for (long each = SEED; each < SEED + RUNS / 10; each++) {
            long seed = each;
            Execution execution = new Execution(seed, true, policies);
            for (int i = 0; i < 30; i++) {
                execution.step();
            }
            for (Replica replica : execution.replicas) {
                for (LiveVersion version : replica.live.versions()) {
                    assertThat(LiveVersion.decode(version.encode())).as(() -> why(seed, execution)).isEqualTo(version);
                    assertThat(LiveVersion.decode(version.encode()).encode()).as(() -> why(seed, execution)).isEqualTo(version.encode());
                }
            }
        }
    }
}
