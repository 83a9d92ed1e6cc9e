package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Linearizability of registers whose values are unique, without a search (Gibbons and Korach, "Testing shared memories", SIAM 1997, section 4): a
 * second opinion on {@link Linearizability}. A write and the reads of its value are a cluster; its zone lies between the first end and the last
 * beginning in it. A key is linearizable if and only if no read ends before its write begins, no two forward zones (the first end before the last
 * beginning) overlap and no backward zone lies inside a forward one.
 */
public record Zones() implements Checker {
    private static final long ALWAYS = -1;

    private record Cluster(Edn value, List<Operation> operations, long firstEnd, long lastBegin, long writeBegan) {
        boolean isForward() {
            return firstEnd < lastBegin;
        }

        long low() {
            return Math.min(firstEnd, lastBegin);
        }

        long high() {
            return Math.max(firstEnd, lastBegin);
        }
    }

    /** @throws MalformedHistoryException if there is anything but reads and writes, or a value is written twice */
    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        if (all.stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was acknowledged");
        }
        Map<Edn, Map<Edn, List<Operation>>> keys = new LinkedHashMap<>();
        for (Operation operation : all) {
            List<Edn> pair = pair(operation);
            if (operation.ok() || operation.possible() && !operation.isRead()) {
                keys.computeIfAbsent(pair.getFirst(), key -> new LinkedHashMap<>())
                        .computeIfAbsent(pair.getLast(), value -> new ArrayList<>()).add(operation);
            }
        }
        return keys.entrySet().stream().flatMap(key -> violation(key.getKey(), key.getValue()).stream()).findFirst()
                .<Verdict>map(found -> found).orElseGet(Verdict.Valid::new);
    }

    private static List<Edn> pair(Operation operation) {
        if (!operation.isRead() && !operation.f().equals("write") || !(operation.value() instanceof Edn.Vector(List<Edn> pair))
                || pair.size() != 2 || operation.ok() && pair.getLast().equals(Edn.NIL)) {
            throw new MalformedHistoryException("neither a read nor a write of a register: " + operation.describe());
        }
        return pair;
    }

    private static Optional<Verdict.Violated> violation(Edn key, Map<Edn, List<Operation>> values) {
        List<Cluster> clusters = new ArrayList<>();
        for (Map.Entry<Edn, List<Operation>> value : values.entrySet()) {
            List<Operation> writes = value.getValue().stream().filter(operation -> !operation.isRead()).toList();
            boolean initial = value.getKey().equals(Edn.ABSENT);
            if (writes.size() > 1) {
                throw new MalformedHistoryException("a value is written twice: " + writes.getLast().describe());
            }
            if (writes.isEmpty() && !initial) {
                return violated(key, "nobody wrote " + value.getKey().text(), value.getValue().stream());
            }
            Cluster cluster = cluster(value.getKey(), value.getValue(), initial);
            if (cluster.firstEnd < cluster.writeBegan) {
                return violated(key, value.getKey().text() + " was read before it was written", value.getValue().stream());
            }
            if (cluster.firstEnd != Operation.NEVER) { // else it took effect at the end, or never
                clusters.add(cluster);
            }
        }
        return overlap(key, clusters);
    }

    private static Cluster cluster(Edn value, List<Operation> operations, boolean initial) {
        long firstEnd = initial ? ALWAYS : operations.stream().mapToLong(Operation::ended).min().orElseThrow();
        long lastBegin = operations.stream().mapToLong(Operation::began).max().orElseThrow();
        long writeBegan = initial
                ? ALWAYS
                : operations.stream().filter(operation -> !operation.isRead()).mapToLong(Operation::began).min().orElseThrow();
        return new Cluster(value, operations, firstEnd, lastBegin, writeBegan);
    }

    private static Optional<Verdict.Violated> overlap(Edn key, List<Cluster> clusters) {
        List<Cluster> forward = clusters.stream().filter(Cluster::isForward).sorted(Comparator.comparingLong(Cluster::low)).toList();
        for (int n = 1; n < forward.size(); n++) {
            if (forward.get(n).low() < forward.get(n - 1).high()) {
                return both(key, "are both the newest at one time", forward.get(n - 1), forward.get(n));
            }
        }
        for (Cluster backward : clusters) {
            if (!backward.isForward()) {
                Optional<Cluster> around = forward.stream().filter(zone -> zone.low() < backward.low() && backward.high() < zone.high())
                        .findFirst();
                if (around.isPresent()) {
                    return both(key, "exclude each other: the second was there within the first's time", around.get(), backward);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Verdict.Violated> both(Edn key, String why, Cluster one, Cluster other) {
        return violated(key, one.value.text() + " and " + other.value.text() + " " + why,
                Stream.concat(one.operations.stream(), other.operations.stream()));
    }

    private static Optional<Verdict.Violated> violated(Edn key, String why, Stream<Operation> operations) {
        return Optional.of(new Verdict.Violated("key " + key.text() + " isn't linearizable: " + why,
                operations.sorted(Comparator.comparingLong(Operation::began)).toList()));
    }
}
