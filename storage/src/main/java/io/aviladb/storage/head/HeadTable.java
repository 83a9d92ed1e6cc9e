package io.aviladb.storage.head;

import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.RowVisitor;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.WriteSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heads of every document of one group, off heap. A version check by it never waits for the disk.
 *
 * <p>{@code IDLE → BUILDING → COMPLETE}; from both of these to {@code DROPPED} on any doubt, and from there to {@code BUILDING} again a few
 * times; {@code CLOSED} ends it. Only {@code COMPLETE} answers; in all other states the caller reads the {@code heads} family.
 */
public final class HeadTable implements AutoCloseable {
    /** What the table is doing. */
    public enum State {
        /** No head has been written. */
        IDLE,
        /** Copies heads from the files; writes go in too. */
        BUILDING,
        /** Holds every head. */
        COMPLETE,
        /** Gave its memory back, by an error or for the budget. */
        DROPPED,
        /** The store is closing. */
        CLOSED
    }

    /** What the table says about a document. */
    public sealed interface Answer {
        /** It has this head. */
        record Present(Head head) implements Answer {}

        /** It has no head. */
        record Absent() implements Answer {}

        /** The files know. */
        record Unknown() implements Answer {}
    }

    /** The {@code heads} family. */
    public interface Source {
        long estimatedRows();

        /** Rows as of now. */
        Snapshot snapshot();

        /** Rows of one point. */
        interface Snapshot extends AutoCloseable {
            void scan(byte[] from, RowVisitor visitor);

            @Override
            void close();
        }
    }

    private static final Logger log = LoggerFactory.getLogger(HeadTable.class);
    private static final Answer ABSENT = new Answer.Absent();
    private static final Answer UNKNOWN = new Answer.Unknown();
    private static final long MIN_ENTRIES = 16_384;
    private static final int MAX_BUILDS = 4;
    private static final int CHUNK_ROWS = 256;
    /** More documents forgotten during one build than are worth remembering. */
    private static final int MAX_REMOVED = 1 << 20;

    private final Source source;
    private final SharedEngine shared;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state; // changes under the lock, by transition()
    private volatile @Nullable GrowingHeads serving; // not null exactly while COMPLETE
    private @Nullable GrowingHeads building; // guarded by lock
    private final Set<HeadKey> removed = new HashSet<>(); // guarded by lock; keys that the build must not bring back
    private int started; // guarded by lock
    private final LongAdder answered = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder builds = new LongAdder();
    private final LongAdder drops = new LongAdder();

