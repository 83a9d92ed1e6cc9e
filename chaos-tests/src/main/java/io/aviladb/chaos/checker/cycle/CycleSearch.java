package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.checker.cycle.Graph.Edge;
import io.aviladb.chaos.checker.cycle.Graph.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The shortest cycle of each kind: breadth first from each edge that such a cycle must contain. */
final class CycleSearch {
    /** Edges tried for a cycle that is known to exist; only its length could get better after that. */
    private static final int TRIES = 500;
    private static final Set<Kind> ORDER = EnumSet.of(Kind.SESSION, Kind.REAL_TIME);

    private final Graph graph;

    CycleSearch(Graph graph) {
        this.graph = graph;
    }

    /** The worst cycle that the level forbids, as its edges in order. */
    Optional<List<Edge>> cycle(Anomaly anomaly) {
        return switch (anomaly) {
            case G0 -> shortest(Kind.WW, with(Kind.WW), false);
            case G1C -> shortest(Kind.WR, with(Kind.WW, Kind.WR), false);
            case G_SINGLE -> closed(with(Kind.WW, Kind.WR, Kind.OVERWRITE), false);
            case G_NONADJACENT -> closed(EnumSet.allOf(Kind.class), true);
            case G2 -> shortest(Kind.RW, EnumSet.allOf(Kind.class), false);
            case GARBAGE, G1A, G1B, FORK, INTERNAL, FRACTURED -> Optional.empty();
        };
    }

    private static Set<Kind> with(Kind... kinds) {
        Set<Kind> all = EnumSet.copyOf(ORDER);
        Collections.addAll(all, kinds);
        return all;
    }

    private Optional<List<Edge>> shortest(Kind first, Set<Kind> kinds, boolean apart) {
        List<Edge> edges = graph.cyclic(first, kinds);
        return best(edges.subList(0, Math.min(TRIES, edges.size())), kinds, apart);
    }

    /** Cycles that begin with an rw and go back by these kinds: all edges have to be tried, since no component proves that there is one. */
    private Optional<List<Edge>> closed(Set<Kind> back, boolean apart) {
        return best(graph.cyclic(Kind.RW, EnumSet.allOf(Kind.class)), back, apart);
    }

    private Optional<List<Edge>> best(List<Edge> firsts, Set<Kind> kinds, boolean apart) {
        @Nullable
        List<Edge> best = null;
        for (Edge first : firsts) {
            List<Edge> back = path(first, kinds, apart);
            if (back != null && (best == null || back.size() + 1 < best.size())) {
                best = new ArrayList<>();
                best.add(first);
                best.addAll(back);
            }
        }
        return Optional.ofNullable(best);
    }

    /** @param apart whether no two rw may be neighbours: then a place is a node and whether it was reached by rw */
    private @Nullable List<Edge> path(Edge first, Set<Kind> kinds, boolean apart) {
        @Nullable
        Edge[] reached = new @Nullable Edge[2 * graph.size()];
        int[] before = new int[2 * graph.size()];
        Deque<Integer> places = new ArrayDeque<>();
        int begin = place(first, apart);
        reached[begin] = first;
        places.add(begin);
        while (!places.isEmpty()) {
            int here = places.remove();
            boolean byRw = apart && here % 2 == 1;
            for (Edge edge : graph.from(here / 2)) {
                int there = place(edge, apart);
                if (!kinds.contains(edge.kind()) || byRw && edge.kind() == Kind.RW || reached[there] != null) {
                    continue;
                }
                reached[there] = edge;
                before[there] = here;
                if (edge.to() == first.from() && !(apart && edge.kind() == Kind.RW)) {
                    return unwound(there, begin, reached, before);
                }
                places.add(there);
            }
        }
        return null;
    }

    private static int place(Edge edge, boolean apart) {
        return 2 * edge.to() + (apart && edge.kind() == Kind.RW ? 1 : 0);
    }

    private static List<Edge> unwound(int end, int begin, @Nullable Edge[] reached, int[] before) {
        List<Edge> path = new ArrayList<>();
        for (int at = end; at != begin; at = before[at]) {
            path.add(Objects.requireNonNull(reached[at]));
        }
        return path.reversed();
    }
}
