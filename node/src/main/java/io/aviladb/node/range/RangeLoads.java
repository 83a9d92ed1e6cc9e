package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much each range is asked, and for which keys: a rate that follows the last seconds, and a sample of about that time. In memory, of what
 * was served here; begins anew with each epoch, since a range that was cut is another one.
 */
public final class RangeLoads {
    static final int SAMPLE = 256;
    /** A bound by load leaves at least this part of it on either side: a smaller gain isn't worth a range. */
    private static final double LEAST_PART = 0.2;
    private static final double LEAST_SHARE = 0.1;
    private static final int HOTTEST = 3;
    private static final int SAMPLED_SECONDS = 10;
    /** What the newest second counts in the rate. */
    private static final double NEWEST = 0.3;

    private final Map<RangeRef, Meter> meters = new ConcurrentHashMap<>();
    private long rolledMillis; // owned by the thread that rolls

    /** A key and its part of the operations, from 0 to 1. */
    public record HotKey(DocumentKey key, double share) {}

    /**
     * @param middle the key at which the load is halved; empty where no bound would divide it, as where one key has most of it
     * @param hottest the keys with most of the load, the hottest first
     */
    public record Load(double opsPerSecond, byte[] middle, List<HotKey> hottest) {
        static final Load NONE = new Load(0, new byte[0], List.of());
    }

    private static final class Meter {
        final AtomicLong hits = new AtomicLong();
        final byte[][] sample = new byte[SAMPLE][];
        final AtomicLong sampled = new AtomicLong();
        volatile long stride = 1;
        long counted; // owned by the thread that rolls
        volatile double rate;

        void hit(byte[] key) {
            long number = hits.incrementAndGet();
            long mixed = (number * 0x9E3779B97F4A7C15L) >>> 33; // every stride-th on average, in step with nothing
            if (mixed % stride == 0) {
                sample[(int) (sampled.getAndIncrement() % SAMPLE)] = key;
            }
        }

        void roll(double seconds) {
            long now = hits.get();
            double newest = (now - counted) / seconds;
            counted = now;
            rate = rate == 0 ? newest : (1 - NEWEST) * rate + NEWEST * newest;
            stride = Math.max(1, (long) (rate * SAMPLED_SECONDS / SAMPLE));
            if (rate < 0.01) {
                rate = 0;
            }
        }
    }

    /** Something was asked of the key. Any thread. */
    public void hit(RangeRef range, DocumentKey key) {
        meters.computeIfAbsent(range, name -> new Meter()).hit(key.bytes());
    }

    /** Called at least every second or so, by one thread. @param present the ranges that are still here */
    public void roll(long nowMillis, Collection<OwnedRange> present) {
        long passed = nowMillis - rolledMillis;
        if (passed >= 0 && passed < 1_000) {
            return;
        }
        boolean first = rolledMillis == 0 || passed < 0;
        rolledMillis = nowMillis;
        Set<RangeRef> refs = new HashSet<>();
        present.forEach(range -> refs.add(range.ref()));
        meters.keySet().retainAll(refs);
        if (!first) {
            meters.values().forEach(meter -> meter.roll(passed / 1_000.0));
        }
    }

    public Load of(OwnedRange range) {
        Meter meter = meters.get(range.ref());
        if (meter == null || meter.rate == 0) {
            return Load.NONE;
        }
        List<byte[]> keys = Arrays.stream(meter.sample.clone()).filter(key -> key != null).sorted(Arrays::compareUnsigned).toList();
        return new Load(meter.rate, middle(range, keys), hottest(keys));
    }

    /** Of the keys at which a range may begin, the one that leaves most nearly half of the sample before it. */
    private static byte[] middle(OwnedRange range, List<byte[]> sorted) {
        byte[] best = new byte[0];
        double distance = 0.5 - LEAST_PART;
        for (int i = 1; i < sorted.size(); i++) {
            boolean begins = Arrays.compareUnsigned(sorted.get(i - 1), sorted.get(i)) < 0 && range.keys().isInside(sorted.get(i));
            double off = Math.abs(0.5 - (double) i / sorted.size());
            if (begins && off <= distance) {
                best = sorted.get(i);
                distance = off;
            }
        }
        return best;
    }

    private static List<HotKey> hottest(List<byte[]> keys) {
        Map<DocumentKey, Integer> counts = new LinkedHashMap<>();
        keys.forEach(key -> counts.merge(new DocumentKey(key), 1, Integer::sum));
        return counts.entrySet().stream().map(entry -> new HotKey(entry.getKey(), (double) entry.getValue() / keys.size()))
                .filter(hot -> hot.share() >= LEAST_SHARE && keys.size() >= SAMPLE / 8)
                .sorted((a, b) -> Double.compare(b.share(), a.share())).limit(HOTTEST).toList();
    }
}
