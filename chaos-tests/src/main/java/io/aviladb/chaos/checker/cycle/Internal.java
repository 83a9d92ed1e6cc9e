package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether an answered transaction agrees with itself: it reads what it wrote, not what it will write, and twice the same. */
final class Internal {
    private final Map<Edn, Edn> registers = new HashMap<>();
    private final Map<Edn, List<Edn>> lists = new HashMap<>(); // as read, and what was appended since
    private final Map<Edn, List<Edn>> appended = new HashMap<>(); // to a list that was not read yet

    private Internal() {
    }

    static Optional<Finding> of(Transaction transaction) {
        if (!transaction.operation().ok()) {
            return Optional.empty();
        }
        Internal state = new Internal();
        List<Transaction.Step> steps = transaction.steps();
        for (int n = 0; n < steps.size(); n++) {
            Transaction.Step step = steps.get(n);
            if (!state.allows(step) || steps.subList(n, steps.size()).stream().anyMatch(later -> foresees(step, later))) {
                return Optional.of(new Finding(Anomaly.INTERNAL, "a transaction contradicts itself at " + step.key().text(),
                        List.of(transaction.operation())));
            }
        }
        return Optional.empty();
    }

    /** A read of what its own transaction writes later. */
    private static boolean foresees(Transaction.Step read, Transaction.Step later) {
        return read.kind() == Transaction.Kind.READ && later.kind() != Transaction.Kind.READ && read.key().equals(later.key())
                && (read.value() instanceof Edn.Vector(List<Edn> items) && later.kind() == Transaction.Kind.APPEND
                        ? items.contains(later.value())
                        : read.value().equals(later.value()));
    }

    private boolean allows(Transaction.Step step) {
        return switch (step.kind()) {
            case WRITE -> {
                registers.put(step.key(), step.value());
                yield true;
            }
            case APPEND -> {
                (lists.containsKey(step.key()) ? lists : appended).computeIfAbsent(step.key(), key -> new ArrayList<>()).add(step.value());
                yield true;
            }
            case READ -> step.value() instanceof Edn.Vector || lists.containsKey(step.key()) || appended.containsKey(step.key())
                    ? list(step.key(), Lists.items(step.value()))
                    : registers.getOrDefault(step.key(), step.value()).equals(register(step));
        };
    }

    private Edn register(Transaction.Step read) {
        registers.putIfAbsent(read.key(), read.value());
        return read.value();
    }

    private boolean list(Edn key, List<Edn> read) {
        List<Edn> known = lists.get(key);
        if (known != null) {
            return known.equals(read);
        }
        List<Edn> mine = appended.getOrDefault(key, List.of());
        lists.put(key, new ArrayList<>(read));
        return read.size() >= mine.size() && read.subList(read.size() - mine.size(), read.size()).equals(mine);
    }
}
