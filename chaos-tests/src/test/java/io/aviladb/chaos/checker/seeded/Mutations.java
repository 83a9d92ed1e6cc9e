package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Changes one thing of a draft. The result may be as good as before: the oracle knows. */
final class Mutations {
    private Mutations() {
    }

    static Draft one(Random random, Draft draft) {
        int place = random.nextInt(draft.ops().size());
        Draft.Op op = draft.ops().get(place);
        return switch (random.nextInt(8)) {
            case 0 -> moved(random, draft, place);
            case 1 -> op.isRead() ? draft : outcome(random, draft, place);
            case 2 -> draft.ops().size() > 1 ? draft.without(place) : draft; // nobody asked for it, yet it shows
            case 3, 4 -> op.isRead() ? swapped(draft, place, random.nextInt(draft.ops().size())) : draft;
            default -> op.isRead() && op.ok() ? draft.with(place, op.told(keyed(op, spoilt(random, inner(op))))) : draft;
        };
    }

    static Draft moved(Random random, Draft draft, int place) {
        Draft.Op op = draft.ops().get(place);
        if (op.end() == Draft.NEVER) {
            return draft;
        }
        Draft spread = new Draft(draft.ops().stream()
                .map(other -> other.at(3 * other.begin(), other.end() == Draft.NEVER ? other.end() : 3 * other.end())).toList());
        int begin = spread.quiet(random.nextInt(6 * draft.ops().size()));
        int end = spread.quiet(begin + 1 + random.nextInt(4));
        return spread.with(place, op.at(begin, end));
    }

    static Draft outcome(Random random, Draft draft, int place) {
        Draft.Op op = draft.ops().get(place);
        if (op.end() == Draft.NEVER) { // it was acknowledged after all
            return draft.with(place, op.at(op.begin(), draft.quiet(op.begin() + 1)));
        }
        if (op.refused()) {
            return draft.with(place, op.refused(false));
        }
        if (op.f().equals("cas") && random.nextBoolean()) {
            return draft.with(place, op.refused(true).noted("error", Edn.keyword("mismatch")));
        }
        return draft.with(place, random.nextBoolean() ? op.refused(true) : op.at(op.begin(), Draft.NEVER));
    }

    private static Draft swapped(Draft draft, int one, int other) {
        Draft.Op first = draft.ops().get(one);
        Draft.Op second = draft.ops().get(other);
        return second.isRead() && first.ok() && second.ok()
                ? draft.with(one, first.told(second.told())).with(other, second.told(first.told()))
                : draft;
    }

    private static Edn inner(Draft.Op op) {
        return op.told().items().get(1);
    }

    private static Edn keyed(Draft.Op op, Edn value) {
        return Edn.vector(op.told().items().get(0), value);
    }

    /** Another value of the same kind. */
    static Edn spoilt(Random random, Edn value) {
        if (value instanceof Edn.Vector || value instanceof Edn.Group) {
            return items(random, new ArrayList<>(value.items()));
        }
        if (value instanceof Edn.Int(long number)) {
            return Edn.of(random.nextInt(6) == 0 ? number + 100 : number + random.nextInt(-3, 4));
        }
        return Edn.of(10L + random.nextInt(6));
    }

    private static Edn items(Random random, List<Edn> items) {
        switch (random.nextInt(5)) {
            case 0 -> items.add(Edn.of(random.nextInt(2) == 0 ? 99 : 10 + random.nextInt(7)));
            case 1 -> Collections.shuffle(items, random);
            default -> {
                if (!items.isEmpty()) {
                    int at = random.nextInt(items.size());
                    if (random.nextInt(3) == 0) {
                        items.add(items.get(at));
                    } else {
                        items.remove(random.nextBoolean() ? at : items.size() - 1);
                    }
                }
            }
        }
        return new Edn.Vector(List.copyOf(items));
    }
}
