package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeLoadsTest {
    private static final OwnedRange RANGE = OwnedRange.of(new RangeRef(1, 1), RegionReplica.ALL, RegionReplica.COLLECTION);

    private final RangeLoads loads = new RangeLoads();
    private long millis = 1_000;

    private static DocumentKey key(int number) {
        return RegionReplica.key("k%04d".formatted(number));
    }

    private void second(int hits, java.util.function.IntSupplier which) {
        for (int i = 0; i < hits; i++) {
            loads.hit(RANGE.ref(), key(which.getAsInt()));
        }
        millis += 1_000;
        loads.roll(millis, List.of(RANGE));
    }

    @Test
    void theRateFollowsWhatIsAsked() {
        loads.roll(millis, List.of(RANGE));
        for (int i = 0; i < 20; i++) {
            second(500, () -> 1);
        }
        assertThat(loads.of(RANGE).opsPerSecond()).isCloseTo(500, within(1.0));
        for (int i = 0; i < 40; i++) {
            second(0, () -> 1);
        }
        assertThat(loads.of(RANGE)).isEqualTo(RangeLoads.Load.NONE);
    }

    @Test
    void theMiddleHalvesTheLoadAndNotTheKeys() {
        Random random = new Random(5);
        loads.roll(millis, List.of(RANGE));
        for (int i = 0; i < 15; i++) { // nine tenths of the load on the last hundred of a thousand keys
            second(2_000, () -> random.nextInt(10) == 0 ? random.nextInt(900) : 900 + random.nextInt(100));
        }
        String middle = new DocumentKey(loads.of(RANGE).middle()).id();
        assertThat(middle).isBetween("k0920", "k0970");
        assertThat(loads.of(RANGE).hottest()).isEmpty();
    }

    @Test
    void oneHotKeyIsNamedAndNotCut() {
        Random random = new Random(6);
        loads.roll(millis, List.of(RANGE));
        for (int i = 0; i < 15; i++) {
            second(2_000, () -> random.nextInt(10) == 0 ? random.nextInt(1_000) : 500);
        }
        RangeLoads.Load load = loads.of(RANGE);
        assertThat(load.middle()).isEmpty();
        assertThat(load.hottest().getFirst().key()).isEqualTo(key(500));
        assertThat(load.hottest().getFirst().share()).isCloseTo(0.9, within(0.07));
    }

    @Test
    void aRangeThatWasCutIsMeasuredAnew() {
        loads.roll(millis, List.of(RANGE));
        second(100, () -> 1);
        OwnedRange next = OwnedRange.of(RANGE.ref().afterSplit(), RegionReplica.ALL, RegionReplica.COLLECTION);
        assertThat(loads.of(next)).isEqualTo(RangeLoads.Load.NONE);
        loads.roll(millis + 1_000, List.of(next));
        assertThat(loads.of(RANGE)).as("and its meter goes").isEqualTo(RangeLoads.Load.NONE);
    }
}
