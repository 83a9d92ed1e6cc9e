package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.checker.cycle.Graph.Edge;
import io.aviladb.chaos.checker.cycle.Graph.Kind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Orders writes of a key that nobody has read since, where snapshots leave one order only. Of two that wrote one key, one must have committed before
 * the other began. If a path leads from A to B on which no two rw are neighbours, A began before B committed: so it was A. Lost updates are found
 * by this: each began before the other committed.
 */
final class Overwrites {
    /** Past so many unread writes of a key none are ordered: violations among them may be missed. */
    private static final int MOST = 64;

    private final Graph graph;
    private final Writers writers;

    Overwrites(Graph graph, Writers writers) {
        this.graph = graph;
        this.writers = writers;
    }

    void add(Collection<KeyOrder> orders) {
        boolean more = true;
        while (more) { // an edge may lead to others
            more = false;
            for (KeyOrder order : orders) {
                more |= add(order);
            }
        }
    }

    private boolean add(KeyOrder order) {
        List<Transaction> by = order.after().stream().map(value -> writers.of(order.key(), value)).flatMap(Optional::stream).distinct()
                .toList();
        boolean added = false;
        for (Transaction one : by.size() > MOST ? List.<Transaction>of() : by) {
            for (Transaction other : by) {
                if (one.id() != other.id() && !isOrdered(one, other) && leads(one.id(), other.id())) {
                    graph.add(one.id(), other.id(), Kind.OVERWRITE,
                            "began before the commit of another writer of " + order.key().text() + ",");
                    added = true;
                }
            }
        }
        return added;
    }

    private boolean isOrdered(Transaction one, Transaction other) {
        return graph.from(one.id()).stream().anyMatch(edge -> edge.kind() == Kind.OVERWRITE && edge.to() == other.id());
    }

    private boolean leads(int from, int to) {
        boolean[] reached = new boolean[2 * graph.size()]; // a transaction, and whether an rw leads there
        Deque<Integer> places = new ArrayDeque<>(List.of(2 * from));
        while (!places.isEmpty()) {
            int here = places.remove();
            for (Edge edge : next(here)) {
                int there = 2 * edge.to() + (edge.kind() == Kind.RW ? 1 : 0);
                if (edge.to() == to) {
                    return true;
                }
                if (!reached[there]) {
                    reached[there] = true;
                    places.add(there);
                }
            }
        }
        return false;
    }

    private List<Edge> next(int place) {
        Stream<Edge> all = graph.from(place / 2).stream();
        return (place % 2 == 1 ? all.filter(edge -> edge.kind() != Kind.RW) : all).toList();
    }
}
