package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A change feed: {@code send [[:send k [offset v]]]} and {@code poll [[:poll {k [[offset v] ..]}]]}. Per key an offset holds one value and a value
 * has one offset; a session's polls ascend and skip nothing that is known to lie between. {@code assign} lets a session begin elsewhere.
 */
public record Logs() implements Checker {
    private record Entry(long offset, Edn value, Operation by) {}

    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        if (all.stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was acknowledged");
        }
        Run run = new Run();
        all.stream().filter(operation -> operation.f().equals("send")).forEach(run::send);
        return all.stream().flatMap(operation -> run.offsets(operation).stream()).findFirst()
                .or(() -> all.stream().flatMap(operation -> run.polls(operation).stream()).findFirst()).<Verdict>map(found -> found)
                .orElseGet(Verdict.Valid::new);
    }

    private static final class Run {
        private final Map<Edn, NavigableMap<Long, Entry>> offsets = new HashMap<>();
        private final Map<List<Edn>, Entry> values = new HashMap<>();
        private final Map<List<Edn>, Operation> sends = new HashMap<>();
        private final Map<List<Edn>, Entry> positions = new HashMap<>(); // of a session in a key

        void send(Operation operation) {
            operation.invocation().value().items().forEach(step -> sends.put(step.items().subList(1, 3), operation));
        }

        /** Collects which offset holds what, until two operations disagree. */
        Optional<Verdict.Violated> offsets(Operation operation) {
            for (Map.Entry<Edn, List<Entry>> key : entries(operation).entrySet()) {
                for (Entry entry : key.getValue()) {
                    Optional<Verdict.Violated> violated = offset(key.getKey(), entry);
                    if (violated.isPresent()) {
                        return violated;
                    }
                }
            }
            return Optional.empty();
        }

        private Optional<Verdict.Violated> offset(Edn key, Entry entry) {
            Entry there = offsets.computeIfAbsent(key, any -> new TreeMap<>()).putIfAbsent(entry.offset, entry);
            if (there != null && !there.value.equals(entry.value)) {
                return two("offset " + entry.offset + " of " + key.text() + " holds two values", there, entry);
            }
            Entry same = values.putIfAbsent(List.of(key, entry.value), entry);
            if (same != null && same.offset != entry.offset) {
                return two(entry.value.text() + " of " + key.text() + " has two offsets", same, entry);
            }
            Operation send = sends.get(List.of(key, entry.value));
            return send != null && send.possible()
                    ? Optional.empty()
                    : Optional.of(new Verdict.Violated(entry.value.text() + " of " + key.text() + " was not sent, or refused",
                            List.of(entry.by)));
        }

        /** Follows each session through what it polled. */
        Optional<Verdict.Violated> polls(Operation operation) {
            if (operation.f().equals("assign")) {
                positions.keySet().removeIf(position -> position.getFirst().equals(operation.session()));
            }
            if (!operation.f().equals("poll")) {
                return Optional.empty();
            }
            for (Map.Entry<Edn, List<Entry>> key : entries(operation).entrySet()) {
                for (Entry entry : key.getValue()) {
                    Entry before = positions.put(List.of(operation.session(), key.getKey()), entry);
                    Optional<Verdict.Violated> violated = before == null ? Optional.empty() : follows(key.getKey(), before, entry);
                    if (violated.isPresent()) {
                        return violated;
                    }
                }
            }
            return Optional.empty();
        }

        private Optional<Verdict.Violated> follows(Edn key, Entry before, Entry entry) {
            if (entry.offset <= before.offset) {
                return two("a session of " + key.text() + " goes back from offset " + before.offset + " to " + entry.offset, before, entry);
            }
            NavigableMap<Long, Entry> between = offsets.getOrDefault(key, new TreeMap<>()).subMap(before.offset, false, entry.offset,
                    false);
            return between.isEmpty()
                    ? Optional.empty()
                    : two("a session of " + key.text() + " skips offset " + between.firstKey() + ": "
                            + between.firstEntry().getValue().value.text(), between.firstEntry().getValue(), entry);
        }

        private static Optional<Verdict.Violated> two(String why, Entry one, Entry other) {
            return Optional.of(new Verdict.Violated(why, one.by.equals(other.by) ? List.of(one.by) : List.of(one.by, other.by)));
        }

        /** What an answered operation tells of each key. */
        private static Map<Edn, List<Entry>> entries(Operation operation) {
            Map<Edn, List<Entry>> entries = new HashMap<>();
            if (!operation.ok()) {
                return entries;
            }
            for (Edn step : operation.value().items()) {
                switch (operation.f()) {
                    case "send" -> entries.computeIfAbsent(step.items().get(1), key -> new ArrayList<>())
                            .add(entry(step.items().get(2), operation));
                    case "poll" -> polled(step).forEach((key, items) -> items.items()
                            .forEach(item -> entries.computeIfAbsent(key, any -> new ArrayList<>()).add(entry(item, operation))));
                    case "assign" -> {
                    }
                    default -> throw new MalformedHistoryException("neither send, poll nor assign: " + operation.describe());
                }
            }
            return entries;
        }

        private static Map<Edn, Edn> polled(Edn step) {
            return step.items().getLast() instanceof Edn.Dict(Map<Edn, Edn> keys) ? keys : Map.of();
        }

        private static Entry entry(Edn pair, Operation by) {
            return new Entry(pair.items().getFirst().number(), pair.items().getLast(), by);
        }
    }
}
