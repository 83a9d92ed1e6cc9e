package io.aviladb.node.controller;

import io.aviladb.core.range.RangeRef;
import io.aviladb.node.controller.RangeMap.Range;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeOperation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which ranges are to be cut or united, by what they hold and are asked. Pure: the same looks give the same decisions.
 *
 * <p>A range that is too large is cut at once. Load has to last for some looks, and cold for a time, before anything is done about it; both are
 * counted for a range at one epoch, so that whatever changed it, by hand or not, is first watched anew. A range of which nothing was heard is left
 * as it is.
 */
public final class RangePolicy {
    /** So many looks in a row have to find a range hot: a burst is no load. */
    static final int HOT_LOOKS = 3;
    /** Cuts by size begun at one look, the largest ranges first: each reads all heads of its range. */
    static final int MAX_HALVED = 4;
    /** Ranges united at one look. */
    static final int MAX_UNITED = 8;

    private final RangeThresholds thresholds;

    public RangePolicy(RangeThresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** What is to be done, or told. */
    public sealed interface Decision {
        /** Too large: to be cut where its bytes are halved. */
        record Halve(Range range, long sizeBytes) implements Decision {}

        /** Asked too much: to be cut at the key, where its load is halved. */
        record Cut(Range range, byte[] at, double opsPerSecond) implements Decision {}

        /** Asked too much, and no bound would help, as most of it is for one key: somebody should know. */
        record HotKey(Range range, NodeStatus.HotKey key, double opsPerSecond) implements Decision {}

        /** Both small and cold for long. */
        record Unite(Range left, Range right) implements Decision {}
    }

    /** Neighbours, each at its epoch. */
    record Pair(RangeRef left, RangeRef right) {}

    /**
     * What has to be known of earlier looks. Lost with the controller's leader: the next one watches anew.
     *
     * @param hot how many looks in a row have found the range hot
     * @param coldSince the time of the first look in a row that found the neighbours small and cold
     * @param undivided the size at which no bound inside the range was found
     */
    public record Memory(Map<RangeRef, Integer> hot, Map<Pair, Long> coldSince, Map<RangeRef, Long> undivided) {
        public static final Memory NONE = new Memory(Map.of(), Map.of(), Map.of());

        public Memory {
            hot = Map.copyOf(hot);
            coldSince = Map.copyOf(coldSince);
            undivided = Map.copyOf(undivided);
        }

        /** This, and that one document has nearly all of the range: it isn't tried again before it has doubled. */
        public Memory withUndivided(RangeRef range, long sizeBytes) {
            Map<RangeRef, Long> more = new HashMap<>(undivided);
            more.put(range, sizeBytes);
            return new Memory(hot, coldSince, more);
        }
    }

    /** @param memory for the next look */
    public record Outcome(List<Decision> decisions, Memory memory) {
        public Outcome {
            decisions = List.copyOf(decisions);
        }
    }

    /**
     * @param state the map and the operations that run: what these have is left alone
     * @param measured what the groups' leaders have said; counts only at the map's epoch
     */
    public Outcome decide(ControllerState state, Map<RangeRef, NodeStatus.Range> measured, Memory memory, long nowMillis) {
        Look look = new Look(state, measured, memory, nowMillis);
        look.splits();
        look.merges();
        return new Outcome(look.decisions, new Memory(look.hot, look.coldSince, look.undivided));
    }

    private final class Look {
        final Map<RangeRef, NodeStatus.Range> measured;
        final Memory before;
        final long now;
        final Set<Long> taken = new HashSet<>(); // ranges of which something is decided, or under way
        final List<Range> ordered;
        final List<Decision> decisions = new ArrayList<>();
        final Map<RangeRef, Integer> hot = new HashMap<>();
        final Map<Pair, Long> coldSince = new HashMap<>();
        final Map<RangeRef, Long> undivided = new HashMap<>();

        Look(ControllerState state, Map<RangeRef, NodeStatus.Range> measured, Memory before, long now) {
            this.measured = measured;
            this.before = before;
            this.now = now;
            this.ordered = state.map().ranges().stream()
                    .sorted((a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start())).toList();
            for (RangeOperation operation : state.running()) {
                taken.add(operation.range().range());
                taken.add(operation.other().range());
            }
        }

        void splits() {
            List<Decision.Halve> large = new ArrayList<>();
            for (Range range : ordered) {
                NodeStatus.Range seen = measured.get(range.ref());
                if (seen == null) {
                    continue;
                }
                if (before.undivided.containsKey(range.ref())) {
                    undivided.put(range.ref(), before.undivided.get(range.ref()));
                }
                boolean isHot = seen.opsPerSecond() > thresholds.splitOps();
                if (isHot) {
                    hot.put(range.ref(), Math.min(HOT_LOOKS, before.hot.getOrDefault(range.ref(), 0) + 1));
                }
                if (taken.contains(range.ref().range())) {
                    continue;
                }
                if (isHot && hot.getOrDefault(range.ref(), 0) == HOT_LOOKS) {
                    byLoad(range, seen);
                }
                boolean fits = seen.sizeBytes() <= thresholds.splitBytes()
                        || seen.sizeBytes() < 2 * undivided.getOrDefault(range.ref(), 0L);
                if (!fits && !taken.contains(range.ref().range())) {
                    large.add(new Decision.Halve(range, seen.sizeBytes()));
                }
            }
            large.stream().sorted(Comparator.comparing(Decision.Halve::sizeBytes).reversed()).limit(MAX_HALVED).forEach(halve -> {
                taken.add(halve.range().ref().range());
                decisions.add(halve);
            });
        }

        private void byLoad(Range range, NodeStatus.Range seen) {
            if (range.keys().isInside(seen.middle())) {
                taken.add(range.ref().range());
                decisions.add(new Decision.Cut(range, seen.middle(), seen.opsPerSecond()));
            } else if (!seen.hottest().isEmpty()) {
                decisions.add(new Decision.HotKey(range, seen.hottest().getFirst(), seen.opsPerSecond()));
            }
        }

        void merges() {
            int united = 0;
            for (int i = 1; i < ordered.size(); i++) {
                Range left = ordered.get(i - 1);
                Range right = ordered.get(i);
                if (!isCold(left, right)) {
                    continue;
                }
                Pair pair = new Pair(left.ref(), right.ref());
                long since = Math.min(now, before.coldSince.getOrDefault(pair, now));
                coldSince.put(pair, since);
                boolean free = !taken.contains(left.ref().range()) && !taken.contains(right.ref().range());
                if (free && united < MAX_UNITED && now - since >= thresholds.mergeAfter().toMillis()) {
                    taken.add(left.ref().range());
                    taken.add(right.ref().range());
                    united++;
                    decisions.add(new Decision.Unite(left, right));
                }
            }
        }

        /** Neighbours that may be united, and now take and are asked little. */
        private boolean isCold(Range left, Range right) {
            NodeStatus.Range one = measured.get(left.ref());
            NodeStatus.Range two = measured.get(right.ref());
            return one != null && two != null && left.collection() == right.collection() && left.group() == right.group()
                    && !right.byHand() && left.keys().touches(right.keys())
                    && one.sizeBytes() + two.sizeBytes() < thresholds.mergeBytes()
                    && one.opsPerSecond() + two.opsPerSecond() < thresholds.mergeOps();
        }
    }
}
