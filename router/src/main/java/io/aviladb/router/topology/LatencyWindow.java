package io.aviladb.router.topology;

/**
 * How long a node's answers took lately: a moving average, and a histogram for the tail. Buckets grow by a quarter of an octave, so that a quantile is
 * at most 19 % too high. Two halves take turns, so that between one and two halves of measurements count. Not thread-safe.
 */
final class LatencyWindow {
    private static final int BUCKETS_PER_OCTAVE = 4;
    /** From 1 µs to more than an hour. */
    private static final int BUCKETS = 32 * BUCKETS_PER_OCTAVE;
    private static final int HALF = 256;
    private static final long HALF_NANOS = 10_000_000_000L;
    /** One measurement moves the average by an eighth. */
    private static final int WEIGHT = 8;

    private int[] now = new int[BUCKETS];
    private int[] before = new int[BUCKETS];
    private int samples;
    private int samplesBefore;
    private long begunAt;
    private long mean;

    void add(long micros, long atNanos) {
        if (samples == HALF || samples > 0 && atNanos - begunAt >= HALF_NANOS) {
            int[] empty = before;
            before = now;
            samplesBefore = samples;
            java.util.Arrays.fill(empty, 0);
            now = empty;
            samples = 0;
        }
        if (samples == 0) {
            begunAt = atNanos;
        }
        mean = samples + samplesBefore == 0 ? micros : mean + (micros - mean) / WEIGHT;
        now[bucket(micros)]++;
        samples++;
    }

    private static int bucket(long micros) {
        long value = Math.max(1, micros);
        int octave = 63 - Long.numberOfLeadingZeros(value);
        int quarter = (int) (octave >= 2 ? value >>> octave - 2 & 3 : value << 2 - octave & 3);
        return Math.min(BUCKETS - 1, octave * BUCKETS_PER_OCTAVE + quarter);
    }

    /** The bucket's least value that is in no lower one. */
    private static long end(int bucket) {
        int octave = bucket / BUCKETS_PER_OCTAVE;
        int quarter = bucket % BUCKETS_PER_OCTAVE;
        return (1L << octave) + ((quarter + 1L << octave) >> 2);
    }

    int samples() {
        return samples + samplesBefore;
    }

    /** In microseconds; 0 where nothing was measured. */
    long mean() {
        return mean;
    }

    /** What so many in a thousand answers took at most, in microseconds; 0 where nothing was measured. */
    long quantile(int perMille) {
        long wanted = ((long) samples() * perMille + 999) / 1_000;
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS && wanted > 0; bucket++) {
            seen += now[bucket] + before[bucket];
            if (seen >= wanted) {
                return end(bucket);
            }
        }
        return 0;
    }
}
