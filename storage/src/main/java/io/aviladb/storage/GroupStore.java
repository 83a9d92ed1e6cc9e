package io.aviladb.storage;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.storage.engine.EngineReader;
import io.aviladb.storage.engine.EngineStore;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.engine.WriteSet;
import io.aviladb.storage.head.Head;
import io.aviladb.storage.head.HeadTable;
import io.aviladb.storage.head.HeadTableStatistics;
import io.aviladb.storage.snapshot.SnapshotFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One group's replica on disk. One thread writes (through {@link #begin()}), any platform thread reads.
 *
 * <p>A read may be behind a write that is being committed, never ahead of what {@link #applied()} will say: a reader that waits for an
 * applied index first sees everything up to it.
 */
public final class GroupStore extends StoreReads implements AutoCloseable {
    private static final String KIND = "group";

    private final EngineStore engine;
    private final HeadTable heads;
    private volatile Applied applied;
    private boolean formatWritten; // the apply thread's

    private GroupStore(EngineStore engine, HeadTable heads, Applied applied) {
        this.engine = engine;
        this.heads = heads;
        this.applied = applied;

        this.formatWritten = !applied.equals(Applied.NOTHING);
    }

    /**
     * Opens the store in the directory, creating it where there is none.
     *
     * @throws io.aviladb.storage.engine.StorageFormatException
     *             where a newer program wrote it
     * @throws io.aviladb.storage.engine.StorageDamagedException
     *             where files are missing or damaged
     */
    public static GroupStore open(Path directory, SharedEngine shared) throws IOException {
        EngineStore engine = EngineStore.open(directory, EnumSet.allOf(Family.class), shared);
        try {
            Applied applied = MetaRows.check(engine, KIND, directory);
            HeadTable heads = HeadTable.over(new EngineHeads(engine), shared);
            if (engine.estimatedRows(Family.HEADS) > 0) {
                heads.rebuild();
            }
            return new GroupStore(engine, heads, applied);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Opens nothing for long: the position that a checkpoint, or a closed store, holds. */
    public static Applied appliedOf(Path directory) throws IOException {
        return MetaRows.appliedOf(directory);
    }

    /** Deletes a closed store with all its files. */
    public static void destroy(Path directory) throws IOException {
        SnapshotFiles.deleteRecursively(directory);
    }

    @Override
    EngineReader rows() {
        return engine;
    }

    @Override
    public Applied applied() {
        return applied;
    }

    /** From the head table where that knows, else from the {@code heads} family. */
    @Override
    public @Nullable Head head(DocumentKey key) {
        HeadTable.Answer answer = heads.get(key.bytes());
        return switch (answer) {
            case HeadTable.Answer.Present present -> present.head();
            case HeadTable.Answer.Absent absent -> null;
            case HeadTable.Answer.Unknown unknown -> super.head(key);
        };
    }

    public Batch begin() {
        return new Batch(this);
    }

    void commit(WriteSet set, Applied next) {
        applied.checkedNext(next);
        if (!formatWritten) {
            MetaRows.putFormat(set, KIND);
        }
        set.put(Family.META, MetaRows.APPLIED, next.encode());
        engine.write(set);
        formatWritten = true;
        heads.update(set);
        applied = next; // last: whoever waits for it sees the rows and the table
    }

    /** At one point, unlike a scan of each family by itself. */
    @Override
    public byte[] stateHash(KeyRange range) {
        try (ReadView view = view()) {
            return view.stateHash(range);
        }
    }

    /** A fixed point to read at, for paging. */
    public ReadView view() {
        return new ReadView(engine.snapshot());
    }

    /**
     * Writes a complete, durable copy into the directory, by hard links, while writes go on. The directory must not exist, its parent must.
     * {@link #appliedOf} tells what it holds. Flushes: at most every few minutes.
     */
    public void checkpoint(Path into) throws IOException {
        engine.checkpoint(into);
    }

    /** Writes all rows in memory to files and waits. What was applied before is durable after it. */
    public void flush() {
        engine.flush();
    }

    /** Compares every file's checksums. Slow; while others read and write. */
    public void verify() throws IOException {
        engine.verify();
    }

    public long sizeBytes() {
        return engine.sizeBytes();
    }

    /** About how many bytes heads and versions of the interval take. */
    public long approximateSize(KeyRange range) {
        return engine.approximateSize(Family.HEADS, range.start(), range.end())
                + engine.approximateSize(Family.VERSIONS, range.start(), range.end());
    }

    public HeadTableStatistics headTableStatistics() {
        return heads.statistics();
    }

    /** What has failed, for good: a write, a flush, a compaction or a damaged row. The node stops on it. Null while all is well. */
    public @Nullable StorageException failure() {
        return engine.failure();
    }

    /** Told once, from any thread: return soon. Told at once where the failure has already been. */
    public void onFailure(Consumer<StorageException> listener) {
        engine.onFailure(listener);
    }

    /** Waits for running reads, flushes and closes. */
    @Override
    public void close() {
        heads.close();
        engine.close();
    }
}
