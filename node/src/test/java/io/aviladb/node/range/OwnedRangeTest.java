package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a range has covered is true of all its keys, wherever other regions cut theirs (S51). */
class OwnedRangeTest {
    private static final RegionIncarnation B = new RegionIncarnation(2);
    private static final RegionIncarnation C = new RegionIncarnation(3);
    private static final byte[] END = {};

    private static byte[] at(int key) {
        return new byte[]{(byte) key};
    }

    private static KeyRange keys(int from, int to) {
        return new KeyRange(at(from), at(to));
    }

    private static HybridTimestamp stamp(long millis) {
        return HybridTimestamp.ofMillis(millis);
    }

    private static OwnedRange range(KeyRange keys) {
        return OwnedRange.of(new RangeRef(1, 1), keys, RegionReplica.COLLECTION);
    }

    @Test
    void aPartThatWasNeverPulledCountsAsNothing() {
        OwnedRange half = range(keys(10, 20)).withCursor(B, keys(10, 15), stamp(9));
        assertThat(half.covered()).isEqualTo(VersionVector.EMPTY);
        assertThat(half.cursor(B, keys(10, 15))).isEqualTo(stamp(9));
        assertThat(half.cursor(B, keys(15, 20))).isEqualTo(HybridTimestamp.ZERO);
        OwnedRange whole = half.withCursor(B, keys(15, 20), stamp(7));
        assertThat(whole.covered()).isEqualTo(VersionVector.of(B, stamp(7)));
        assertThat(range(keys(10, 20)).withCursor(B, keys(10, 14), stamp(9)).withCursor(B, keys(15, 20), stamp(9)).covered())
                .as("a gap in the middle").isEqualTo(VersionVector.EMPTY);
        assertThat(range(keys(10, 20)).withCursor(B, keys(11, 20), stamp(9)).covered()).as("a gap at the start")
                .isEqualTo(VersionVector.EMPTY);
    }

    @Test
    void aPartWithoutEndIsCoveredByAPieceWithoutEndOnly() {
        OwnedRange open = range(new KeyRange(at(10), END)).withCursor(B, keys(10, 200), stamp(9));
        assertThat(open.covered()).isEqualTo(VersionVector.EMPTY);
        assertThat(open.withCursor(B, new KeyRange(at(200), END), stamp(8)).covered()).isEqualTo(VersionVector.of(B, stamp(8)));
    }

    @Test
    void aPieceOfTheSourceThatReachesBeyondTheRangeCountsInsideOnly() {
        OwnedRange range = range(keys(10, 20)).withCursor(B, keys(0, 30), stamp(9)).withMark(C, keys(0, 30), VersionVector.of(B, stamp(5)));
        assertThat(range.covered()).isEqualTo(VersionVector.of(B, stamp(9)));
        assertThat(range.acknowledged()).containsExactlyEntriesOf(java.util.Map.of(C, VersionVector.of(B, stamp(5))));
        assertThat(range.withCursor(B, keys(20, 30), stamp(50))).as("not of this range").isEqualTo(range);
    }

    @Test
    void whatTheSourceCutsAnewKeepsWhatItHad() {
        OwnedRange range = range(keys(10, 20)).withCursor(B, keys(10, 20), stamp(9)).withCursor(B, keys(10, 13), stamp(11));
        assertThat(range.covered()).isEqualTo(VersionVector.of(B, stamp(9)));
        assertThat(range.cursor(B, keys(10, 13))).isEqualTo(stamp(11));
        assertThat(range.cursor(B, keys(13, 20))).isEqualTo(stamp(9));
        assertThat(range.cursor(B, keys(12, 14))).isEqualTo(stamp(9));
    }

    @Test
    void aRegionHasAcknowledgedWhatItHasOfAllParts() {
        VersionVector more = VersionVector.of(B, stamp(9)).with(C, stamp(9));
        OwnedRange half = range(keys(10, 20)).withMark(C, keys(10, 15), more);
        assertThat(half.acknowledged()).as("of the rest it has said nothing").isEmpty();
        OwnedRange whole = half.withMark(C, keys(15, 20), VersionVector.of(C, stamp(4)));
        assertThat(whole.acknowledged()).containsExactlyEntriesOf(java.util.Map.of(C, VersionVector.of(C, stamp(4))));
    }

    @Test
    void oneStateHasOneSequenceOfBytes() {
        OwnedRange one = range(keys(10, 20)).withCursor(B, keys(10, 15), stamp(9)).withCursor(C, keys(10, 20), stamp(3))
                .withCursor(B, keys(15, 20), stamp(9)).withMark(C, keys(12, 20), VersionVector.of(B, stamp(5)));
        OwnedRange other = range(keys(10, 20)).withMark(C, keys(12, 20), VersionVector.of(B, stamp(5)))
                .withCursor(C, keys(10, 20), stamp(3)).withCursor(B, keys(10, 20), stamp(9));
        assertThat(one.encode()).isEqualTo(other.encode());
        assertThat(OwnedRange.decode(one.encode())).isEqualTo(one);
    }

    /** Against a model that keeps a value per key. */
    @Test
    void piecesAreWhatAValuePerKeyWouldBe() {
        Random random = new Random(51);
        for (int run = 0; run < 500; run++) {
            OwnedRange range = range(keys(10, 40));
            TreeMap<Integer, Long> model = new TreeMap<>();
            for (int step = 0; step < 12; step++) {
                int from = random.nextInt(50);
                int to = from + 1 + random.nextInt(20);
                long millis = 1 + random.nextInt(4);
                range = range.withCursor(B, keys(from, to), stamp(millis));
                for (int key = Math.max(10, from); key < Math.min(40, to); key++) {
                    model.merge(key, millis, Math::max);
                }
                int first = 10 + random.nextInt(30);
                int end = first + 1 + random.nextInt(40 - first);
                long least = Long.MAX_VALUE;
                for (int key = first; key < end; key++) {
                    least = Math.min(least, model.getOrDefault(key, 0L));
                }
                assertThat(range.cursor(B, keys(first, end))).isEqualTo(stamp(least));
            }
        }
    }
}
