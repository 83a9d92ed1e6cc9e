package io.aviladb.storage;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.Row;
import io.aviladb.storage.engine.WriteSet;
import io.aviladb.storage.feed.FeedKey;
import io.aviladb.storage.head.Head;
import io.aviladb.storage.version.VersionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one log entry. Its reads see its own writes, over the store; nobody else sees them before {@link #commit}. Closed without
 * commit, it has no effect. Owns nothing native. For the apply thread.
 *
 * <p>A unit that is refused half-way is taken back: {@code var before = batch.savepoint(); … batch.rollback(before);} restores rows and
 * reads as they were.
 */
public final class Batch implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final GroupStore store;
    private final WriteSet set = new WriteSet();
    private boolean over;

    Batch(GroupStore store) {
        this.store = store;
    }

    public void putHead(DocumentKey key, Head head) {
        set.put(Family.HEADS, key.bytes(), head.encode());
    }

    public void deleteHead(DocumentKey key) {
        set.delete(Family.HEADS, key.bytes());
    }

    public @Nullable Head head(DocumentKey key) {
        WriteSet.Change change = set.change(Family.HEADS, key.bytes());
        if (change == null) {
            return store.head(key);
        }
        return change.value() == null ? null : Head.decode(change.value());
    }

    /** The array is the batch's from here on. */
    public void putVersion(DocumentKey key, Version version, byte[] body) {
        set.put(Family.VERSIONS, new VersionKey(key, version).encode(), body);
    }

    public void deleteVersion(DocumentKey key, Version version) {
        set.delete(Family.VERSIONS, new VersionKey(key, version).encode());
    }

    public byte @Nullable [] version(DocumentKey key, Version version) {
        byte[] row = new VersionKey(key, version).encode();
        WriteSet.Change change = set.change(Family.VERSIONS, row);
        return change == null ? store.rows().get(Family.VERSIONS, row) : change.value();
    }

    /**
     * @param position
     *            in the unit of the stamp, from 0
     */
    public void putFeed(HybridTimestamp stamp, int position, byte[] row) {
        set.put(Family.FEED, new FeedKey(stamp, position).encode(), row);
    }

    /** Forgets the feed through the stamp. Rows that this very batch puts stay. A lower stamp than before changes nothing. */
    public void deleteFeedThrough(HybridTimestamp stamp) {
        HybridTimestamp before = feedTrimmedThrough();
        if (stamp.isAfter(before)) {
            set.deleteInterval(Family.FEED, FeedKey.after(before), FeedKey.after(stamp));
            set.put(Family.META, MetaRows.FEED_TRIMMED, MetaRows.stampRow(stamp));
        }
    }

    public HybridTimestamp feedTrimmedThrough() {
        WriteSet.Change change = set.change(Family.META, MetaRows.FEED_TRIMMED);
        return change == null ? store.feedTrimmedThrough() : MetaRows.stampOf(change.value());
    }

    public void putDedup(DocumentKey key, byte[] rowKey, byte[] row) {
        set.put(Family.DEDUP, new DedupKey(key, rowKey).encode(), row);
    }

    public void deleteDedup(DocumentKey key, byte[] rowKey) {
        set.delete(Family.DEDUP, new DedupKey(key, rowKey).encode());
    }

    public byte @Nullable [] dedup(DocumentKey key, byte[] rowKey) {
        byte[] row = new DedupKey(key, rowKey).encode();
        WriteSet.Change change = set.change(Family.DEDUP, row);
        return change == null ? store.rows().get(Family.DEDUP, row) : change.value();
    }

    /** @param row both sides, as the caller encodes them */
    public void putConflict(ConflictId id, byte[] row) {
        set.put(Family.CONFLICTS, id.encode(), row);
    }

    public void deleteConflict(ConflictId id) {
        set.delete(Family.CONFLICTS, id.encode());
    }

    /** @param entry collection, index, values and document, as {@code query.index} writes them */
    public void putIndexEntry(byte[] entry) {
        set.put(Family.INDEX, entry, NOTHING);
    }

    public void deleteIndexEntry(byte[] entry) {
        set.delete(Family.INDEX, entry);
    }

    /** Deletes what was there before this batch. The interval has an end. */
    public void deleteIndexEntries(KeyRange interval) {
        set.deleteInterval(Family.INDEX, interval.start(), interval.end());
    }

    public void putMeta(byte[] name, byte[] value) {
        set.put(Family.META, MetaRows.userKey(name), value);
    }

    public void deleteMeta(byte[] name) {
        set.delete(Family.META, MetaRows.userKey(name));
    }

    public byte @Nullable [] meta(byte[] name) {
        WriteSet.Change change = set.change(Family.META, MetaRows.userKey(name));
        return change == null ? store.meta(name) : change.value();
    }

    /** All names that begin with the prefix and were there before this batch. */
    public void deleteMetas(byte[] prefix) {
        KeyRange names = KeyRange.prefix(MetaRows.userKey(prefix));
        set.deleteInterval(Family.META, names.start(), names.end());
    }

    /** Puts a row as it lay in another group's store. */
    public void putRow(Row row, byte[] value) {
        set.put(row.family(), row.key(), value);
    }

    public void deleteRow(Row row) {
        set.delete(row.family(), row.key());
    }

    /** Keys of the rows of one family that this batch has changed so far, each once. Not those of deleted intervals. */
    public List<byte[]> changed(Family family) {
        List<byte[]> keys = new ArrayList<>();
        set.forEach(family, (row, change) -> keys.add(row));
        return keys;
    }

    /** A place to go back to. */
    public WriteSet.Savepoint savepoint() {
        return set.savepoint();
    }

    /** Takes back what was written since; savepoints taken later are void. */
    public void rollback(WriteSet.Savepoint to) {
        set.rollback(to);
    }

    /** Bytes written so far, for bounding an entry. */
    public long bytes() {
        return set.bytes();
    }

    /**
     * Makes all of it visible with the applied position, in one write. An empty batch moves the position only.
     *
     * @throws IllegalStateException
     *             where the position is not after the last, or the batch is over
     * @throws io.aviladb.storage.engine.StorageException
     *             where the write failed: the store is failed for good
     */
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
