package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * The oracle for sessions, by definition: what happens before what, by session and by reading what was written, closed over all; nobody sees of a key
 * less than what happened before showed or wrote.
 */
final class Causality {
    private final List<Draft.Op> ops;
    private final Map<Edn, Long> stamps = new HashMap<>(); // of values, which are unique
    private final boolean[][] before;

    Causality(Draft draft) {
        ops = draft.ops();
        ops.forEach(op -> {
            if (op.notes().containsKey("hlc")) {
                stamps.put(value(op), op.notes().getOrDefault("hlc", Edn.NIL).number());
            }
        });
        ops.forEach(op -> op.notes().getOrDefault("seen", Edn.NIL).items()
                .forEach(seen -> stamps.putIfAbsent(seen.items().get(1), seen.items().get(2).number())));
        int size = ops.size();
        before = new boolean[size][size];
        for (int a = 0; a < size; a++) {
            for (int b = 0; b < size; b++) {
                before[a][b] = inSession(ops.get(a), ops.get(b)) || isReadFrom(ops.get(a), ops.get(b));
            }
        }
        for (int via = 0; via < size; via++) {
            for (int a = 0; a < size; a++) {
                for (int b = 0; b < size; b++) {
                    before[a][b] |= before[a][via] && before[via][b];
                }
            }
        }
    }

    private static boolean inSession(Draft.Op a, Draft.Op b) {
        return SessionWorld.sameSession(a, b) && a.ok() && a.end() < b.begin();
    }

    private static boolean isReadFrom(Draft.Op a, Draft.Op b) {
        return !a.isRead() && b.isRead() && b.ok() && value(a).equals(value(b));
    }

    private static Edn key(Draft.Op op) {
        return op.told().items().get(0);
    }

    private static Edn value(Draft.Op op) {
        return op.told().items().get(1);
    }

    /** -1 for nothing; also for a version whose stamp nobody knows: no other can be proved newer. */
    private long stamp(Draft.Op op) {
        return stamps.getOrDefault(value(op), -1L);
    }

    boolean isCausal() {
        return none((a, b) -> before[a][b] && sameKey(a, b)) && none((a, b) -> writesAfter(ops.get(a), ops.get(b)));
    }

    boolean readsItsWrites() {
        return none((a, b) -> sameKey(a, b) && !ops.get(a).isRead() && ops.get(b).isRead() && inSession(ops.get(a), ops.get(b)));
    }

    boolean readsForward() {
        return none((a, b) -> sameKey(a, b) && ops.get(a).isRead() && ops.get(b).isRead() && inSession(ops.get(a), ops.get(b)));
    }

    private static boolean writesAfter(Draft.Op a, Draft.Op b) {
        return inSession(a, b) && !b.isRead();
    }

    private boolean sameKey(int a, int b) {
        return key(ops.get(a)).equals(key(ops.get(b)));
    }

    /** Whether no two known operations that stand in this relation show the newer one first. */
    private boolean none(BiPredicate<Integer, Integer> relation) {
        for (int a = 0; a < ops.size(); a++) {
            for (int b = 0; b < ops.size(); b++) {
                if (a != b && ops.get(b).ok() && relation.test(a, b) && stamp(ops.get(a)) > stamp(ops.get(b))) {
                    return false;
                }
            }
        }
        return true;
    }
}
