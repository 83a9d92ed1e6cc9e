package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Event;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Registers that regions converge on: {@code write}, {@code delete} (with a value of its own, as every write), {@code read}. The last reads
 * ({@code :final?}) of a key are equal, and show something that was written and not refused; nothing only if nothing was acknowledged, or something
 * deleted. By the rule of last-writer-wins they show the highest (stamp, region) among what was acknowledged and what was seen.
 *
 * @param rule whether the last writer wins
 * @param ahead how far a stamp may be ahead of true time, where the history has the event {@code :epoch} (milliseconds since 1970 at its time)
 */
public record Convergence(Rule rule, Duration ahead) implements Checker {
    /** Who wins. */
    public enum Rule {
        /** Anybody. */
        ANY,
        /** The highest stamp; the higher region's name among equals. */
        LAST_WRITER
    }

    private static final Set<String> WRITES = Set.of("write", "insert", "delete");
    private static final int COUNTER_BITS = 16;

    /** Judges stamps against true time with half a second of tolerance. */
    public Convergence(Rule rule) {
        this(rule, Duration.ofMillis(500));
    }

    private record Stamp(long hlc, String region) implements Comparable<Stamp> {
        @Override
        public int compareTo(Stamp other) {
            return Comparator.comparingLong(Stamp::hlc).thenComparing(Stamp::region).compare(this, other);
        }
    }

    /** @throws MalformedHistoryException if there is anything but reads and writes of keys */
    @Override
    public Verdict check(History history) {
        Map<Edn, List<Operation>> keys = new LinkedHashMap<>();
        for (Operation operation : history.operations()) {
            keys.computeIfAbsent(pair(operation).getFirst(), key -> new ArrayList<>()).add(operation);
        }
        if (keys.values().stream().flatMap(List::stream).noneMatch(operation -> operation.ok() && operation.isFinal())) {
            return new Verdict.Undecided("nothing was read at the end");
        }
        return early(history)
                .or(() -> keys.entrySet().stream().flatMap(key -> violation(key.getKey(), key.getValue()).stream()).findFirst())
                .<Verdict>map(found -> found).orElseGet(Verdict.Valid::new);
    }

    private static List<Edn> pair(Operation operation) {
        if (!operation.isRead() && !WRITES.contains(operation.f()) || !(operation.value() instanceof Edn.Vector(List<Edn> pair))
                || pair.size() != 2) {
            throw new MalformedHistoryException("neither a read nor a write of a key: " + operation.describe());
        }
        return pair;
    }

    private static Edn value(Operation operation) {
        return pair(operation).getLast();
    }

    /** A stamp ahead of the time at which its write was answered. */
    private Optional<Verdict.Violated> early(History history) {
        Optional<Event> epoch = history.faults().stream().filter(event -> event.f().equals("epoch")).findFirst();
        return epoch.flatMap(start -> history.operations().stream()
                .filter(operation -> operation.ok() && operation.hlc().isPresent() && !operation.isRead())
                .filter(operation -> (operation.hlc().get() >>> COUNTER_BITS) > start.value().number()
                        + (operation.endedNanos() - start.timeNanos()) / 1_000_000 + ahead.toMillis())
                .findFirst().map(operation -> new Verdict.Violated("the stamp " + operation.hlc().get() + " is ahead of time",
                        List.of(operation))));
    }

    private Optional<Verdict.Violated> violation(Edn key, List<Operation> operations) {
        List<Operation> last = operations.stream().filter(operation -> operation.ok() && operation.isFinal()).toList();
        if (last.isEmpty()) {
            return Optional.empty();
        }
        Operation first = last.getFirst();
        Edn shown = value(first);
        Optional<Operation> other = last.stream().filter(read -> !value(read).equals(shown)).findFirst();
        if (other.isPresent()) {
            return violated("regions disagree on " + key.text() + " at the end", List.of(first, other.get()));
        }
        Map<Edn, Operation> writes = new HashMap<>();
        operations.stream().filter(operation -> !operation.isRead()).forEach(write -> writes.put(value(write), write));
        return operations.stream().filter(operation -> operation.isRead() && operation.ok()).flatMap(read -> phantom(read, writes).stream())
                .findFirst().or(() -> lost(key, first, operations))
                .or(() -> rule == Rule.LAST_WRITER ? loser(key, first, operations, writes) : Optional.empty());
    }

