package io.aviladb.storage.head;

import io.aviladb.storage.engine.SharedEngine;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A map of heads that grows: the next map is made on a background thread before it is needed, then takes over the old one's entries segment
 * by segment. One writer at a time; readers on any platform thread.
 */
final class GrowingHeads implements AutoCloseable {
    /** What a read found. */
    enum Found {
        YES, NO, CLOSED
    }

    /** Both maps behind one volatile read: with two fields a reader could miss a key that moves. */
    private record Maps(HeadMap live, @Nullable HeadMap previous) {
        boolean acquire() {
            if (!live.acquire()) {
                return false;
            }
            if (previous != null && !previous.acquire()) {
                live.release();
                return false;
            }
            return true;
        }

        void release() {
            live.release();
            if (previous != null) {
                previous.release();
            }
        }

        boolean get(byte[] key, byte[] into) {
            return live.get(key, into) || previous != null && previous.get(key, into);
        }
    }

    /** Puts between two looks at the fill: less than what is free above nine tenths of the smallest map. */
    private static final int PUTS_PER_STEP = 128;

    /** From this many entries on a map only doubles: the memory is reserved at once. */
    private static final long LARGE = 1 << 18;

    private final SharedEngine shared;
    private volatile @Nullable Maps maps;
    private @Nullable CompletableFuture<HeadMap> next;
    private int nextSegment;
    private int puts;

    GrowingHeads(long entries, SharedEngine shared) {
        this.shared = shared;
        this.maps = new Maps(HeadMap.create(entries, shared), null);
    }

    Found get(byte[] key, byte[] into) {
        for (Maps now = maps; now != null; now = maps) {
            if (now.acquire()) { // else it was replaced between the two reads
                try {
                    return now.get(key, into) ? Found.YES : Found.NO;
                } finally {
                    now.release();
                }
            }
        }
        return Found.CLOSED;
    }

    void put(byte[] key, byte[] head) {
        maps().live.put(key, head); // an older copy may stay in previous: readers look in live first
        stepNowAndThen();
    }

    void putIfAbsent(byte[] key, byte[] head) {
        Maps now = maps();
        if (now.previous == null || !now.previous.contains(key)) { // else an older head would hide the one that moves
            now.live.putIfAbsent(key, head);
            stepNowAndThen();
        }
    }

    void remove(byte[] key) {
        Maps now = maps();
        if (now.previous != null) {
            now.previous.remove(key); // first, or the move would bring it back
        }
        now.live.remove(key);
    }

    private void stepNowAndThen() {
        if (++puts >= PUTS_PER_STEP) {
            maintain();
        }
    }

    /** One step of growing. Called at least once for each applied entry. */
    void maintain() {
        puts = 0;
        Maps now = maps();
        long size = now.live.size();
        long capacity = now.live.capacity();
        if (now.previous != null) {
            do {
                moveSegment(now.live, now.previous);
            } while (size >= capacity * 7 / 10 && nextSegment < now.previous.segments()); // the next growth is near: finish this one
            if (nextSegment == now.previous.segments()) {
                maps = new Maps(now.live, null);
                now.previous.release();
            }
        } else if (size >= capacity * 9 / 10) {
            grow(now.live, size >= capacity * 12 / 10);
        } else if (size >= capacity * 7 / 10 && next == null) {
            next = CompletableFuture.supplyAsync(() -> larger(capacity), shared.background());
        }
    }

    /** While small in large steps, since every entry moves at each of them; in small ones where the budget is nearly used up. */
    private HeadMap larger(long capacity) {
        if (capacity < LARGE) {
            try {
                return HeadMap.create(capacity * 4, shared);
            } catch (HeadBudgetException tight) {
                // a smaller step may do
            }
        }
        return HeadMap.create(capacity * 2, shared);
    }

    /** @param urgent whether segments are about to overflow: then the map is made here and now */
    private void grow(HeadMap live, boolean urgent) {
        HeadMap larger;
        if (next != null && next.isDone()) {
            larger = next.join();
            next = null;
        } else if (next == null || urgent) {
            larger = larger(live.capacity());
            abandonNext();
        } else {
            return;
        }
        nextSegment = 0;
        maps = new Maps(larger, live);
    }

    private void moveSegment(HeadMap live, HeadMap previous) {
        previous.forEachOfSegment(nextSegment++, live::putIfAbsent);
    }

    private void abandonNext() {
        if (next != null) {
            next.thenAccept(HeadMap::release);
            next = null;
        }
    }

    private Maps maps() {
        Maps now = maps;
        if (now == null) {
            throw new IllegalStateException("the heads are closed");
        }
        return now;
    }

    /** Entries; those that have not moved yet count, once or twice. */
    long size() {
        return measure(true);
    }

    long bytes() {
        return measure(false);
    }

    private long measure(boolean entries) {
        for (Maps now = maps; now != null; now = maps) {
            if (now.acquire()) {
                try {
                    HeadMap old = now.previous;
                    return entries
                            ? Math.max(now.live.size(), old == null ? 0 : old.size())
                            : now.live.bytes() + (old == null ? 0 : old.bytes());
                } finally {
                    now.release();
                }
            }
        }
        return 0;
    }

    /** By the writer. Readers that are under way finish first. */
    @Override
    public void close() {
        Maps now = maps;
        maps = null; // first: whoever can't acquire reads it again
        abandonNext();
        if (now != null) {
            now.release();
        }
    }
}
