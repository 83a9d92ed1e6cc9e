package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keys that hold one value: the database's own stamps tell the order of the versions; a single version comes after nothing. */
final class Registers {
    private final Writers writers;
    private final List<Finding> findings = new ArrayList<>();

    Registers(Writers writers) {
        this.writers = writers;
    }

    List<Finding> findings() {
        return findings;
    }

    Map<Edn, KeyOrder> orders(List<Transaction> transactions, Set<Edn> keys) {
        for (Transaction transaction : transactions) {
            for (Transaction.Step step : transaction.reads()) {
                if (keys.contains(step.key()) && !step.value().equals(Edn.ABSENT)) {
                    read(transaction, step.key(), step.value());
                }
            }
        }
        Map<Edn, KeyOrder> orders = new LinkedHashMap<>();
        keys.forEach(key -> orders.put(key, order(key)));
        return orders;
    }

    private KeyOrder order(Edn key) {
        List<Edn> values = writers.values(key);
        List<Edn> stamped = values.stream().filter(value -> writers.stamp(key, value).isPresent())
                .sorted(Comparator.comparing(value -> writers.stamp(key, value).orElseThrow())).toList();
        if (!stamped.isEmpty()) {
            return new KeyOrder(key, stamped, List.of());
        }
        List<Edn> written = values.stream().filter(value -> writers.of(key, value).filter(by -> by.operation().ok()).isPresent()).toList();
        return values.size() == 1 ? new KeyOrder(key, values, List.of()) : new KeyOrder(key, List.of(), written);
    }

    private void read(Transaction reader, Edn key, Edn value) {
        writers.of(key, value).ifPresentOrElse(writer -> {
            if (!writer.operation().possible()) {
                findings.add(new Finding(Anomaly.G1A, value.text() + " of " + key.text() + " was refused, and read",
                        List.of(writer.operation(), reader.operation())));
            } else if (writer.id() != reader.id() && !writer.leaves(key, value)) {
                findings.add(new Finding(Anomaly.G1B, value.text() + " of " + key.text() + " was replaced by its own transaction, and read",
                        List.of(writer.operation(), reader.operation())));
            }
        }, () -> findings.add(new Finding(Anomaly.GARBAGE, "nobody wrote " + value.text() + " to " + key.text(),
                List.of(reader.operation()))));
    }
}
