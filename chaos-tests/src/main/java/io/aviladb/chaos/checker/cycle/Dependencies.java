package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.checker.cycle.Graph.Kind;
import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Draws the edges that a history proves. */
final class Dependencies {
    private final List<Transaction> transactions;
    private final Writers writers;
    private final Graph graph;

    Dependencies(List<Transaction> transactions, Writers writers) {
        this.transactions = transactions;
        this.writers = writers;
        this.graph = new Graph(transactions.size());
    }

    Graph graph() {
        return graph;
    }

    /** @param lists whether versions are lists: a read is as old as its last element */
    void data(KeyOrder order, boolean lists) {
        List<List<Transaction>> readers = readers(order, lists);
        for (int place = 0; place <= order.ordered().size(); place++) {
            Edn version = place == 0 ? Edn.ABSENT : order.ordered().get(place - 1);
            List<Edn> next = place < order.ordered().size() ? List.of(order.ordered().get(place)) : order.after();
            if (place > 0) {
                Transaction writer = writer(order, version);
                readers.get(place).forEach(reader -> graph.add(writer.id(), reader.id(), Kind.WR,
                        "wrote " + version.text() + " to " + order.key().text() + ", which was read by"));
                next.forEach(newer -> graph.add(writer.id(), writer(order, newer).id(), Kind.WW,
                        "wrote " + version.text() + " to " + order.key().text() + ", which came before " + newer.text() + " of"));
            }
            readers.get(place).forEach(reader -> next.forEach(newer -> graph.add(reader.id(), writer(order, newer).id(), Kind.RW,
                    "read " + order.key().text() + " before " + newer.text() + " of")));
        }
    }

    private Transaction writer(KeyOrder order, Edn version) {
        return writers.of(order.key(), version).orElseThrow();
    }

    private List<List<Transaction>> readers(KeyOrder order, boolean lists) {
        List<List<Transaction>> readers = new ArrayList<>();
        Map<Edn, Integer> places = new HashMap<>(Map.of(Edn.ABSENT, 0));
        readers.add(new ArrayList<>());
        for (Edn version : order.ordered()) {
            places.put(version, readers.size());
            readers.add(new ArrayList<>());
        }
        for (Transaction transaction : transactions) {
            for (Transaction.Step step : transaction.reads()) {
                if (step.key().equals(order.key())) {
                    List<Edn> items = lists ? Lists.items(step.value()) : List.of(step.value());
                    Integer place = places.get(items.isEmpty() ? Edn.ABSENT : items.getLast());
                    if (place != null) {
                        readers.get(place).add(transaction);
                    }
                }
            }
        }
        return readers;
    }

    /** Answered transactions of a session follow each other. One without answer takes effect after what came before it, or never. */
    void sessions() {
        Map<Edn, Transaction> last = new HashMap<>();
        for (Transaction transaction : transactions) {
            Transaction before = last.get(transaction.operation().session());
            if (before != null && before.operation().ended() < transaction.operation().began()) {
                graph.add(before.id(), transaction.id(), Kind.SESSION, "was followed in its session by");
            }
            if (transaction.operation().ok()) {
                last.put(transaction.operation().session(), transaction);
            }
        }
    }

    /** What ended before another began. Only the last ones are linked: what came before them is reached through them. */
    void realTime() {
        record Moment(long at, Transaction transaction, boolean begins) {}
        List<Moment> moments = transactions.stream().flatMap(transaction -> Stream.of(
                new Moment(transaction.operation().began(), transaction, true),
                new Moment(transaction.operation().ended(), transaction, false))).filter(moment -> moment.at != Operation.NEVER)
                .sorted(Comparator.comparingLong(Moment::at)).toList();
        Map<Integer, Transaction> frontier = new LinkedHashMap<>();
        Map<Integer, List<Transaction>> covered = new HashMap<>();
        for (Moment moment : moments) {
            int id = moment.transaction.id();
            if (moment.begins) {
                covered.put(id, List.copyOf(frontier.values()));
                frontier.values().forEach(before -> graph.add(before.id(), id, Kind.REAL_TIME, "ended before the beginning of"));
            } else {
                covered.getOrDefault(id, List.of()).forEach(before -> frontier.remove(before.id()));
                frontier.put(id, moment.transaction);
            }
        }
    }
}
