package io.aviladb.chaos.checker.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.History;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Linearizability of one key: checkers say of every good history and of every mutant what trying all orders says. {@code -Davila.seed=N} repeats a
 * run, {@code -Davila.seeds=N} judges more histories.
 */
class KeysSimulation {
    private static final int OPERATIONS = 8;
    private static final int MUTANTS = 6;

    @ParameterizedTest
    @CsvSource({"REGISTER, register, false", "REGISTER, zones, false", "REGISTER, lagging:0, false", "CAS, register, false",
            "CAS, refusals, true", "LIST, list, false", "COUNTER, counter-linear, false", "SET, elements, false"})
    void checkersSayWhatTryingAllOrdersSays(KeyWorld world, String checker, boolean refusals) {
        Tally tally = new Tally(world + " " + checker);
        for (long seed : Tally.seeds(400)) {
            Random random = new Random(seed);
            Draft good = world.good(random, 3 + random.nextInt(OPERATIONS - 2));
            assertThat(Orders.explain(world, good, refusals)).as("seed %d makes a good history:%n%s", seed, good.history().text()).isTrue();
            judge(tally, seed, checker, good, true);
            for (int n = 0; n < MUTANTS; n++) {
                Draft mutant = Mutations.one(random, n % 2 == 0 ? good : Mutations.one(random, good));
                judge(tally, seed, checker, mutant, Orders.explain(world, mutant, refusals));
            }
        }
        tally.requireBoth();
    }

    private static void judge(Tally tally, long seed, String checker, Draft draft, boolean right) {
        History history = draft.history();
        Verdict verdict = Checkers.of(checker).check(history);
        boolean nothing = draft.ops().stream().noneMatch(Draft.Op::ok);
        tally.require(seed, history, verdict, nothing ? Tally.Expected.UNDECIDED : right ? Tally.Expected.VALID : Tally.Expected.VIOLATED);
    }
}
