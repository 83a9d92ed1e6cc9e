package io.aviladb.storage.head;

import io.aviladb.storage.engine.SharedEngine;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.MapSegmentContext;

/**
 * One Chronicle Map in anonymous memory: nothing to recover, nothing to damage. Counts its users, because memory that is given back under a
 * reader crashes the process: the last one closes it.
 */
final class HeadMap {
    static {
        System.setProperty("chronicle.announcer.disable", "true"); // no advertisement in a server's log
    }

    /** About what an entry takes, with the room that segments of different fill need. */
    private static final int ENTRY_BYTES = 112;
    private static final long FIXED_BYTES = 64 << 10;
    /** Longer keys would take more chunks than an entry may have. */
    static final int MAX_KEY_BYTES = 256;

    private final ChronicleMap<byte[], byte[]> map;
    private final SharedEngine shared;
    private final long reservedBytes;
    private final long capacity;
    private final AtomicInteger users = new AtomicInteger(1); // the owner

    private HeadMap(ChronicleMap<byte[], byte[]> map, SharedEngine shared, long reservedBytes, long capacity) {
        this.map = map;
        this.shared = shared;
        this.reservedBytes = reservedBytes;
        this.capacity = capacity;
    }

    /** The first one of a process takes a second or more: it compiles. @throws HeadBudgetException where the budget is used up */
    static HeadMap create(long entries, SharedEngine shared) {
        long bytes = entries * ENTRY_BYTES + FIXED_BYTES;
        if (!shared.reserveHeadBytes(bytes)) {
            throw new HeadBudgetException(entries);
        }
        try {
            return new HeadMap(ChronicleMapBuilder.of(byte[].class, byte[].class).name("heads").entries(entries).averageKeySize(48)
                    .constantValueSizeBySample(new byte[HeadCodec.BYTES])
                    .actualSegments((int) Math.max(64, Long.highestOneBit(entries / 1024))) // short locks, short steps
                    .maxBloatFactor(2.0).checksumEntries(false).putReturnsNull(true).removeReturnsNull(true).skipCloseOnExitHook(true)
                    .create(), shared, bytes, entries);
        } catch (RuntimeException | Error e) {
            shared.releaseHeadBytes(bytes);
            throw e;
        }
    }

    /** @return false where it is closed already */
    boolean acquire() {
        int now = users.get();
        while (now > 0 && !users.compareAndSet(now, now + 1)) {
            now = users.get();
        }
        return now > 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            map.close();
            shared.releaseHeadBytes(reservedBytes);
        }
    }

    boolean get(byte[] key, byte[] into) {
        try (ExternalMapQueryContext<byte[], byte[], ?> context = map.queryContext(key)) {
            context.readLock().lock();
            MapEntry<byte[], byte[]> entry = context.entry();
            if (entry == null) {
                return false;
            }
            Data<byte[]> value = entry.value();
            value.bytes().read(value.offset(), into, 0, HeadCodec.BYTES);
            return true;
        }
    }

    boolean contains(byte[] key) {
        return map.containsKey(key);
    }

    void put(byte[] key, byte[] head) {
        map.put(key, head);
    }

    void putIfAbsent(byte[] key, byte[] head) {
        map.putIfAbsent(key, head);
    }

    void remove(byte[] key) {
        map.remove(key);
    }

    long size() {
        return map.longSize();
    }

    long capacity() {
        return capacity;
    }

    long bytes() {
        return reservedBytes;
    }

    int segments() {
        return map.segments();
    }

    void forEachOfSegment(int segment, BiConsumer<byte[], byte[]> action) {
        try (MapSegmentContext<byte[], byte[], ?> context = map.segmentContext(segment)) {
            context.forEachSegmentEntry(entry -> action.accept(entry.key().get().clone(), entry.value().get().clone()));
        }
    }
}
