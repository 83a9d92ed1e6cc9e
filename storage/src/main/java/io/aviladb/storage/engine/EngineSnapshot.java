package io.aviladb.storage.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/**
 * All rows as of the moment in which it was taken. Holds back the disposal of what was deleted since: close it soon. For one thread at a
 * time, closing included.
 */
public final class EngineSnapshot implements EngineReader, AutoCloseable {
    private final EngineStore store;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private volatile boolean closed;

    EngineSnapshot(EngineStore store, Snapshot snapshot) {
        this.store = store;
        this.snapshot = snapshot;
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return store.get(this, family, key);
    }

    @Override
    public void scan(Family family, byte[] start, byte[] end, RowVisitor visitor) {
        store.scan(this, family, start, end, visitor);
    }

    @Override
    public void scanBackwards(Family family, byte[] start, byte[] end, RowVisitor visitor) {
        store.scanBackwards(this, family, start, end, visitor);
    }

    @Override
    public void close() {
        store.release(this);
    }

    /** Inside the store's gate. */
    ReadOptions options() {
        check();
        return options;
    }

    /** Inside the store's gate. */
    Snapshot snapshot() {
        check();
        return snapshot;
    }

    private void check() {
        if (closed) {
            throw new StorageException(StorageException.Reason.CLOSED, "the view is closed");
        }
    }

    void closeOptions() {
        closed = true;
        options.close();
    }
}
