package io.aviladb.chaos.checker.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.history.History;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions: the search for cycles says of every good history and of every mutant what trying all orders of beginnings and commits says. */
class CyclesSimulation {
    private static final int MUTANTS = 6;

    @ParameterizedTest
    @CsvSource({"serializable, false, NONE", "strong-session-serializable, false, SESSION", "strict-serializable, false, REAL_TIME",
            "snapshot-isolation, true, NONE", "strong-session-snapshot-isolation, true, SESSION",
            "strong-snapshot-isolation, true, REAL_TIME"})
    void cyclesAreThereWhereNoOrderIs(String level, boolean snapshots, Isolation.Order order) {
        Tally tally = new Tally(level);
        for (long seed : Tally.seeds(400)) {
            Random random = new Random(seed);
            Draft good = Transactions.good(random, 2 + random.nextInt(4), snapshots);
            assertThat(Isolation.explains(good, snapshots, order)).as("seed %d makes a good history:%n%s", seed, good.history().text())
                    .isTrue();
            judge(tally, seed, level, good, true);
            for (int n = 0; n < MUTANTS; n++) {
                Draft mutant = Transactions.mutant(random, n % 2 == 0 ? good : Transactions.mutant(random, good));
                judge(tally, seed, level, mutant, Isolation.explains(mutant, snapshots, order));
            }
        }
        tally.requireBoth();
    }

    private static void judge(Tally tally, long seed, String level, Draft draft, boolean right) {
        History history = draft.history();
        boolean nothing = draft.ops().stream().noneMatch(Draft.Op::ok);
        tally.require(seed, history, Checkers.of("cycles:" + level).check(history),
                nothing ? Tally.Expected.UNDECIDED : right ? Tally.Expected.VALID : Tally.Expected.VIOLATED);
    }
}
