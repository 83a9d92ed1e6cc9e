package io.aviladb.node.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.controller.RangeMap.Range;
import io.aviladb.node.controller.RangePolicy.Decision;
import io.aviladb.proto.node.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The policy against a model of documents and what they are asked, whose ranges follow its decisions: whatever the sizes and the load, ranges come to
 * rest, at a shape that the thresholds allow, and stay there. {@code -Davila.seeds=N} runs more seeds.
 */
class RangePolicySimulation {
    private static final RangeThresholds THRESHOLDS = new RangeThresholds(true, Duration.ofSeconds(1), 1_000, 100, 400, 20,
            Duration.ofSeconds(10));
    private static final int KEYS = 256;
    /** Looks after which everything has to rest: each cut takes a few, each merge the time that neighbours have to be cold. */
    private static final int PATIENCE = 600;

    @Test
    void rangesComeToRestWhateverTheyHoldAndAreAsked() {
        int cut = 0;
        int united = 0;
        for (long seed = 1; seed <= Long.getLong("avila.seeds", 100); seed++) {
            World world = new World(new Random(seed));
            for (int phase = 0; phase < 4; phase++) {
                world.change();
                world.rest("seed " + seed + ", phase " + phase);
            }
            cut += world.cut;
            united += world.united;
        }
        assertThat(cut).as("ranges were cut").isGreaterThan(300);
        assertThat(united).as("ranges were united").isGreaterThan(300);
    }

    private static final class World {
        final Random random;
        final RangePolicy policy = new RangePolicy(THRESHOLDS);
        final long[] bytes = new long[KEYS];
        final double[] ops = new double[KEYS];
        final List<Range> ranges = new ArrayList<>();
        RangePolicy.Memory memory = RangePolicy.Memory.NONE;
        long now = 1_000_000;
        long next = 2;
        int cut;
        int united;

        World(Random random) {
            this.random = random;
            ranges.add(new Range(new RangeRef(1, 1), 1, KeyRange.collection(1), 101));
        }

        private static byte[] key(int number) {
            return new byte[]{0, 0, 0, 1, (byte) number};
        }

        /** Another time of day: documents come and go, others are asked for. */
        void change() {
            boolean much = random.nextBoolean();
            int hot = random.nextInt(KEYS);
            for (int i = 0; i < KEYS; i++) {
                bytes[i] = much && random.nextInt(3) > 0 ? random.nextInt(100) : random.nextInt(3);
                ops[i] = random.nextInt(much ? 20 : 200) == 0 ? random.nextInt(60) : 0;
            }
            if (random.nextInt(3) == 0) {
                ops[hot] = 1_000;
            }
            if (random.nextInt(3) == 0) {
                bytes[hot] = 5_000;
            }
        }

        void rest(String where) {
            int quiet = 0;
            for (int look = 0; look < PATIENCE && quiet < 40; look++) {
                quiet = look() ? 0 : quiet + 1;
            }
            assertThat(quiet).as("RangesComeToRest: %s", where).isEqualTo(40);
            checkShape(where);
        }

        /** @return whether something was done */
        private boolean look() {
            Map<RangeRef, NodeStatus.Range> measured = new HashMap<>();
            ranges.forEach(range -> measured.put(range.ref(), measure(range)));
            ControllerState state = new ControllerState(new RangeMap(1, next, byNumber()), List.of(), 1);
            RangePolicy.Outcome outcome = policy.decide(state, measured, memory, now);
            memory = outcome.memory();
            now += 1_000;
            boolean done = false;
            for (Decision decision : outcome.decisions()) {
                done |= obey(decision);
            }
            KeyRange all = ordered().stream().map(Range::keys).reduce(KeyRange::followedBy).orElseThrow();
            assertThat(all).as("EachKeyHasOneOwner").isEqualTo(KeyRange.collection(1));
            return done;
        }

