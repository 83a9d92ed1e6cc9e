package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Transactions over two lists: {@code [[:append k v] [:r k [..]]]}. */
final class Transactions {
    private static final Edn READ = Edn.keyword("r");
    private static final Edn APPEND = Edn.keyword("append");
    private static final int REFUSED_OF_100 = 10;

    private record Open(List<Edn> steps, Map<Edn, List<Edn>> snapshot, List<Edn> told) {}

    private record Moment(double at, int slot, boolean commits) {}

    private Transactions() {
    }

    /** @param snapshots whether a transaction reads a snapshot and commits later, unless another one has written its keys meanwhile */
    static Draft good(Random random, int operations, boolean snapshots) {
        List<Schedule.Slot> slots = Schedule.of(random, operations, 3, true).slots();
        List<Moment> moments = new ArrayList<>();
        for (int n = 0; n < slots.size(); n++) {
            Schedule.Slot slot = slots.get(n);
            boolean happens = slot.effect() != Draft.NEVER;
            double commit = happens ? slot.effect() : slot.begin() + 0.5;
            moments.add(new Moment(snapshots ? slot.begin() + random.nextDouble() * (commit - slot.begin()) : commit, n, false));
            moments.add(new Moment(commit, n, true));
        }
        moments.sort(Comparator.comparingDouble(Moment::at).thenComparing(Moment::commits));
        Map<Edn, List<Edn>> state = new HashMap<>();
        Map<Integer, Open> open = new LinkedHashMap<>();
        Map<Integer, Draft.Op> ops = new LinkedHashMap<>();
        for (Moment moment : moments) {
            Schedule.Slot slot = slots.get(moment.slot);
            if (!moment.commits) {
                open.put(moment.slot, begun(steps(random, moment.slot), state));
                continue;
            }
            Open transaction = Objects.requireNonNull(open.get(moment.slot));
            boolean known = slot.end() != Draft.NEVER;
            boolean refused = conflicts(transaction, state) || known && random.nextInt(100) < REFUSED_OF_100;
            if (!refused && slot.effect() != Draft.NEVER) {
                commit(transaction.steps, state);
            }
            ops.put(moment.slot, new Draft.Op("txn", new Edn.Vector(transaction.steps), new Edn.Vector(transaction.told), slot.begin(),
                    slot.end(), refused && known, Map.of("session", Edn.of(slot.client()))));
        }
        return new Draft(List.copyOf(ops.values()));
    }

    private static List<Edn> steps(Random random, int slot) {
        List<Edn> steps = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int n = 0; n < count; n++) {
            Edn key = Edn.of(random.nextBoolean() ? "x" : "y");
            steps.add(random.nextBoolean() ? Edn.vector(READ, key, Edn.NIL) : Edn.vector(APPEND, key, Edn.of(10L * slot + n + 1)));
        }
        return steps;
    }

    private static Open begun(List<Edn> steps, Map<Edn, List<Edn>> state) {
        Map<Edn, List<Edn>> own = copy(state);
        List<Edn> told = new ArrayList<>();
        for (Edn step : steps) {
            List<Edn> list = own.computeIfAbsent(key(step), any -> new ArrayList<>());
            if (isRead(step)) {
                told.add(Edn.vector(READ, key(step), new Edn.Vector(list)));
            } else {
                list.add(step.items().get(2));
                told.add(step);
            }
        }
        return new Open(steps, copy(state), told);
    }

    private static boolean conflicts(Open transaction, Map<Edn, List<Edn>> state) {
        return transaction.steps.stream().filter(step -> !isRead(step)).map(Transactions::key)
                .anyMatch(key -> !state.getOrDefault(key, List.of()).equals(transaction.snapshot.getOrDefault(key, List.of())));
    }

    /** Adds what the steps append. */
    static void commit(List<Edn> steps, Map<Edn, List<Edn>> state) {
        steps.stream().filter(step -> !isRead(step))
                .forEach(step -> state.computeIfAbsent(key(step), any -> new ArrayList<>()).add(step.items().get(2)));
    }

    /** Whether the steps, if they were answered, are what a transaction sees that begins with this state. */
    static boolean agrees(List<Edn> steps, Map<Edn, List<Edn>> state) {
        Map<Edn, List<Edn>> own = copy(state);
        for (Edn step : steps) {
            List<Edn> list = own.computeIfAbsent(key(step), any -> new ArrayList<>());
            if (!isRead(step)) {
                list.add(step.items().get(2));
            } else if (!step.items().get(2).equals(Edn.NIL) && !step.items().get(2).items().equals(list)) {
                return false;
            }
        }
        return true;
    }

    static Set<Edn> written(List<Edn> steps) {
        Set<Edn> keys = new LinkedHashSet<>();
        steps.stream().filter(step -> !isRead(step)).forEach(step -> keys.add(key(step)));
        return keys;
    }

    static Map<Edn, List<Edn>> copy(Map<Edn, List<Edn>> state) {
        Map<Edn, List<Edn>> copy = new HashMap<>();
        state.forEach((key, list) -> copy.put(key, new ArrayList<>(list)));
        return copy;
    }

    /** Another draft with one thing changed. */
    static Draft mutant(Random random, Draft draft) {
        int place = random.nextInt(draft.ops().size());
        Draft.Op op = draft.ops().get(place);
        return switch (random.nextInt(6)) {
            case 0 -> Mutations.outcome(random, draft, place);
            case 1 -> draft.ops().size() > 1 ? draft.without(place) : draft;
            default -> {
                @Nullable
                Edn spoilt = op.ok() ? spoilt(random, op.told(), draft) : null;
                yield spoilt == null ? draft : draft.with(place, op.told(spoilt));
            }
        };
    }

    private static @Nullable Edn spoilt(Random random, Edn told, Draft draft) {
        List<Edn> steps = new ArrayList<>(told.items());
        List<Integer> reads = new ArrayList<>();
        for (int n = 0; n < steps.size(); n++) {
            if (isRead(steps.get(n))) {
                reads.add(n);
            }
        }
        if (reads.isEmpty()) {
            return null;
        }
        int at = reads.get(random.nextInt(reads.size()));
        Edn key = key(steps.get(at));
        List<Edn> seen = draft.ops().stream().filter(Draft.Op::ok).flatMap(op -> op.told().items().stream())
                .filter(step -> isRead(step) && key(step).equals(key)).map(step -> step.items().get(2)).toList();
        Edn now = steps.get(at).items().get(2);
        Edn other = random.nextInt(3) > 0 ? seen.get(random.nextInt(seen.size())) : Mutations.spoilt(random, now);
        steps.set(at, Edn.vector(READ, key, other));
        return new Edn.Vector(steps);
    }

    private static boolean isRead(Edn step) {
        return step.items().get(0).equals(READ);
    }

    private static Edn key(Edn step) {
        return step.items().get(1);
    }
}
