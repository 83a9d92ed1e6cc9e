package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.checker.Checker;
import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether transactions over lists ({@code [:append k v]}) and registers ({@code [:w k v]}, ordered by the database's own stamps) keep a level of
 * isolation. A violation is the worst anomaly that the level forbids, a cycle the shortest of its kind.
 *
 * @param perKey whether only what happens to one key is judged, as where keys promise nothing together
 */
public record Cycles(Level level, boolean perKey) implements Checker {
    private static final List<Anomaly> CYCLES = List.of(Anomaly.G0, Anomaly.G1C, Anomaly.G_SINGLE, Anomaly.G_NONADJACENT, Anomaly.G2);

    @Override
    public Verdict check(History history) {
        List<Operation> operations = history.operations();
        if (operations.stream().noneMatch(Operation::ok)) {
            return new Verdict.Undecided("nothing was acknowledged");
        }
        List<Transaction> all = new ArrayList<>();
        for (Operation operation : operations) {
            all.add(Transaction.of(all.size(), operation));
        }
        Writers writers = new Writers(all);
        Lists lists = new Lists(writers);
        Registers registers = new Registers(writers);
        Set<Edn> listed = keys(all, Transaction.Kind.APPEND);
        Set<Edn> other = keys(all, Transaction.Kind.WRITE);
        addOnlyRead(all, listed, other);
        Map<Edn, KeyOrder> listOrders = lists.orders(all, listed);
        Map<Edn, KeyOrder> registerOrders = registers.orders(all, other);
        List<Finding> findings = new ArrayList<>(lists.findings());
        findings.addAll(registers.findings());
        all.forEach(transaction -> Internal.of(transaction).ifPresent(findings::add));
        findings.addAll(Fractures.of(all, writers, listOrders, registerOrders));
        Optional<Finding> worst = worst(findings);
        if (worst.isPresent() && worst.get().anomaly().compareTo(Anomaly.G1C) < 0) {
            return violated(worst.get()); // versions have no order to look for cycles in
        }
        findings.addAll(cycles(all, writers, listOrders, registerOrders));
        return worst(findings).<Verdict>map(Cycles::violated).orElseGet(Verdict.Valid::new);
    }

    /** What a key holds that nobody writes must come from nowhere: it is judged by the kind of what was read. */
    private static void addOnlyRead(List<Transaction> all, Set<Edn> listed, Set<Edn> other) {
        all.stream().flatMap(transaction -> transaction.reads().stream())
                .filter(step -> !step.value().equals(Edn.ABSENT) && !listed.contains(step.key()) && !other.contains(step.key()))
                .forEach(step -> (step.value() instanceof Edn.Vector ? listed : other).add(step.key()));
    }

    /** Keys that are written in this way. */
    private static Set<Edn> keys(List<Transaction> all, Transaction.Kind kind) {
        Set<Edn> keys = new LinkedHashSet<>();
        all.forEach(transaction -> transaction.steps().stream().filter(step -> step.kind() == kind).forEach(step -> keys.add(step.key())));
        return keys;
    }

    private Optional<Finding> worst(List<Finding> findings) {
        return findings.stream().filter(finding -> level.forbids(finding.anomaly())).min(Comparator.comparing(Finding::anomaly));
    }

    private static Verdict violated(Finding finding) {
        return new Verdict.Violated(finding.anomaly().label() + ": " + finding.why(), finding.offending());
    }

    private List<Finding> cycles(List<Transaction> all, Writers writers, Map<Edn, KeyOrder> lists, Map<Edn, KeyOrder> registers) {
        Map<Edn, KeyOrder> orders = new HashMap<>(registers);
        orders.putAll(lists);
        if (!perKey) {
            return found(graph(all, writers, orders, lists.keySet()), all);
        }
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<Edn, KeyOrder> key : orders.entrySet()) {
            List<Transaction> of = new ArrayList<>();
            all.stream().filter(transaction -> transaction.steps().stream().anyMatch(step -> step.key().equals(key.getKey())))
                    .forEach(transaction -> of.add(new Transaction(of.size(), transaction.operation(), transaction.steps())));
            findings.addAll(found(graph(of, new Writers(of), Map.of(key.getKey(), key.getValue()), lists.keySet()), of));
        }
        return findings;
    }

    private Graph graph(List<Transaction> all, Writers writers, Map<Edn, KeyOrder> orders, Set<Edn> lists) {
        Dependencies dependencies = new Dependencies(all, writers);
        orders.forEach((key, order) -> dependencies.data(order, lists.contains(key)));
        if (level.order() != Level.Order.DATA) {
            dependencies.sessions();
        }
        if (level.order() == Level.Order.REAL_TIME) {
            dependencies.realTime();
        }
        if (level.last() == Anomaly.G_NONADJACENT) {
            new Overwrites(dependencies.graph(), writers).add(orders.values());
        }
        return dependencies.graph();
    }

    private List<Finding> found(Graph graph, List<Transaction> all) {
        CycleSearch search = new CycleSearch(graph);
        for (Anomaly anomaly : CYCLES) {
            Optional<List<Graph.Edge>> cycle = level.forbids(anomaly) ? search.cycle(anomaly) : Optional.empty();
            if (cycle.isPresent()) {
                return List.of(finding(anomaly, cycle.get(), all));
            }
        }
        return List.of();
    }

    private static Finding finding(Anomaly anomaly, List<Graph.Edge> cycle, List<Transaction> all) {
        StringBuilder why = new StringBuilder("a cycle of " + cycle.size());
        for (Graph.Edge edge : cycle) {
            why.append("\n  T").append(edge.from()).append(' ').append(edge.why()).append(" T").append(edge.to()).append(" (")
                    .append(edge.kind().label()).append(')');
        }
        return new Finding(anomaly, why.append("\nwith").toString(), cycle.stream().map(edge -> all.get(edge.from()).operation()).toList());
    }
}
