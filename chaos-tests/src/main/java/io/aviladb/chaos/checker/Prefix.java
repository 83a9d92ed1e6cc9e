package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values that are {@code write}n once each and read together: who sees one sees everything that was acknowledged before it was begun. */
public record Prefix() implements Checker {
    private static final Set<String> FUNCTIONS = Set.of("write", "read");

    /** @throws MalformedHistoryException if there is anything but writes and reads */
    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        Map<Edn, Operation> writes = new HashMap<>();
        for (Operation operation : all) {
            if (!FUNCTIONS.contains(operation.f()) || !operation.isRead() && writes.put(operation.value(), operation) != null) {
                throw new MalformedHistoryException("neither a read nor the first write of a value: " + operation.describe());
            }
        }
        List<Operation> reads = all.stream().filter(operation -> operation.isRead() && operation.ok()).toList();
        if (reads.isEmpty() || writes.values().stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was written, or nothing read");
        }
        List<Operation> acknowledged = new ArrayList<>(writes.values().stream().filter(Operation::ok).toList());
        acknowledged.sort(Comparator.comparingLong(Operation::ended));
        return reads.stream().flatMap(read -> gap(read, writes, acknowledged).stream()).findFirst().<Verdict>map(found -> found)
                .orElseGet(Verdict.Valid::new);
    }

    private static Optional<Verdict.Violated> gap(Operation read, Map<Edn, Operation> writes, List<Operation> acknowledged) {
        Set<Edn> seen = new HashSet<>(read.value().items());
        List<Operation> writers = new ArrayList<>();
        for (Edn value : seen) {
            Operation write = writes.get(value);
            if (write == null || !write.possible()) {
                return Optional.of(new Verdict.Violated("nobody wrote " + value.text(), List.of(read)));
            }
            if (write.began() > read.ended()) {
                return Optional.of(new Verdict.Violated(value.text() + " was read before it was written", List.of(read, write)));
            }
            writers.add(write);
        }
        if (writers.isEmpty()) {
            return Optional.empty();
        }
        Operation newest = Collections.max(writers, Comparator.comparingLong(Operation::began));
        return acknowledged.stream().takeWhile(write -> write.ended() < newest.began()).filter(write -> !seen.contains(write.value()))
                .findFirst().map(missed -> new Verdict.Violated("a read sees " + newest.value().text() + " and misses "
                        + missed.value().text() + ", which was acknowledged before", List.of(missed, newest, read)));
    }
}
