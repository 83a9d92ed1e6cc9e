package io.aviladb.core.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionVectorProperties {
    private static final long SEED = Long.getLong("avila.seed", 1);
    private final Random random = new Random(SEED);

    private VersionVector vector() {
        VersionVector vector = VersionVector.EMPTY;
        for (int count = random.nextInt(4); count > 0; count--) {
            vector = vector.with(new RegionIncarnation(1 + random.nextInt(4)), stamp());
        }
        return vector;
    }

    private HybridTimestamp stamp() {
        return new HybridTimestamp(random.nextInt(8) == 0 ? -1 - random.nextInt(3) : 1 + random.nextInt(4)); // unsigned: some very high
    }

    @Test
    void vectorsAreALattice() {
        for (int i = 0; i < 50_000; i++) {
            VersionVector x = vector();
            VersionVector y = vector();
            VersionVector z = vector();
            String why = "seed " + SEED + " run " + i + ": " + x + " " + y + " " + z;
            assertThat(x.join(y)).as(why).isEqualTo(y.join(x));
            assertThat(x.meet(y)).as(why).isEqualTo(y.meet(x));
            assertThat(x.join(y).join(z)).as(why).isEqualTo(x.join(y.join(z)));
            assertThat(x.meet(y).meet(z)).as(why).isEqualTo(x.meet(y.meet(z)));
            assertThat(x.join(x)).as(why).isEqualTo(x);
            assertThat(x.join(x.meet(y))).as(why).isEqualTo(x);
            assertThat(x.meet(x.join(y))).as(why).isEqualTo(x);
            assertThat(x.covers(y)).as(why).isEqualTo(x.join(y).equals(x));
            assertThat(x.join(y).covers(x)).as(why).isTrue();
            assertThat(x.covers(x.meet(y))).as(why).isTrue();
            assertThat(x.hashCode()).as(why).isEqualTo(VersionVector.read(new ByteReader(x.toByteArray())).hashCode());
            assertThat(VersionVector.read(new ByteReader(x.toByteArray()))).as(why).isEqualTo(x);
        }
    }

    @Test
    void comparisonSaysWhoCoversWhom() {
        for (int i = 0; i < 50_000; i++) {
            VersionVector x = vector();
            VersionVector y = vector();
            VersionVector.Order expected = x.equals(y)
                    ? VersionVector.Order.EQUAL
                    : x.join(y).equals(x)
                            ? VersionVector.Order.AFTER
                            : x.join(y).equals(y) ? VersionVector.Order.BEFORE : VersionVector.Order.CONCURRENT;
            assertThat(x.compare(y)).as("seed %s run %s: %s %s", SEED, i, x, y).isEqualTo(expected);
        }
    }

    @Test
    void aVersionIsCoveredFromItsStampOn() {
        Version version = new Version(new HybridTimestamp(5), new RegionIncarnation(2));
        assertThat(VersionVector.of(version).covers(version)).isTrue();
        assertThat(VersionVector.of(version.region(), new HybridTimestamp(4)).covers(version)).isFalse();
        assertThat(VersionVector.of(new RegionIncarnation(1), new HybridTimestamp(9)).covers(version)).isFalse();
        assertThat(VersionVector.of(version).with(new RegionIncarnation(1), new HybridTimestamp(9)).highest().bits()).isEqualTo(9);
        assertThat(Version.parse(version.toString())).isEqualTo(version);
        assertThatThrownBy(() -> Version.parse("5-2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] unsorted = new ByteWriter().writeVarInt(2).writeVarInt(2).writeLong(1).writeVarInt(1).writeLong(1).toByteArray();
        assertThatThrownBy(() -> VersionVector.read(new ByteReader(unsorted))).isInstanceOf(MalformedBytesException.class);
        byte[] zero = new ByteWriter().writeVarInt(1).writeVarInt(1).writeLong(0).toByteArray();
        assertThatThrownBy(() -> VersionVector.read(new ByteReader(zero))).isInstanceOf(MalformedBytesException.class);
    }
}
