package io.aviladb.chaos.checker.cycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Transactions by number, and why one comes before another. */
final class Graph {
    /** Why. */
    enum Kind {
        WW("ww"), WR("wr"), RW("rw"), OVERWRITE("ww, or snapshots overlap"), SESSION("session"), REAL_TIME("real time");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** @param why in words, to be read between the two transactions */
    record Edge(int from, int to, Kind kind, String why) {}

    private final List<List<Edge>> out = new ArrayList<>();

    Graph(int size) {
        for (int n = 0; n < size; n++) {
            out.add(new ArrayList<>());
        }
    }

    void add(int from, int to, Kind kind, String why) {
        if (from != to) {
            out.get(from).add(new Edge(from, to, kind, why));
        }
    }

    int size() {
        return out.size();
    }

    List<Edge> from(int node) {
        return out.get(node);
    }

    /** Edges of a kind whose two ends lie in one strongly connected component of the edges of these kinds: each is part of a cycle of them. */
    List<Edge> cyclic(Kind kind, Set<Kind> kinds) {
        int[] component = new Components(kinds).component;
        return out.stream().flatMap(List::stream).filter(edge -> edge.kind == kind && component[edge.from] == component[edge.to]).toList();
    }

    /** Tarjan's algorithm, with a stack of its own: a history is longer than a thread's. */
    private final class Components {
        private static final int UNSEEN = -1;
        private final Set<Kind> kinds;
        private final int[] component = new int[size()];
        private final int[] number = new int[size()];
        private final int[] low = new int[size()];
        private final int[] next = new int[size()];
        private final Deque<Integer> path = new ArrayDeque<>();
        private final Deque<Integer> open = new ArrayDeque<>();
        private int numbered;
        private int components;

        Components(Set<Kind> kinds) {
            this.kinds = kinds;
            Arrays.fill(component, UNSEEN);
            Arrays.fill(number, UNSEEN);
            for (int node = 0; node < size(); node++) {
                if (number[node] == UNSEEN) {
                    visit(node);
                }
            }
        }

        private void visit(int root) {
            enter(root);
            while (!path.isEmpty()) {
                int node = path.element();
                if (next[node] < out.get(node).size()) {
                    follow(node, out.get(node).get(next[node]++));
                } else {
                    leave(node);
                }
            }
        }

        private void enter(int node) {
            number[node] = numbered;
            low[node] = numbered++;
            path.push(node);
            open.push(node);
        }

        private void follow(int node, Edge edge) {
            if (!kinds.contains(edge.kind)) {
                return;
            }
            if (number[edge.to] == UNSEEN) {
                enter(edge.to);
            } else if (component[edge.to] == UNSEEN) {
                low[node] = Math.min(low[node], number[edge.to]);
            }
        }

        private void leave(int node) {
            path.pop();
            if (!path.isEmpty()) {
                low[path.element()] = Math.min(low[path.element()], low[node]);
            }
            if (low[node] == number[node]) {
                int member;
                do {
                    member = open.pop();
                    component[member] = components;
                } while (member != node);
                components++;
            }
        }
    }
}
