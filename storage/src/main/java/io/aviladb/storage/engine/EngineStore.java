package io.aviladb.storage.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/** One RocksDB. Reads from any platform thread, writes from one at a time. After a failure writes are refused; reads are tried. */
public final class EngineStore implements EngineReader, AutoCloseable {
    /** An end of all keys, for calls that need one. Longer than any key's first different byte. */
    private static final byte[] LAST = new byte[64];

    static {
        Arrays.fill(LAST, (byte) 0xFF);
    }

    private final SharedEngine shared;
    private final FailureWatch watch;
    private final OpenedStore opened;
    private final ReadOptions newest = new ReadOptions();
    private final Set<EngineSnapshot> snapshots = ConcurrentHashMap.newKeySet();
    /** Every call holds its read side, close the write side: native objects outlive those who use them. */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private boolean closed; // guarded by gate

    private EngineStore(SharedEngine shared, FailureWatch watch, OpenedStore opened) {
        this.shared = shared;
        this.watch = watch;
        this.opened = opened;
    }

    /**
     * Opens the store in the directory, creating it where there is none.
     *
     * @throws StorageDamagedException
     *             where files are missing or damaged, as far as opening reads them
     */
    public static EngineStore open(Path directory, Set<Family> families, SharedEngine shared) throws IOException {
        FailureWatch watch = new FailureWatch(directory.toString());
        EngineStore store = new EngineStore(shared, watch, OpenedStore.open(directory, families, shared));
        shared.keeper().add(store);
        return store;
    }

    /** One row of {@link Family#META} in a directory that no one has open, such as a checkpoint. Leaves the files as they are. */
    public static byte @Nullable [] readMeta(Path directory, byte[] key) throws IOException {
        return OpenedStore.readMeta(directory, key);
    }

    /** Makes the set visible, all at once. @throws StorageException and the store is failed for good */
    public void write(WriteSet set) {
        inside(() -> {
            StorageException failure = watch.failure();
            if (failure != null) {
                throw new StorageException(failure.reason(), "the store has failed before: " + failure.getMessage(), failure);
            }
            try (WriteBatch batch = new WriteBatch(BatchBytes.of(set, opened::number))) {
                opened.db().write(shared.writeOptions(), batch);
                return true;
            } catch (RocksDBException e) {
                throw watch.fail(Failures.unchecked("write failed", e));
            }
        });
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return this.<byte[]>insideNullable(() -> get(newest, family, key));
    }

    byte @Nullable [] get(EngineSnapshot at, Family family, byte[] key) {
        return this.<byte[]>insideNullable(() -> get(at.options(), family, key));
    }

    private byte @Nullable [] get(ReadOptions options, Family family, byte[] key) {
        try {
            return opened.db().get(opened.handle(family), options, key);
        } catch (RocksDBException e) {
            throw readFailure(e);
        }
    }

    @Override
    public void scan(Family family, byte[] start, byte[] end, RowVisitor visitor) {
        inside(() -> scan((Snapshot) null, family, start, end, false, visitor));
    }

    @Override
    public void scanBackwards(Family family, byte[] start, byte[] end, RowVisitor visitor) {
        inside(() -> scan((Snapshot) null, family, start, end, true, visitor));
    }

    void scan(EngineSnapshot at, Family family, byte[] start, byte[] end, RowVisitor visitor) {
        inside(() -> scan(at.snapshot(), family, start, end, false, visitor));
    }

    void scanBackwards(EngineSnapshot at, Family family, byte[] start, byte[] end, RowVisitor visitor) {
        inside(() -> scan(at.snapshot(), family, start, end, true, visitor));
    }

    private boolean scan(@Nullable Snapshot at, Family family, byte[] start, byte[] end, boolean backwards, RowVisitor visitor) {
        try (Slice upper = new Slice(end.length == 0 ? LAST : end);
                Slice lower = new Slice(start);
                ReadOptions options = new ReadOptions()) {
            if (end.length != 0) {
                options.setIterateUpperBound(upper);
            }
            if (backwards) {
                options.setIterateLowerBound(lower);
            }
            if (at != null) {
                options.setSnapshot(at);
            }
            try (RocksIterator rows = opened.db().newIterator(opened.handle(family), options)) {
                if (backwards) {
                    rows.seekToLast(); // below the upper bound
                } else {
                    rows.seek(start);
                }
                while (rows.isValid()) {
                    if (!visitor.visit(rows.key(), rows.value())) {
                        return false;
                    }
                    if (backwards) {
                        rows.prev();
                    } else {
                        rows.next();
                    }
                }
                rows.status();
                return true;
            }
        } catch (RocksDBException e) {
            throw readFailure(e);
        }
    }

    /** Damage found by a read stops the replica too: the other copies are whole. */
    private StorageException readFailure(RocksDBException e) {
        return watch.fail(Failures.unchecked("read failed", e));
    }

    public EngineSnapshot snapshot() {
        return inside(() -> {
            EngineSnapshot snapshot = new EngineSnapshot(this, opened.db().getSnapshot());
            snapshots.add(snapshot);
            return snapshot;
        });
    }

    void release(EngineSnapshot snapshot) {
        gate.readLock().lock();
        try {
            if (!closed && snapshots.contains(snapshot)) {
                Snapshot held = snapshot.snapshot();
                snapshots.remove(snapshot);
                snapshot.closeOptions();
                opened.db().releaseSnapshot(held);
                held.close();
            }
        } finally {
            gate.readLock().unlock();
        }
    }

