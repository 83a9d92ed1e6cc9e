package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The oracle for transactions: whether any order of their beginnings and commits explains what they saw, found by trying all. Without snapshots a
 * transaction begins and commits in one moment.
 */
final class Isolation {
    /** What orders transactions beside their data. */
    enum Order {
        NONE, SESSION, REAL_TIME
    }

    private record Running(int op, Map<Edn, List<Edn>> snapshot) {}

    private final List<Draft.Op> ops;
    private final boolean snapshots;
    private final Order order;
    private final Set<List<Object>> tried = new HashSet<>();

    private Isolation(List<Draft.Op> ops, boolean snapshots, Order order) {
        this.ops = ops;
        this.snapshots = snapshots;
        this.order = order;
    }

    static boolean explains(Draft draft, boolean snapshots, Order order) {
        return new Isolation(draft.ops().stream().filter(op -> !op.refused()).toList(), snapshots, order).from(0, 0, new HashMap<>(),
                List.of());
    }

    private boolean from(int begun, int committed, Map<Edn, List<Edn>> state, List<Running> running) {
        if (!tried.add(List.of(begun, committed, state, running))) {
            return false;
        }
        if (allKnown(committed)) {
            return true;
        }
        for (Running one : running) {
            if (commits(one, state) && committed(one, begun, committed, state, running)) {
                return true;
            }
        }
        for (int n = 0; n < ops.size(); n++) {
            if ((begun & 1 << n) == 0 && mayBegin(n, committed) && Transactions.agrees(steps(n), state)) {
                Running one = new Running(n, Transactions.copy(state));
                List<Running> more = new ArrayList<>(running);
                more.add(one);
                if (snapshots
                        ? from(begun | 1 << n, committed, state, more)
                        : committed(one, begun | 1 << n, committed, state, more)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean committed(Running one, int begun, int committed, Map<Edn, List<Edn>> state, List<Running> running) {
        Map<Edn, List<Edn>> next = Transactions.copy(state);
        Transactions.commit(steps(one.op), next);
        List<Running> fewer = new ArrayList<>(running);
        fewer.remove(one);
        return from(begun, committed | 1 << one.op, next, fewer);
    }

    private boolean commits(Running one, Map<Edn, List<Edn>> state) {
        return Transactions.written(steps(one.op)).stream()
                .allMatch(key -> state.getOrDefault(key, List.of()).equals(one.snapshot.getOrDefault(key, List.of())));
    }

    private boolean allKnown(int committed) {
        for (int n = 0; n < ops.size(); n++) {
            if (ops.get(n).ok() && (committed & 1 << n) == 0) {
                return false;
            }
        }
        return true;
    }

    private List<Edn> steps(int n) {
        Draft.Op op = ops.get(n);
        return (op.ok() ? op.told() : op.asked()).items();
    }

    /** What must have been committed before is. */
    private boolean mayBegin(int n, int committed) {
        Draft.Op op = ops.get(n);
        for (int other = 0; other < ops.size(); other++) {
            Draft.Op before = ops.get(other);
            boolean same = before.notes().getOrDefault("session", Edn.NIL).equals(op.notes().getOrDefault("session", Edn.NIL));
            boolean ordered = order == Order.REAL_TIME || order == Order.SESSION && same;
            if (ordered && before.end() < op.begin() && (committed & 1 << other) == 0) {
                return false;
            }
        }
        return true;
    }
}
