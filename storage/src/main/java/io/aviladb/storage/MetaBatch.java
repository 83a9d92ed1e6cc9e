package io.aviladb.storage;

import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.WriteSet;
import org.jspecify.annotations.Nullable;

/** The effects of one log entry on a {@link MetaStore}; like {@link Batch}. */
public final class MetaBatch implements AutoCloseable {
    private final MetaStore store;
    private final WriteSet set = new WriteSet();
    private boolean over;

    MetaBatch(MetaStore store) {
        this.store = store;
    }

    public void put(byte[] name, byte[] value) {
        set.put(Family.META, MetaRows.userKey(name), value);
    }

    public void delete(byte[] name) {
        set.delete(Family.META, MetaRows.userKey(name));
    }

    /** Sees this batch's own writes. */
    public byte @Nullable [] get(byte[] name) {
        WriteSet.Change change = set.change(Family.META, MetaRows.userKey(name));
        return change == null ? store.get(name) : change.value();
    }

    public WriteSet.Savepoint savepoint() {
        return set.savepoint();
    }

    public void rollback(WriteSet.Savepoint to) {
        set.rollback(to);
    }

    /** Like {@link Batch#commit}. */
    public void commit(Applied applied) {
        if (over) {
            throw new IllegalStateException("the batch is over");
        }
        over = true;
        store.commit(set, applied);
    }

    @Override
    public void close() {
        over = true;
    }
}
