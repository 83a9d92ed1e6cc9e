package io.aviladb.benchmarks.cluster;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.node.group.DataGroup;
import io.aviladb.storage.GroupStore;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Finds out when documents can be read elsewhere: one thread looks at the heads of the leading replicas there, once a millisecond. */
public final class VisibilityProbe implements AutoCloseable {
    private static final long BETWEEN_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private record Pending(DocumentKey key, List<DataGroup> elsewhere, long since) {}

    private final ConcurrentLinkedQueue<Pending> pending = new ConcurrentLinkedQueue<>();
    private final Histogram latency = new ConcurrentHistogram(LONGEST_NANOS, 3);
    private volatile boolean closed;

    public VisibilityProbe() {
        Thread.ofPlatform().daemon().name("visibility-probe").start(this::look);
    }

    /** From now on until one of the replicas of another region has the document. */
    public void await(DocumentKey key, List<DataGroup> elsewhere) {
        pending.add(new Pending(key, elsewhere, System.nanoTime()));
    }

    private void look() {
        while (!closed) {
            long now = System.nanoTime();
            pending.removeIf(probe -> {
                boolean seen = probe.elsewhere().stream().anyMatch(group -> has(group, probe.key()));
                if (seen) {
                    latency.recordValue(Math.min(Math.max(0, now - probe.since()), LONGEST_NANOS));
                }
                return seen;
            });
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    private static boolean has(DataGroup group, DocumentKey key) {
        GroupStore store = group.machine().storeOrNull();
        return store != null && store.head(key) != null;
    }

    /** Returns once everything that was awaited has been seen. */
    public Histogram awaitAll() {
        Waiting.until("all documents elsewhere", pending::isEmpty);
        return latency.copy();
    }

    @Override
    public void close() {
        closed = true; // its thread sees it within a millisecond, and is a daemon
    }
}
