package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Keys that hold lists: the longest read tells the order of the versions, and every other read must be the beginning of it. */
final class Lists {
    private record Read(Transaction by, List<Edn> items) {}

    private final Writers writers;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Edn, Read> longest = new LinkedHashMap<>();
    private final Set<Transaction> observed = new HashSet<>(); // something that they wrote was read: they have happened

    Lists(Writers writers) {
        this.writers = writers;
    }

    List<Finding> findings() {
        return findings;
    }

    /** What a read that isn't of a list, or of none, means is decided by {@link Registers}. */
    static List<Edn> items(Edn value) {
        return value.equals(Edn.ABSENT) ? List.of() : value.items();
    }

    Map<Edn, KeyOrder> orders(List<Transaction> transactions, Iterable<Edn> keys) {
        for (Edn key : keys) {
            longest.put(key, new Read(transactions.getFirst(), List.of()));
        }
        for (Transaction transaction : transactions) {
            for (Transaction.Step step : transaction.reads()) {
                if (longest.containsKey(step.key())) {
                    read(transaction, step.key(), items(step.value()));
                }
            }
        }
        longest.forEach(this::program);
        Map<Edn, KeyOrder> orders = new LinkedHashMap<>();
        longest.forEach((key, read) -> {
            List<Edn> unseen = writers.values(key).stream().filter(value -> !read.items.contains(value))
                    .filter(value -> writers.of(key, value).filter(by -> by.operation().ok() || observed.contains(by)).isPresent())
                    .toList();
            orders.put(key, new KeyOrder(key, read.items, unseen));
        });
        return orders;
    }

    private void read(Transaction reader, Edn key, List<Edn> items) {
        if (new HashSet<>(items).size() != items.size()) {
            add(Anomaly.GARBAGE, "an element twice in " + key.text(), reader);
            return;
        }
        Read known = longest.getOrDefault(key, new Read(reader, List.of()));
        boolean longer = items.size() > known.items.size();
        List<Edn> more = longer ? items : known.items;
        List<Edn> fewer = longer ? known.items : items;
        if (!more.subList(0, fewer.size()).equals(fewer)) {
            findings.add(new Finding(Anomaly.FORK, "two reads of " + key.text() + " of which neither begins with the other",
                    List.of(known.by.operation(), reader.operation())));
            return;
        }
        if (longer) {
            longest.put(key, new Read(reader, items));
        }
        for (Edn item : items) {
            writers.of(key, item).ifPresentOrElse(writer -> {
                observed.add(writer);
                if (!writer.operation().possible()) {
                    findings.add(new Finding(Anomaly.G1A, item.text() + " of " + key.text() + " was refused, and read",
                            List.of(writer.operation(), reader.operation())));
                }
            }, () -> add(Anomaly.GARBAGE, "nobody appended " + item.text() + " to " + key.text(), reader));
        }
        if (!items.isEmpty()) {
            intermediate(reader, key, items.getLast());
        }
    }

    /** What one transaction appended is there in the order in which it did so. */
    private void program(Edn key, Read read) {
        Map<Transaction, Integer> reached = new HashMap<>();
        for (Edn item : read.items) {
            writers.of(key, item).ifPresent(writer -> {
                int step = writer.writes().stream().filter(write -> write.key().equals(key)).map(Transaction.Step::value).toList()
                        .indexOf(item);
                if (step < Objects.requireNonNullElse(reached.put(writer, step), -1)) {
                    findings.add(new Finding(Anomaly.INTERNAL, "a transaction's appends to " + key.text() + " are in another order",
                            List.of(writer.operation(), read.by.operation())));
                }
            });
        }
    }

    private void intermediate(Transaction reader, Edn key, Edn last) {
        writers.of(key, last).filter(writer -> writer.id() != reader.id() && !writer.leaves(key, last))
                .ifPresent(writer -> findings.add(new Finding(Anomaly.G1B, "a transaction was seen half done in " + key.text(),
                        List.of(writer.operation(), reader.operation()))));
    }

    private void add(Anomaly anomaly, String why, Transaction by) {
        findings.add(new Finding(anomaly, why, List.of(by.operation())));
    }
}