    /** Writes all rows in memory to files and waits. @throws StorageException and the store is failed for good */
    public void flush() {
        inside(() -> {
            try {
                opened.db().flush(shared.flushOptions(), opened.handles());
                return true;
            } catch (RocksDBException e) {
                throw watch.fail(Failures.unchecked("flush failed", e));
            }
        });
    }

    /** A durable copy by hard links; the directory must not exist and its parent must. Flushes. */
    public void checkpoint(Path into) throws IOException {
        gate.readLock().lock();
        try {
            checkOpen();
            try (Checkpoint checkpoint = Checkpoint.create(opened.db())) {
                checkpoint.createCheckpoint(into.toString());
            }
        } catch (RocksDBException e) {
            throw Failures.checked("no checkpoint in " + into, e);
        } finally {
            gate.readLock().unlock();
        }
    }

    /** Reads every file and compares checksums. Slow. */
    public void verify() throws IOException {
        gate.readLock().lock();
        try {
            checkOpen();
            opened.db().verifyChecksum();
        } catch (RocksDBException e) {
            throw Failures.checked("verification failed", e);
        } finally {
            gate.readLock().unlock();
        }
    }

    /**
     * Finds out about flushes and compactions that failed in the background of a store that nobody writes to; a writer is told by its write.
     * Asked for, because the engine's own callback can't name a failure without a write-ahead log: the enum of its binding lacks it.
     */
    void checkBackground() {
        if (watch.failure() == null && inside(() -> property(opened.handle(Family.META), "rocksdb.background-errors")) > 0) {
            flush(); // names the cause
            throw watch.fail(new StorageException(StorageException.Reason.ENGINE, "a flush or a compaction failed in the background"));
        }
    }

    /** About how many rows a family has. */
    public long estimatedRows(Family family) {
        return inside(() -> property(opened.handle(family), "rocksdb.estimate-num-keys"));
    }

    /** Bytes of files in use and of rows in memory, over all families. */
    public long sizeBytes() {
        return inside(() -> total("rocksdb.live-sst-files-size") + total("rocksdb.live-blob-file-size")
                + total("rocksdb.cur-size-active-mem-table"));
    }

    /** Bytes of rows in memory that are not in files yet. */
    long memoryBytes() {
        return inside(() -> total("rocksdb.cur-size-active-mem-table"));
    }

    /** About how many bytes the rows from start to before end (empty: the end of all keys) take. Blob files are shared out by rows. */
    public long approximateSize(Family family, byte[] start, byte[] end) {
        return inside(() -> {
            ColumnFamilyHandle handle = opened.handle(family);
            long part = sizeOf(handle, start, end.length == 0 ? LAST : end);
            long blobs = property(handle, "rocksdb.live-blob-file-size");
            long whole = blobs == 0 ? 0 : sizeOf(handle, new byte[0], LAST);
            return whole == 0 ? part : part + (long) ((double) blobs * part / whole);
        });
    }

    private long sizeOf(ColumnFamilyHandle handle, byte[] start, byte[] end) {
        try (Slice from = new Slice(start); Slice to = new Slice(end)) {
            return opened.db().getApproximateSizes(handle, List.of(new Range(from, to)), SizeApproximationFlag.INCLUDE_FILES,
                    SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
        }
    }

    private long total(String property) {
        long sum = 0;
        for (ColumnFamilyHandle handle : opened.handles()) {
            sum += property(handle, property);
        }
        return sum;
    }

    private long property(ColumnFamilyHandle handle, String name) {
        try {
            return opened.db().getLongProperty(handle, name);
        } catch (RocksDBException e) {
            throw Failures.unchecked("no property " + name, e);
        }
    }

    /** What has failed, for good; null as long as nothing has. */
    public @Nullable StorageException failure() {
        return watch.failure();
    }

    /** Told once, from any thread: return soon. */
    public void onFailure(Consumer<StorageException> listener) {
        watch.listen(listener);
    }

    private <T> T inside(Supplier<T> action) {
        gate.readLock().lock();
        try {
            checkOpen();
            return action.get();
        } finally {
            gate.readLock().unlock();
        }
    }

    private <T> @Nullable T insideNullable(Supplier<@Nullable T> action) {
        gate.readLock().lock();
        try {
            checkOpen();
            return action.get();
        } finally {
            gate.readLock().unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StorageException(StorageException.Reason.CLOSED, "the store is closed");
        }
    }

    /** Flushes what is in memory, waits for running reads, and closes. A store that has failed is closed without a flush. */
    @Override
    public void close() {
        shared.keeper().remove(this);
        StorageException unflushed = null;
        gate.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            if (watch.failure() == null) {
                try {
                    opened.db().flush(shared.flushOptions(), opened.handles());
                } catch (RocksDBException e) {
                    unflushed = watch.fail(Failures.unchecked("flush failed at close", e));
                }
            }
            closed = true;
            for (EngineSnapshot snapshot : snapshots) {
                Snapshot held = snapshot.snapshot();
                snapshot.closeOptions();
                opened.db().releaseSnapshot(held);
                held.close();
            }
            snapshots.clear();
            newest.close();
            opened.close();
        } finally {
            gate.writeLock().unlock();
        }
        if (unflushed != null) {
            throw unflushed;
        }
    }
}
