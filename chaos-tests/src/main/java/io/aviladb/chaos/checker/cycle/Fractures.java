package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Edn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fractured reads (Bailis et al., "RAMP", SIGMOD 2014, section 2): one write of a transaction is seen and another one of it is missed. */
final class Fractures {
    private final Writers writers;
    private final Map<Edn, KeyOrder> lists;
    private final Map<Edn, KeyOrder> registers;

    private Fractures(Writers writers, Map<Edn, KeyOrder> lists, Map<Edn, KeyOrder> registers) {
        this.writers = writers;
        this.lists = lists;
        this.registers = registers;
    }

    static List<Finding> of(List<Transaction> all, Writers writers, Map<Edn, KeyOrder> lists, Map<Edn, KeyOrder> registers) {
        Fractures fractures = new Fractures(writers, lists, registers);
        List<Finding> findings = new ArrayList<>();
        for (Transaction reader : all) {
            Map<Edn, Edn> read = new HashMap<>();
            reader.reads().forEach(step -> read.putIfAbsent(step.key(), step.value()));
            for (Transaction writer : fractures.seen(read)) {
                writer.writes().stream().filter(step -> writer.id() != reader.id() && fractures.missed(read, step)).findFirst()
                        .ifPresent(step -> findings.add(new Finding(Anomaly.FRACTURED,
                                "one write of a transaction was seen and that of " + step.key().text() + " was not",
                                List.of(writer.operation(), reader.operation()))));
            }
        }
        return findings;
    }

    private Set<Transaction> seen(Map<Edn, Edn> read) {
        Set<Transaction> seen = new LinkedHashSet<>();
        read.forEach((key, value) -> {
            List<Edn> values = lists.containsKey(key) ? Lists.items(value) : List.of(value);
            values.forEach(one -> writers.of(key, one).ifPresent(seen::add));
        });
        return seen;
    }

    private boolean missed(Map<Edn, Edn> read, Transaction.Step write) {
        Edn value = read.get(write.key());
        if (value == null) {
            return false;
        }
        if (lists.containsKey(write.key())) {
            return !Lists.items(value).contains(write.value());
        }
        KeyOrder order = registers.get(write.key());
        int place = order == null ? -1 : order.place(value);
        return order != null && place >= 0 && (order.after().contains(write.value()) || place < order.place(write.value()));
    }
}
