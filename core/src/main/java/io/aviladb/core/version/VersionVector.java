package io.aviladb.core.version;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * The highest stamp absorbed, per region incarnation. A missing region stands for {@link HybridTimestamp#ZERO}. Immutable; most have one
 * entry.
 *
 * <p>Source: Parker et al., <em>Detection of Mutual Inconsistency in Distributed Systems</em>, 1983; stamps take the place of counters.
 */
public final class VersionVector {
    /** How two vectors stand to one another. */
    public enum Order {
        BEFORE, AFTER, EQUAL, CONCURRENT
    }

    public static final VersionVector EMPTY = new VersionVector(new int[0], new long[0]);
    /** Far more than there will ever be regions: bytes that claim more are damaged. */
    public static final int MAX_REGIONS = 1_024;

    private final int[] regions; // ascending
    private final long[] stamps; // never zero

    private VersionVector(int[] regions, long[] stamps) {
        this.regions = regions;
        this.stamps = stamps;
    }

    public static VersionVector of(Version version) {
        return of(version.region(), version.stamp());
    }

    public static VersionVector of(RegionIncarnation region, HybridTimestamp stamp) {
        return stamp.bits() == 0 ? EMPTY : new VersionVector(new int[]{region.number()}, new long[]{stamp.bits()});
    }

    public boolean isEmpty() {
        return regions.length == 0;
    }

    public int size() {
        return regions.length;
    }

    public HybridTimestamp at(RegionIncarnation region) {
        int index = Arrays.binarySearch(regions, region.number());
        return index < 0 ? HybridTimestamp.ZERO : new HybridTimestamp(stamps[index]);
    }

    /** Whether this has absorbed the version. */
    public boolean covers(Version version) {
        return at(version.region()).compareTo(version.stamp()) >= 0;
    }

    /** Whether this has absorbed all that the other has. */
    public boolean covers(VersionVector other) {
        Order order = compare(other);
        return order == Order.AFTER || order == Order.EQUAL;
    }

    public void forEach(BiConsumer<RegionIncarnation, HybridTimestamp> action) {
        for (int i = 0; i < regions.length; i++) {
            action.accept(new RegionIncarnation(regions[i]), new HybridTimestamp(stamps[i]));
        }
    }

    /** The highest stamp of all regions. */
    public HybridTimestamp highest() {
        long highest = 0;
        for (long stamp : stamps) {
            highest = Long.compareUnsigned(stamp, highest) > 0 ? stamp : highest;
        }
        return new HybridTimestamp(highest);
    }

    /** This, raised to at least the stamp for the region. */
    public VersionVector with(RegionIncarnation region, HybridTimestamp stamp) {
        return at(region).compareTo(stamp) >= 0 ? this : join(of(region, stamp));
    }

    /** Per region the greater stamp. */
    public VersionVector join(VersionVector other) {
        return combine(other, false);
    }

    /** Per region the lesser stamp: a region that one of the two lacks is lacking. */
    public VersionVector meet(VersionVector other) {
        return combine(other, true);
    }

    private VersionVector combine(VersionVector other, boolean least) {
        int[] names = new int[regions.length + other.regions.length];
        long[] values = new long[names.length];
        int count = 0;
        int i = 0;
        int j = 0;
        while (i < regions.length || j < other.regions.length) {
            int left = i < regions.length ? regions[i] : Integer.MAX_VALUE;
            int right = j < other.regions.length ? other.regions[j] : Integer.MAX_VALUE;
            long mine = left <= right ? stamps[i++] : 0;
            long yours = right <= left ? other.stamps[j++] : 0;
            long chosen = Long.compareUnsigned(mine, yours) >= 0 == least ? yours : mine;
            if (chosen != 0) {
                names[count] = Math.min(left, right);
                values[count++] = chosen;
            }
        }
        return new VersionVector(Arrays.copyOf(names, count), Arrays.copyOf(values, count));
    }

    public Order compare(VersionVector other) {
        boolean less = false;
        boolean more = false;
        int i = 0;
        int j = 0;
        while (i < regions.length || j < other.regions.length) {
            int left = i < regions.length ? regions[i] : Integer.MAX_VALUE;
            int right = j < other.regions.length ? other.regions[j] : Integer.MAX_VALUE;
            long mine = left <= right ? stamps[i++] : 0;
            long yours = right <= left ? other.stamps[j++] : 0;
            int order = Long.compareUnsigned(mine, yours);
            less |= order < 0;
            more |= order > 0;
        }
        if (less) {
            return more ? Order.CONCURRENT : Order.BEFORE;
        }
        return more ? Order.AFTER : Order.EQUAL;
    }

    public void write(ByteWriter out) {
        out.writeVarInt(regions.length);
        for (int i = 0; i < regions.length; i++) {
            out.writeVarInt(regions[i]).writeLong(stamps[i]);
        }
    }

    /** @throws MalformedBytesException where regions are out of order, repeated, or stand for nothing */
    public static VersionVector read(ByteReader in) {
        int count = in.readCount();
        if (count > MAX_REGIONS) {
            throw new MalformedBytesException("a vector of " + count + " regions");
        }
        int[] regions = new int[count];
        long[] stamps = new long[count];
        for (int i = 0; i < count; i++) {
            regions[i] = in.readVarInt();
            stamps[i] = in.readLong();
            if (regions[i] < 1 || regions[i] > RegionIncarnation.MAX_NUMBER || stamps[i] == 0 || i > 0 && regions[i] <= regions[i - 1]) {
                throw new MalformedBytesException("a vector's regions ascend and their stamps are not zero");
            }
        }
        return count == 0 ? EMPTY : new VersionVector(regions, stamps);
    }

    public byte[] toByteArray() {
        ByteWriter out = new ByteWriter(1 + 10 * regions.length);
        write(out);
        return out.toByteArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionVector that && Arrays.equals(regions, that.regions) && Arrays.equals(stamps, that.stamps);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(regions) + Arrays.hashCode(stamps);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        forEach((region, stamp) -> text.append(text.length() > 1 ? ", " : "").append(region).append(": ").append(stamp));
        return text.append('}').toString();
    }
}
