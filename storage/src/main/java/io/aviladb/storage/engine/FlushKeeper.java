package io.aviladb.storage.engine;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the rows in memory of stores that nobody writes to. RocksDB flushes only the store that writes next: many idle stores would hold
 * the whole budget, and the one that writes would flush a tiny file each time. Also asks each store whether its background work has failed.
 */
final class FlushKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FlushKeeper.class);
    /** Below the seven eighths at which RocksDB begins to flush by itself. */
    private static final double HIGH = 0.6;
    private static final long PERIOD_MILLIS = 1_000;

    private final long limitBytes;
    private final Set<EngineStore> stores = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;

    FlushKeeper(long writeBufferBytes) {
        limitBytes = (long) (writeBufferBytes * HIGH);
        timer = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("storage-flush-keeper").factory());
        timer.scheduleWithFixedDelay(this::check, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(EngineStore store) {
        stores.add(store);
    }

    void remove(EngineStore store) {
        stores.remove(store);
    }

    private void check() {
        stores.forEach(store -> quietly(store::checkBackground));
        quietly(this::flushLargest);
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (StorageException e) {
            // A store closing under us is no news; a failure has reached that store's own listener.
            log.atDebug().addKeyValue("reason", e.reason()).log("Check of a store ended early");
        }
    }

    /** Flushes the store with the most rows in memory where all together have too many. */
    private void flushLargest() {
        record Held(EngineStore store, long bytes) {}
        var held = stores.stream().map(store -> new Held(store, store.memoryBytes())).toList();
        long total = held.stream().mapToLong(Held::bytes).sum();
        if (total > limitBytes) {
            held.stream().max(Comparator.comparingLong(Held::bytes)).ifPresent(most -> most.store().flush());
        }
    }

    @Override
    public void close() {
        timer.close();
    }
}
