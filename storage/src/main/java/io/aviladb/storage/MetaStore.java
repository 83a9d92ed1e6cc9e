package io.aviladb.storage;

import io.aviladb.core.range.KeyRange;
import io.aviladb.storage.engine.EngineSnapshot;
import io.aviladb.storage.engine.EngineStore;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.engine.WriteSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small replicated store: names and values, with the applied position in the same write. For the catalog and the controller. One thread
 * writes, any platform thread reads.
 */
public final class MetaStore implements AutoCloseable {
    private static final String KIND = "meta";

    private final EngineStore engine;
    private volatile Applied applied;
    private boolean formatWritten; // the apply thread's

    private MetaStore(EngineStore engine, Applied applied) {
        this.engine = engine;
        this.applied = applied;
        this.formatWritten = !applied.equals(Applied.NOTHING);
    }

    /** Opens the store in the directory, creating it where there is none. Fails like {@link GroupStore#open}. */
    public static MetaStore open(Path directory, SharedEngine shared) throws IOException {
        EngineStore engine = EngineStore.open(directory, EnumSet.of(Family.META), shared);
        try {
            return new MetaStore(engine, MetaRows.check(engine, KIND, directory));
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** The position that a checkpoint, or a closed store, holds. */
    public static Applied appliedOf(Path directory) throws IOException {
        return MetaRows.appliedOf(directory);
    }

    public Applied applied() {
        return applied;
    }

    public byte @Nullable [] get(byte[] name) {
        return engine.get(Family.META, MetaRows.userKey(name));
    }

    /** Visits names that begin with the prefix, in order, as of one point: name and value. */
    public void scan(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
        MetaRows.scan(engine, prefix, visitor);
    }

    public MetaBatch begin() {
        return new MetaBatch(this);
    }

    void commit(WriteSet set, Applied next) {
        applied.checkedNext(next);
        if (!formatWritten) {
            MetaRows.putFormat(set, KIND);
        }
        set.put(Family.META, MetaRows.APPLIED, next.encode());
        engine.write(set);
        formatWritten = true;
        applied = next;
    }

    /** SHA-256 over all names and values, for comparing replicas at one applied position. */
    public byte[] stateHash() {
        try (EngineSnapshot snapshot = engine.snapshot()) {
            return StateHash.of(snapshot, KeyRange.prefix(MetaRows.userKey(new byte[0])), Family.META);
        }
    }

    /** Like {@link GroupStore#checkpoint}. */
    public void checkpoint(Path into) throws IOException {
        engine.checkpoint(into);
    }

    public void flush() {
        engine.flush();
    }

    public long sizeBytes() {
        return engine.sizeBytes();
    }

    /** Like {@link GroupStore#verify}. */
    public void verify() throws IOException {
        engine.verify();
    }

    /** Like {@link GroupStore#failure}. */
    public @Nullable StorageException failure() {
        return engine.failure();
    }

    /** Like {@link GroupStore#onFailure}. */
    public void onFailure(Consumer<StorageException> listener) {
        engine.onFailure(listener);
    }

    @Override
    public void close() {
        engine.close();
    }
}