    private record HeadKey(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof HeadKey that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private HeadTable(Source source, SharedEngine shared) {
        this.source = source;
        this.shared = shared;
        this.state = State.IDLE;
    }

    /** A table that costs nothing until the first head is written, or {@link #rebuild} is called. */
    public static HeadTable over(Source source, SharedEngine shared) {
        return new HeadTable(source, shared);
    }

    public Answer get(byte[] key) {
        GrowingHeads now = serving;
        if (now == null || key.length > HeadMap.MAX_KEY_BYTES) {
            unknown.increment();
            return UNKNOWN;
        }
        byte[] fixed = new byte[HeadCodec.BYTES];
        try {
            GrowingHeads.Found found = now.get(key, fixed);
            if (found == GrowingHeads.Found.CLOSED || found == GrowingHeads.Found.YES && !HeadCodec.isWhole(fixed)) {
                unknown.increment();
                return UNKNOWN;
            }
            answered.increment();
            return found == GrowingHeads.Found.NO ? ABSENT : new Answer.Present(HeadCodec.decode(fixed));
        } catch (RuntimeException | Error e) {
            drop(e);
            unknown.increment();
            return UNKNOWN;
        }
    }

    /** What was written, after it can be read from the family. By the one thread that writes. */
    public void update(WriteSet written) {
        lock.lock();
        try {
            GrowingHeads target = building != null ? building : serving;
            if (target == null) {
                if (state == State.IDLE) {
                    written.forEach(Family.HEADS, (key, change) -> rebuild());
                }
                return;
            }
            written.forEach(Family.HEADS, (key, change) -> apply(target, key, change.value()));
            target.maintain();
        } catch (RuntimeException | Error e) {
            drop(e);
        } finally {
            lock.unlock();
        }
    }

    private void apply(GrowingHeads target, byte[] key, byte @Nullable [] row) {
        if (key.length > HeadMap.MAX_KEY_BYTES) {
            return;
        }
        if (row != null) {
            target.put(key, Arrays.copyOf(row, HeadCodec.BYTES));
            return;
        }
        target.remove(key);
        if (building != null) {
            if (removed.size() >= MAX_REMOVED) {
                throw new IllegalStateException("too many heads removed during a build");
            }
            removed.add(new HeadKey(key));
        }
    }

    /** Starts a build in the background where none runs and the table isn't complete. */
    public void rebuild() {
        lock.lock();
        try {
            if (state != State.IDLE && state != State.DROPPED || shared.options().headTableBytes() == 0) {
                return;
            }
            started++;
            transition(State.BUILDING, "asked");
            shared.background().execute(this::build);
        } catch (RejectedExecutionException e) {
            transition(State.DROPPED, "the process is closing");
        } finally {
            lock.unlock();
        }
    }

    private void build() {
        try {
            GrowingHeads fresh = new GrowingHeads(Math.max(MIN_ENTRIES, source.estimatedRows() * 13 / 10), shared);
            try (Source.Snapshot snapshot = begin(fresh)) {
                HeadChunk chunk = new HeadChunk(CHUNK_ROWS);
                snapshot.scan(new byte[0], (key, row) -> {
                    chunk.add(key, row);
                    return !chunk.isFull() || copy(fresh, chunk);
                });
                copy(fresh, chunk);
            }
            finish(fresh);
        } catch (RuntimeException | Error e) {
            drop(e);
        }
    }

    /** From here on writes go into the new heads; the snapshot holds all writes of before. */
    private Source.Snapshot begin(GrowingHeads fresh) {
        lock.lock();
        try {
            if (state != State.BUILDING) {
                fresh.close();
                throw new IllegalStateException("the build was abandoned");
            }
            removed.clear();
            building = fresh;
            return source.snapshot();
        } finally {
            lock.unlock();
        }
    }

    /** @return false where the build was abandoned */
    private boolean copy(GrowingHeads fresh, HeadChunk chunk) {
        lock.lock();
        try {
            if (building != fresh) {
                return false;
            }
            chunk.drain((key, row) -> {
                if (key.length <= HeadMap.MAX_KEY_BYTES && !removed.contains(new HeadKey(key))) {
                    fresh.putIfAbsent(key, Arrays.copyOf(row, HeadCodec.BYTES));
                }
            });
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void finish(GrowingHeads fresh) {
        lock.lock();
        try {
            if (building == fresh) {
                building = null;
                removed.clear();
                serving = fresh;
                builds.increment();
                transition(State.COMPLETE, "built");
            }
        } finally {
            lock.unlock();
        }
    }

    /** Any exception or doubt ends here: the family answers, and it may be built again. */
    private void drop(Throwable cause) {
        lock.lock();
        try {
            if (state == State.CLOSED || state == State.DROPPED) {
                return;
            }
            drops.increment();
            letGo();
            if (cause instanceof HeadBudgetException || cause.getCause() instanceof HeadBudgetException) {
                transition(State.DROPPED, "budget");
                return;
            }
            log.atWarn().addKeyValue("builds", started).setCause(cause).log("Head table dropped");
            transition(State.DROPPED, "error");
            if (started < MAX_BUILDS) {
                rebuild();
            }
        } finally {
            lock.unlock();
        }
    }

    private void letGo() {
        GrowingHeads complete = serving;
        serving = null;
        if (complete != null) {
            complete.close();
        }
        if (building != null) {
            building.close();
            building = null;
        }
        removed.clear();
    }

    private void transition(State next, String reason) {
        log.atDebug().addKeyValue("from", state).addKeyValue("to", next).addKeyValue("reason", reason).log("Head table");
        state = next;
    }

    public HeadTableStatistics statistics() {
        GrowingHeads now = serving;
        return new HeadTableStatistics(state, now == null ? 0 : now.size(), now == null ? 0 : now.bytes(), answered.sum(), unknown.sum(),
                builds.sum(), drops.sum());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            letGo();
            transition(State.CLOSED, "asked");
        } finally {
            lock.unlock();
        }
    }
}
