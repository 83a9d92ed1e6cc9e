package io.aviladb.chaos.checker.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A set that only grows, with strong reads. The oracle takes each element by itself as a register that is written once, at most, and of which every
 * read shows whether it was, and tries all orders.
 */
class SetsSimulation {
    private static final int MUTANTS = 6;
    private static final Edn THERE = Edn.of(1);

    @Test
    void everyElementIsARegisterOfItsOwn() {
        Tally tally = new Tally("set-strong");
        for (long seed : Tally.seeds(400)) {
            Random random = new Random(seed);
            Draft good = good(random, 3 + random.nextInt(6));
            assertThat(isRight(good)).as("seed %d makes a good history:%n%s", seed, good.history().text()).isTrue();
            judge(tally, seed, good);
            for (int n = 0; n < MUTANTS; n++) {
                judge(tally, seed, mutant(random, n % 2 == 0 ? good : mutant(random, good)));
            }
        }
        tally.requireBoth();
    }

    private static Draft good(Random random, int operations) {
        List<Edn> state = new ArrayList<>();
        List<Draft.Op> ops = new ArrayList<>();
        for (Schedule.Slot slot : Schedule.of(random, operations, 3, true).slots()) {
            if (random.nextInt(2) == 0) {
                ops.add(new Draft.Op("read", Edn.NIL, new Edn.Vector(state), slot.begin(), slot.end(), false, Map.of()));
                continue;
            }
            Edn element = Edn.of(10L + ops.size());
            boolean refused = slot.end() != Draft.NEVER && random.nextInt(10) == 0;
            if (!refused && slot.effect() != Draft.NEVER) {
                state.add(element);
            }
            ops.add(new Draft.Op("add", element, element, slot.begin(), slot.end(), refused, Map.of()));
        }
        return new Draft(ops);
    }

    private static Draft mutant(Random random, Draft draft) {
        int place = random.nextInt(draft.ops().size());
        Draft.Op op = draft.ops().get(place);
        return switch (random.nextInt(5)) {
            case 0 -> Mutations.moved(random, draft, place);
            case 1 -> op.isRead() ? draft : Mutations.outcome(random, draft, place);
            case 2 -> draft.ops().size() > 1 ? draft.without(place) : draft;
            default -> op.isRead() && op.ok() ? draft.with(place, op.told(Mutations.spoilt(random, op.told()))) : draft;
        };
    }

    private static boolean isRight(Draft draft) {
        List<Draft.Op> reads = draft.ops().stream().filter(op -> op.isRead() && op.ok()).toList();
        if (reads.stream().anyMatch(read -> new HashSet<>(read.told().items()).size() != read.told().items().size())) {
            return false;
        }
        Set<Edn> elements = new LinkedHashSet<>();
        draft.ops().stream().filter(op -> !op.isRead()).forEach(add -> elements.add(add.asked()));
        reads.forEach(read -> elements.addAll(read.told().items()));
        return elements.stream().allMatch(element -> Orders.explain(KeyWorld.REGISTER, only(element, draft), false));
    }

    private static Draft only(Edn element, Draft draft) {
        return new Draft(draft.ops().stream().filter(op -> op.isRead() ? op.ok() : op.asked().equals(element)).map(op -> {
            Edn shown = op.isRead() && !op.told().items().contains(element) ? Edn.ABSENT : THERE;
            Edn pair = Edn.vector(element, shown);
            return new Draft.Op(op.isRead() ? "read" : "write", pair, pair, op.begin(), op.end(), op.refused(), Map.of());
        }).toList());
    }

    private static void judge(Tally tally, long seed, Draft draft) {
        boolean nothing = draft.ops().stream().noneMatch(op -> op.isRead() && op.ok())
                || draft.ops().stream().noneMatch(op -> !op.isRead() && op.ok());
        tally.require(seed, draft.history(), Checkers.of("set-strong").check(draft.history()),
                nothing ? Tally.Expected.UNDECIDED : isRight(draft) ? Tally.Expected.VALID : Tally.Expected.VIOLATED);
    }
}
