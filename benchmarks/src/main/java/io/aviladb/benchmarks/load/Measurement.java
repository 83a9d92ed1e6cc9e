package io.aviladb.benchmarks.load;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a line gave.
 *
 * @param operations answered well within the time
 * @param failures everything else that was answered
 * @param cpuSeconds of the whole process, load included
 * @param latency in nanoseconds, from before the call to its answer
 */
public record Measurement(String name, int inFlight, long operations, long failures, double seconds, double cpuSeconds,
        Histogram latency) {

    public double rate() {
        return operations / seconds;
    }

    public double p50Millis() {
        return latency.getValueAtPercentile(50) / 1e6;
    }

    public double p99Millis() {
        return latency.getValueAtPercentile(99) / 1e6;
    }

    /** CPU seconds for a thousand operations: also milliseconds for one. */
    public double cpuPerThousand() {
        return operations == 0 ? Double.NaN : cpuSeconds * 1_000 / operations;
    }

    static String header() {
        return String.format(Locale.ROOT, "%-28s %9s %10s %9s %9s %10s %8s", "work", "in flight", "ops/s", "p50 ms", "p99 ms",
                "cpu s/1000", "failed");
    }

    String row() {
        return String.format(Locale.ROOT, "%-28s %9d %10.0f %9.2f %9.2f %10.3f %8d", name, inFlight, rate(), p50Millis(), p99Millis(),
                cpuPerThousand(), failures);
    }
}
