package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An eventual counter: the last reads of two regions are equal, and are the sum of all that was acknowledged and of a subset of what nobody knows. */
class CountersSimulation {
    private static final int MUTANTS = 6;
    private static final Map<String, Edn> LAST = Map.of("final?", new Edn.Bool(true));

    @Test
    void theLastReadsAreASumThatSomeSubsetMakes() {
        Tally tally = new Tally("pn-counter");
        for (long seed : Tally.seeds(400)) {
            Random random = new Random(seed);
            Draft good = good(random, 2 + random.nextInt(7));
            judge(tally, seed, good, true);
            for (int n = 0; n < MUTANTS; n++) {
                Draft mutant = mutant(random, n % 2 == 0 ? good : mutant(random, good));
                judge(tally, seed, mutant, isRight(mutant));
            }
        }
        tally.requireBoth();
    }

    private static Draft good(Random random, int additions) {
        long sum = 0;
        List<Draft.Op> ops = new ArrayList<>();
        for (Schedule.Slot slot : Schedule.of(random, additions, 3, true).slots()) {
            Edn n = Edn.of(random.nextInt(-4, 7));
            boolean refused = slot.end() != Draft.NEVER && random.nextInt(10) == 0;
            sum += refused || slot.effect() == Draft.NEVER ? 0 : n.number();
            ops.add(new Draft.Op("add", n, n, slot.begin(), slot.end(), refused, Map.of()));
        }
        int end = 4 * additions;
        ops.add(new Draft.Op("read", Edn.NIL, Edn.of(sum), end, end + 1, false, LAST));
        ops.add(new Draft.Op("read", Edn.NIL, Edn.of(sum), end + 2, end + 3, false, LAST));
        return new Draft(ops);
    }

    /** A read shows another number, or both do; or an addition's outcome is another one. */
    private static Draft mutant(Random random, Draft draft) {
        int place = random.nextInt(draft.ops().size());
        Draft.Op op = draft.ops().get(place);
        if (!op.isRead()) {
            return Mutations.outcome(random, draft, place);
        }
        long wrong = op.told().number() + random.nextInt(-6, 7);
        int last = draft.ops().size() - 1;
        return random.nextInt(3) == 0
                ? draft.with(place, op.told(Edn.of(wrong)))
                : draft.with(last, draft.ops().get(last).told(Edn.of(wrong))).with(last - 1, draft.ops().get(last - 1).told(Edn.of(wrong)));
    }

    private static boolean isRight(Draft draft) {
        List<Draft.Op> reads = draft.ops().stream().filter(Draft.Op::isRead).toList();
        long shown = reads.getFirst().told().number();
        long known = draft.ops().stream().filter(op -> !op.isRead() && op.ok()).mapToLong(op -> op.asked().number()).sum();
        List<Draft.Op> unknown = draft.ops().stream().filter(op -> op.end() == Draft.NEVER && !op.refused()).toList();
        for (int chosen = 0; chosen < 1 << unknown.size(); chosen++) {
            long sum = known;
            for (int n = 0; n < unknown.size(); n++) {
                sum += (chosen & 1 << n) == 0 ? 0 : unknown.get(n).asked().number();
            }
            if (sum == shown) {
                return reads.stream().allMatch(read -> read.told().number() == shown);
            }
        }
        return false;
    }

    private static void judge(Tally tally, long seed, Draft draft, boolean right) {
        tally.require(seed, draft.history(), Checkers.of("pn-counter").check(draft.history()),
                right ? Tally.Expected.VALID : Tally.Expected.VIOLATED);
    }
}
