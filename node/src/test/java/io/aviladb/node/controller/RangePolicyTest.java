package io.aviladb.node.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.controller.RangeMap.Range;
import io.aviladb.node.controller.RangePolicy.Decision;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RangePolicyTest {
    private static final RangeThresholds THRESHOLDS = new RangeThresholds(true, Duration.ofSeconds(1), 1_000, 100, 400, 20,
            Duration.ofSeconds(60));
    private static final byte[] NONE = {};

    private final RangePolicy policy = new RangePolicy(THRESHOLDS);
    private final Map<RangeRef, NodeStatus.Range> measured = new HashMap<>();
    private final List<Range> ranges = new ArrayList<>();
    private final List<RangeOperation> running = new ArrayList<>();
    private RangePolicy.Memory memory = RangePolicy.Memory.NONE;
    private long now = 1_000_000;

    /** The next range of collection 1, of keys that begin with the number. */
    private Range range(int number, int group, boolean byHand, long bytes, double ops, byte[] middle) {
        Range range = new Range(new RangeRef(number, 1), 1, new KeyRange(key(number), key(number + 1)), group, byHand);
        ranges.add(range);
        measured.put(range.ref(), measure(range, bytes, ops, middle));
        return range;
    }

    private static NodeStatus.Range measure(Range range, long bytes, double ops, byte[] middle) {
        return new NodeStatus.Range(range.ref(), bytes, ops, middle, List.of());
    }

    private static byte[] key(int... bytes) {
        byte[] key = {0, 0, 0, 1, 0, 0};
        for (int i = 0; i < bytes.length; i++) {
            key[4 + i] = (byte) bytes[i];
        }
        return key;
    }

    private List<Decision> look() {
        ControllerState state = new ControllerState(new RangeMap(9, 1_000, ranges), running, 1 + running.size());
        RangePolicy.Outcome outcome = policy.decide(state, measured, memory, now);
        assertThat(policy.decide(state, measured, memory, now)).as("the same look, the same decisions").isEqualTo(outcome);
        memory = outcome.memory();
        now += 1_000;
        return outcome.decisions();
    }

    private static RangeOperation operationOn(Range range) {
        return new RangeOperation(1, 7, RangeOperation.Kind.SPLIT, RangeOperation.State.RUNNING, 1, range.group(), range.ref(),
                key(1, 1), new RangeRef(900, 2), true, "");
    }

    @Nested
    class BySize {
        @Test
        void whatIsTooLargeIsHalvedAtOnceAndWhatFitsIsNot() {
            range(1, 101, false, 1_000, 0, NONE);
            Range large = range(2, 101, false, 1_001, 0, NONE);
            assertThat(look()).containsExactly(new Decision.Halve(large, 1_001));
        }

        @Test
        void theLargestComeFirstAndOnlySomeAtOneLook() {
            for (int i = 1; i <= RangePolicy.MAX_HALVED + 2; i++) {
                range(i, 101, false, 1_000 + i, 0, NONE);
            }
            List<Decision> decisions = look();
            assertThat(decisions).hasSize(RangePolicy.MAX_HALVED);
            assertThat(decisions.getFirst()).isEqualTo(new Decision.Halve(ranges.getLast(), 1_000 + ranges.size()));
        }

        @Test
        void aRangeThatIsOneDocumentIsTriedAgainOnlyWhenItHasDoubled() {
            Range large = range(1, 101, false, 5_000, 0, NONE);
            memory = memory.withUndivided(large.ref(), 5_000);
            assertThat(look()).isEmpty();
            measured.put(large.ref(), measure(large, 9_999, 0, NONE));
            assertThat(look()).as("remembered from look to look").isEmpty();
            measured.put(large.ref(), measure(large, 10_000, 0, NONE));
            assertThat(look()).containsExactly(new Decision.Halve(large, 10_000));
        }
    }

    @Nested
    class ByLoad {
        @Test
        void loadThatLastsCutsAtItsMiddle() {
            Range hot = range(1, 101, false, 10, 101, key(1, 7));
            for (int i = 1; i < RangePolicy.HOT_LOOKS; i++) {
                assertThat(look()).as("look %s", i).isEmpty();
            }
            assertThat(look()).hasSize(1).first().isInstanceOfSatisfying(Decision.Cut.class, cut -> {
                assertThat(cut.range()).isEqualTo(hot);
                assertThat(cut.at()).isEqualTo(key(1, 7));
            });
        }

        @Test
        void aBurstCutsNothing() {
            Range range = range(1, 101, false, 10, 500, key(1, 7));
            for (int i = 0; i < 10; i++) {
                measured.put(range.ref(), measure(range, 10, i % RangePolicy.HOT_LOOKS == 0 ? 50 : 500, key(1, 7)));
                assertThat(look()).as("look %s", i).isEmpty();
            }
        }

        @Test
        void aSingleHotKeyIsToldAndNotCut() {
            Range range = range(1, 101, false, 10, 500, NONE);
            NodeStatus.HotKey key = new NodeStatus.HotKey(new DocumentKey(key(1, 3)), 0.9);
            measured.put(range.ref(), new NodeStatus.Range(range.ref(), 10, 500, NONE, List.of(key)));
            look();
            look();
            for (int i = 0; i < 5; i++) {
                assertThat(look()).containsExactly(new Decision.HotKey(range, key, 500));
            }
        }

        @Test
        void aMiddleThatLiesOutsideIsNoBound() {
            range(1, 101, false, 10, 500, key(1));
            look();
            look();
            assertThat(look()).isEmpty();
        }

        @Test
        void aRangeAtANewEpochIsWatchedAnew() {
            range(1, 101, false, 10, 500, key(1, 7));
            look();
            look();
            ranges.clear();
            Range next = new Range(new RangeRef(1, 2), 1, new KeyRange(key(1), key(2)), 101);
            ranges.add(next);
            measured.put(next.ref(), measure(next, 10, 500, key(1, 7)));
            assertThat(look()).isEmpty();
        }

        @Test
        void whatIsLargeAndHotIsCutOnceByItsLoad() {
            Range both = range(1, 101, false, 900, 500, key(1, 7));
            look();
            look();
            measured.put(both.ref(), measure(both, 5_000, 500, key(1, 7)));
            assertThat(look()).hasSize(1).first().isInstanceOf(Decision.Cut.class);
        }
    }

    @Nested
    class Cold {
        @Test
        void neighboursThatStayColdAreUnitedAfterTheTime() {
            Range left = range(1, 101, false, 100, 1, NONE);
            Range right = range(2, 101, false, 100, 1, NONE);
            for (int i = 0; i < 60; i++) {
                assertThat(look()).as("after %s s", i).isEmpty();
            }
            assertThat(look()).containsExactly(new Decision.Unite(left, right));
        }

        @Test
        void oneWarmLookBeginsTheTimeAnew() {
            range(1, 101, false, 100, 1, NONE);
            Range right = range(2, 101, false, 100, 1, NONE);
            for (int i = 0; i < 60; i++) {
                look();
            }
            measured.put(right.ref(), measure(right, 100, 19, NONE));
            assertThat(look()).isEmpty();
            measured.put(right.ref(), measure(right, 100, 1, NONE));
            for (int i = 0; i < 60; i++) {
                assertThat(look()).as("after %s s", i).isEmpty();
            }
            assertThat(look()).hasSize(1);
        }

        @Test
        void whatIsTogetherTooLargeOrAskedTooMuchStaysTwo() {
            range(1, 101, false, 200, 1, NONE);
            range(2, 101, false, 200, 1, NONE);
            range(4, 101, false, 10, 10, NONE);
            range(5, 101, false, 10, 10, NONE);
            neverUnited();
        }

        @Test
        void anotherGroupAGapAnotherCollectionOrABoundMadeByHandKeepsThemApart() {
            range(1, 101, false, 1, 0, NONE);
            range(2, 102, false, 1, 0, NONE);
            range(3, 102, true, 1, 0, NONE);
            range(5, 102, false, 1, 0, NONE);
            Range other = new Range(new RangeRef(6, 1), 2, new KeyRange(key(6), key(7)), 102);
            ranges.add(other);
            measured.put(other.ref(), measure(other, 1, 0, NONE));
            neverUnited();
        }

        private void neverUnited() {
            for (int i = 0; i < 100; i++) {
                assertThat(look()).isEmpty();
            }
        }

        @Test
        void aRangeIsInOneDecisionOnly() {
            Range one = range(1, 101, false, 1, 0, NONE);
            Range two = range(2, 101, false, 1, 0, NONE);
            range(3, 101, false, 1, 0, NONE);
            for (int i = 0; i < 60; i++) {
                look();
            }
            assertThat(look()).containsExactly(new Decision.Unite(one, two));
        }
    }

    @Test
    void whatWasMeasuredAtAnotherEpochCountsForNothing() {
        Range range = new Range(new RangeRef(1, 5), 1, new KeyRange(key(1), key(2)), 101);
        ranges.add(range);
        for (long epoch : new long[]{4, 6}) { // before the group's last change, and after one that the map hasn't heard of
            measured.clear();
            RangeRef other = new RangeRef(1, epoch);
            measured.put(other, new NodeStatus.Range(other, 5_000, 500, key(1, 7), List.of()));
            for (int i = 0; i < 5; i++) {
                assertThat(look()).as("measured at epoch %s", epoch).isEmpty();
            }
        }
    }

    @Test
    void whatAnOperationHasIsLeftAloneAndSoIsWhatNothingWasHeardOf() {
        Range busy = range(1, 101, false, 5_000, 500, key(1, 7));
        range(2, 101, false, 1, 0, NONE);
        Range silent = range(3, 101, false, 5_000, 500, key(3, 7));
        measured.remove(silent.ref());
        running.add(operationOn(busy));
        for (int i = 0; i < 100; i++) {
            assertThat(look()).isEmpty();
        }
        running.clear();
        assertThat(look()).as("the operation failed: the load has lasted").hasSize(1).first().isInstanceOf(Decision.Cut.class);
    }

    @Test
    void thresholdsWithoutDistanceAreRefused() {
        assertThatThrownBy(() -> new RangeThresholds(true, Duration.ofSeconds(1), 1_000, 100, 501, 20, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mergeBytes");
        assertThatThrownBy(() -> new RangeThresholds(true, Duration.ofSeconds(1), 1_000, 100, 500, 51, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("mergeOps");
        assertThatThrownBy(() -> new RangeThresholds(true, Duration.ZERO, 1_000, 100, 500, 50, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new RangeThresholds(true, Duration.ofSeconds(1), 1_000, 100, 500, 50, Duration.ZERO).mergeBytes()).isEqualTo(500);
    }
}
