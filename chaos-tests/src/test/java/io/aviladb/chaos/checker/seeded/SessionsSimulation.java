package io.aviladb.chaos.checker.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.history.History;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Sessions over two regions: the checker says of every history, of a right system, a wrong one and spoilt, what the definitions say. */
class SessionsSimulation {
    private static final int MUTANTS = 4;

    @Test
    void allGuaranteesTogetherAreCausality() {
        compare("causal", Causality::isCausal);
    }

    @Test
    void sessionsReadTheirWrites() {
        compare("read-your-writes", Causality::readsItsWrites);
    }

    @Test
    void sessionsReadForward() {
        compare("monotonic-reads", Causality::readsForward);
    }

    @Test
    void writesAreOrderedWhereCausalityIsKept() {
        for (long seed : Tally.seeds(400)) {
            History good = SessionWorld.draft(new Random(seed), 12, true).history();
            for (String guarantee : new String[]{"monotonic-writes", "writes-follow-reads"}) {
                assertThat(Checkers.of("sessions:" + guarantee).check(good)).as("seed %d%n%s", seed, good.text())
                        .hasToString("Valid[]");
            }
        }
    }

    private static void compare(String guarantee, Predicate<Causality> oracle) {
        Tally tally = new Tally(guarantee);
        for (long seed : Tally.seeds(400)) {
            Random random = new Random(seed);
            Draft good = SessionWorld.draft(random, 4 + random.nextInt(10), true);
            assertThat(oracle.test(new Causality(good))).as("seed %d makes a good history:%n%s", seed, good.history().text()).isTrue();
            judge(tally, seed, guarantee, good, true);
            Draft wrong = SessionWorld.draft(random, 4 + random.nextInt(10), false);
            judge(tally, seed, guarantee, wrong, oracle.test(new Causality(wrong)));
            for (int n = 0; n < MUTANTS; n++) {
                Draft mutant = SessionWorld.mutant(random, n % 2 == 0 ? good : SessionWorld.mutant(random, good));
                judge(tally, seed, guarantee, mutant, oracle.test(new Causality(mutant)));
            }
        }
        tally.requireBoth();
    }

    private static void judge(Tally tally, long seed, String guarantee, Draft draft, boolean right) {
        History history = draft.history();
        boolean nothing = draft.ops().stream().noneMatch(Draft.Op::ok);
        tally.require(seed, history, Checkers.of("sessions:" + guarantee).check(history),
                nothing ? Tally.Expected.UNDECIDED : right ? Tally.Expected.VALID : Tally.Expected.VIOLATED);
    }
}