    private static Optional<Verdict.Violated> phantom(Operation read, Map<Edn, Operation> writes) {
        if (value(read).equals(Edn.ABSENT)) {
            return Optional.empty();
        }
        Operation write = writes.get(value(read));
        if (write == null || !write.possible() || write.began() > read.ended() || write.f().equals("delete")) {
            return violated("a read shows what nobody had written", List.of(read));
        }
        return Optional.empty();
    }

    private static Optional<Verdict.Violated> lost(Edn key, Operation last, List<Operation> operations) {
        boolean deleted = operations.stream().anyMatch(operation -> operation.f().equals("delete") && operation.possible());
        List<Operation> acknowledged = operations.stream().filter(operation -> !operation.isRead() && operation.ok()).toList();
        if (!value(last).equals(Edn.ABSENT) || deleted || acknowledged.isEmpty()) {
            return Optional.empty();
        }
        return violated("everything that was written to " + key.text() + " is lost", List.of(acknowledged.getFirst(), last));
    }

    /** Among what was acknowledged or seen, the highest must be shown; what nobody saw may have happened, if it is shown. */
    private static Optional<Verdict.Violated> loser(Edn key, Operation last, List<Operation> operations, Map<Edn, Operation> writes) {
        Map<Edn, Stamp> stamps = stamps(operations);
        Optional<Map.Entry<Edn, Stamp>> highest = stamps.entrySet().stream().max(Map.Entry.comparingByValue());
        if (highest.isEmpty()) {
            return Optional.empty();
        }
        Edn winner = highest.get().getKey();
        Operation won = writes.get(winner);
        boolean deleted = won != null && won.f().equals("delete");
        Edn shown = value(last);
        if (deleted ? shown.equals(Edn.ABSENT) : shown.equals(winner)) {
            return Optional.empty();
        }
        Operation shownBy = writes.get(shown);
        boolean unknown = !stamps.containsKey(shown) && shownBy != null && !shownBy.ok();
        boolean unknownDelete = shown.equals(Edn.ABSENT) && writes.values().stream()
                .anyMatch(write -> write.f().equals("delete") && write.possible() && !write.ok());
        if (unknown || unknownDelete) {
            return Optional.empty();
        }
        List<Operation> offending = new ArrayList<>();
        for (Operation operation : Arrays.asList(won, shownBy, last)) {
            if (operation != null) {
                offending.add(operation);
            }
        }
        return violated(winner.text() + " has the highest stamp on " + key.text() + ", and " + shown.text() + " won", offending);
    }

    private static Map<Edn, Stamp> stamps(List<Operation> operations) {
        Map<Edn, Stamp> stamps = new HashMap<>();
        for (Operation operation : operations) {
            if (!operation.isRead() && operation.ok()) {
                String region = operation.note("origin").map(Edn::text).orElse("");
                operation.hlc().ifPresent(hlc -> stamps.put(value(operation), new Stamp(hlc, region)));
            }
        }
        for (Operation operation : operations) { // a write that nobody acknowledged has a stamp once it was seen
            for (Edn seen : operation.seen()) {
                List<Edn> parts = seen.items();
                if (parts.get(2) instanceof Edn.Int(long hlc) && parts.get(0).equals(pair(operation).getFirst())
                        && !parts.get(1).equals(Edn.ABSENT)) {
                    stamps.putIfAbsent(parts.get(1), new Stamp(hlc, ""));
                }
            }
        }
        return stamps;
    }

    private static Optional<Verdict.Violated> violated(String why, List<Operation> offending) {
        return Optional.of(new Verdict.Violated(why, offending));
    }
}
