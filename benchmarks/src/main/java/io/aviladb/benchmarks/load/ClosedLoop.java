package io.aviladb.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Keeps a number of operations in flight: the next starts when one is answered. One thread starts all of them. */
public final class ClosedLoop {
    /** Of the measured time, this share is run before it and not measured. */
    private static final double LEAD_IN = 0.2;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Starts the operation of a number, which no other operation of the line has, and doesn't block. */
    @FunctionalInterface
    public interface Operation {
        CompletableFuture<?> start(long number);
    }

    private final String name;
    private final int inFlight;
    private final Operation operation;
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private long next; // owned by the thread that starts operations

    private ClosedLoop(String name, int inFlight, Operation operation) {
        this.name = name;
        this.inFlight = inFlight;
        this.operation = operation;
    }

    /**
     * Runs for a fifth of the time and then measures for all of it.
     *
     * @throws IllegalStateException where nothing succeeded
     */
    public static Measurement measure(String name, int inFlight, double seconds, Operation operation) throws InterruptedException {
        ClosedLoop loop = new ClosedLoop(name, inFlight, operation);
        loop.run(seconds * LEAD_IN);
        Measurement measured = loop.run(seconds);
        if (measured.operations() == 0) {
            throw new IllegalStateException("no operation of '" + name + "' succeeded", loop.firstFailure.get());
        }
        return measured;
    }

    private Measurement run(double seconds) throws InterruptedException {
        Histogram latency = new ConcurrentHistogram(LONGEST_NANOS, 3);
        LongAdder done = new LongAdder();
        LongAdder failures = new LongAdder();
        Semaphore window = new Semaphore(inFlight);
        long cpu = processCpuNanos();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            if (!window.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                break;
            }
            long sent = System.nanoTime();
            var _ = start(next++).whenComplete((answer, failure) -> {
                long now = System.nanoTime();
                if (failure != null) {
                    firstFailure.compareAndSet(null, failure);
                    failures.increment();
                } else if (now <= end) {
                    latency.recordValue(Math.min(now - sent, LONGEST_NANOS));
                    done.increment();
                }
                window.release();
            });
        }
        double cpuSeconds = (processCpuNanos() - cpu) / 1e9;
        double elapsed = (System.nanoTime() - start) / 1e9;
        if (!window.tryAcquire(inFlight, LONGEST_NANOS, TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("operations of '" + name + "' were not answered within a minute");
        }
        return new Measurement(name, inFlight, done.sum(), failures.sum(), elapsed, cpuSeconds, latency);
    }

    private CompletableFuture<?> start(long number) {
        try {
            return operation.start(number);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** CPU time that this process has used. */
    public static long processCpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
