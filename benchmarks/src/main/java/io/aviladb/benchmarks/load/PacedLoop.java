package io.aviladb.benchmarks.load;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Starts operations at a rate, whether those before are answered or not, up to a bound. */
public final class PacedLoop {
    private static final int BOUND = 1_024;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private PacedLoop() {
    }

    /** Latency counts from when an operation was due: a late start is part of it. CPU is the whole process'. */
    public static Measurement measure(String name, double rate, double seconds, ClosedLoop.Operation operation)
            throws InterruptedException {
        Histogram latency = new ConcurrentHistogram(LONGEST_NANOS, 3);
        LongAdder done = new LongAdder();
        LongAdder failures = new LongAdder();
        Semaphore window = new Semaphore(BOUND);
        long cpu = ClosedLoop.processCpuNanos();
        long start = System.nanoTime();
        long count = Math.max(1, (long) (rate * seconds));
        for (long i = 0; i < count; i++) {
            long due = start + (long) (i / rate * 1e9);
            for (long ahead = due - System.nanoTime(); ahead > 0; ahead = due - System.nanoTime()) {
                LockSupport.parkNanos(ahead);
            }
            window.acquire();
            var _ = operation.start(i).whenComplete((answer, failure) -> {
                (failure == null ? done : failures).increment();
                latency.recordValue(Math.min(System.nanoTime() - due, LONGEST_NANOS));
                window.release();
            });
        }
        double cpuSeconds = (ClosedLoop.processCpuNanos() - cpu) / 1e9;
        double elapsed = (System.nanoTime() - start) / 1e9;
        if (!window.tryAcquire(BOUND, LONGEST_NANOS, TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("operations of '" + name + "' were not answered within a minute");
        }
        return new Measurement(name, 0, done.sum(), failures.sum(), elapsed, cpuSeconds, latency);
    }
}