        private boolean obey(Decision decision) {
            return switch (decision) {
                case Decision.Halve halve -> {
                    byte[] at = middle(halve.range(), bytes, 0.5);
                    if (at.length == 0) {
                        memory = memory.withUndivided(halve.range().ref(), halve.sizeBytes());
                        yield false;
                    }
                    split(halve.range(), at);
                    yield true;
                }
                case Decision.Cut cutAt -> {
                    split(cutAt.range(), cutAt.at());
                    yield true;
                }
                case Decision.Unite unite -> {
                    assertThat(ranges.removeAll(List.of(unite.left(), unite.right()))).isTrue();
                    ranges.add(new Range(unite.left().ref().mergedWith(unite.right().ref()), 1,
                            unite.left().keys().followedBy(unite.right().keys()), 101));
                    united++;
                    yield true;
                }
                case Decision.HotKey hot -> false;
            };
        }

        private void split(Range range, byte[] at) {
            assertThat(ranges.remove(range)).isTrue();
            RangeRef front = range.ref().afterSplit();
            ranges.add(new Range(front, 1, new KeyRange(range.keys().start(), at), 101));
            ranges.add(new Range(new RangeRef(next++, front.epoch()), 1, new KeyRange(at, range.keys().end()), 101));
            cut++;
        }

        private NodeStatus.Range measure(Range range) {
            long size = 0;
            double asked = 0;
            int hottest = 0;
            for (int i = 0; i < KEYS; i++) {
                if (range.keys().contains(new DocumentKey(key(i)))) {
                    size += bytes[i];
                    asked += ops[i];
                    hottest = ops[i] > ops[hottest] || !range.keys().contains(new DocumentKey(key(hottest))) ? i : hottest;
                }
            }
            List<NodeStatus.HotKey> hot = asked > 0 && ops[hottest] / asked >= 0.1
                    ? List.of(new NodeStatus.HotKey(new DocumentKey(key(hottest)), ops[hottest] / asked))
                    : List.of();
            long[] load = Arrays.stream(ops).mapToLong(one -> (long) one).toArray();
            return new NodeStatus.Range(range.ref(), size, asked, middle(range, load, 0.3), hot);
        }

        /** The key before which most nearly half of the weight lies, no further off than that. */
        private static byte[] middle(Range range, long[] weights, double atMostOff) {
            long total = 0;
            for (int i = 0; i < KEYS; i++) {
                total += range.keys().contains(new DocumentKey(key(i))) ? weights[i] : 0;
            }
            byte[] best = new byte[0];
            double least = atMostOff;
            long before = 0;
            for (int i = 0; i < KEYS; i++) {
                if (!range.keys().contains(new DocumentKey(key(i)))) {
                    continue;
                }
                double off = total == 0 ? 1 : Math.abs(0.5 - (double) before / total);
                if (range.keys().isInside(key(i)) && off < least) {
                    best = key(i);
                    least = off;
                }
                before += weights[i];
            }
            return best;
        }

        private void checkShape(String where) {
            List<Range> all = ordered();
            for (int i = 0; i < all.size(); i++) {
                NodeStatus.Range seen = measure(all.get(i));
                boolean oneDocument = middle(all.get(i), bytes, 0.5).length == 0;
                assertThat(seen.sizeBytes() <= THRESHOLDS.splitBytes() || oneDocument).as("NoneIsTooLarge: %s, %s", where, all.get(i))
                        .isTrue();
                assertThat(seen.opsPerSecond() <= THRESHOLDS.splitOps() || seen.middle().length == 0)
                        .as("NoneThatCouldBeCutIsTooHot: %s, %s", where, all.get(i)).isTrue();
                if (i > 0) {
                    NodeStatus.Range left = measure(all.get(i - 1));
                    assertThat(left.sizeBytes() + seen.sizeBytes() >= THRESHOLDS.mergeBytes()
                            || left.opsPerSecond() + seen.opsPerSecond() >= THRESHOLDS.mergeOps())
                            .as("NoColdNeighboursAreLeft: %s, %s", where, all.get(i)).isTrue();
                }
            }
        }

        private List<Range> ordered() {
            return ranges.stream().sorted((a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start())).toList();
        }

        private List<Range> byNumber() {
            return ranges.stream().sorted(Comparator.comparing(range -> range.ref().range())).toList();
        }
    }
}
