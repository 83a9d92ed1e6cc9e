package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The life of each element of a set that only grows: {@code add v}, {@code read [v ..]}. What was acknowledged is in the last reads (those with
 * {@code :final?}, if there are any). Where reads are linearizable, what was acknowledged or seen is in every later read. Nothing is there twice or
 * without having been added.
 */
public record SetFull(boolean linearizable) implements Checker {
    private static final Set<String> FUNCTIONS = Set.of("add", "read");

    /** @throws MalformedHistoryException if there is anything but adds and reads */
    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        all.stream().filter(operation -> !FUNCTIONS.contains(operation.f())).findFirst().ifPresent(operation -> {
            throw new MalformedHistoryException("neither add nor read: " + operation.describe());
        });
        List<Operation> reads = all.stream().filter(operation -> operation.isRead() && operation.ok()).toList();
        if (reads.isEmpty() || all.stream().noneMatch(operation -> operation.ok() && !operation.isRead())) {
            return new Verdict.Undecided("nothing was added, or nothing read");
        }
        Map<Edn, Operation> adds = new LinkedHashMap<>();
        for (Operation add : all.stream().filter(operation -> !operation.isRead()).toList()) {
            if (adds.put(add.value(), add) != null) {
                throw new MalformedHistoryException("an element is added twice: " + add.describe());
            }
        }
        List<Operation> last = last(reads);
        return reads.stream().flatMap(read -> strange(read, adds).stream()).findFirst()
                .or(() -> adds.values().stream().filter(Operation::possible).flatMap(add -> missed(add, reads, last).stream()).findFirst())
                .<Verdict>map(found -> found).orElseGet(Verdict.Valid::new);
    }

    private static List<Operation> last(List<Operation> reads) {
        List<Operation> marked = reads.stream().filter(Operation::isFinal).toList();
        return marked.isEmpty() ? List.of(reads.stream().max(Comparator.comparingLong(Operation::began)).orElseThrow()) : marked;
    }

    private static Optional<Verdict.Violated> strange(Operation read, Map<Edn, Operation> adds) {
        Set<Edn> once = new HashSet<>();
        for (Edn element : read.value().items()) {
            if (!once.add(element)) {
                return Optional.of(new Verdict.Violated(element.text() + " is there twice", List.of(read)));
            }
            Operation add = adds.get(element);
            if (add == null) {
                return Optional.of(new Verdict.Violated(element.text() + " was never added", List.of(read)));
            }
            if (!add.possible() || add.began() > read.ended()) {
                return Optional.of(new Verdict.Violated(element.text() + " was refused, or not yet added", List.of(add, read)));
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict.Violated> missed(Operation add, List<Operation> reads, List<Operation> last) {
        for (Operation read : last) {
            if (read.began() > add.ended() && !read.value().items().contains(add.value())) {
                return Optional.of(new Verdict.Violated(add.value().text() + " was lost", witnesses(add, reads, read)));
            }
        }
        if (!linearizable) {
            return Optional.empty();
        }
        long known = Math.min(add.ended(), reads.stream().filter(read -> read.value().items().contains(add.value()))
                .mapToLong(Operation::ended).min().orElse(Operation.NEVER));
        return reads.stream().filter(read -> read.began() > known && !read.value().items().contains(add.value())).findFirst()
                .map(read -> new Verdict.Violated(add.value().text() + " was there, and a later read misses it",
                        witnesses(add, reads, read)));
    }

    /** The add, the first read that showed it, and the one that doesn't. */
    private static List<Operation> witnesses(Operation add, List<Operation> reads, Operation misses) {
        List<Operation> all = new ArrayList<>(List.of(add));
        reads.stream().filter(read -> read.ended() < misses.began() && read.value().items().contains(add.value())).findFirst()
                .ifPresent(all::add);
        all.add(misses);
        return all;
    }
}
