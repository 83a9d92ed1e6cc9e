package io.aviladb.storage;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.storage.engine.EngineReader;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.Row;
import io.aviladb.storage.engine.RowVisitor;
import io.aviladb.storage.engine.StorageException;
import io.aviladb.storage.feed.FeedKey;
import io.aviladb.storage.feed.FeedTrimmedException;
import io.aviladb.storage.feed.FeedVisitor;
import io.aviladb.storage.head.Head;
import io.aviladb.storage.version.VersionKey;
import io.aviladb.storage.version.VersionRow;
import io.aviladb.storage.version.VersionVisitor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rows as values. Subclasses say which rows. A row that can't be decoded is damage. */
abstract class StoreReads implements Reads {
    abstract EngineReader rows();

    @Override
    public Applied applied() {
        byte[] row = rows().get(Family.META, MetaRows.APPLIED);
        return row == null ? Applied.NOTHING : decoded(() -> Applied.decode(row));
    }

    @Override
    public @Nullable Head head(DocumentKey key) {
        byte[] row = rows().get(Family.HEADS, key.bytes());
        return row == null ? null : decoded(() -> Head.decode(row));
    }

    @Override
    public byte @Nullable [] version(DocumentKey key, Version version) {
        return rows().get(Family.VERSIONS, new VersionKey(key, version).encode());
    }

    @Override
    public @Nullable VersionRow newestVersion(DocumentKey key, RegionIncarnation region, HybridTimestamp atMost) {
        AtomicReference<@Nullable VersionRow> found = new AtomicReference<>();
        scanVersions(key, atMost, (document, version, body) -> {
            if (!version.region().equals(region)) {
                return true;
            }
            found.set(new VersionRow(version, body));
            return false;
        });
        return found.get();
    }

    @Override
    public void scanVersions(DocumentKey key, HybridTimestamp atMost, VersionVisitor visitor) {
        versions(VersionKey.seek(key, atMost), KeyRange.prefix(key.bytes()).end(), (document, version, body) ->
        // Where one key begins like another, as no two documents' do, rows of the longer one lie between.
        !document.equals(key) || visitor.visit(document, version, body));
    }

    @Override
    public void scanVersions(KeyRange range, @Nullable DocumentKey afterExclusive, VersionVisitor visitor) {
        byte[] start = afterExclusive == null ? range.start() : later(range.start(), KeyRange.prefix(afterExclusive.bytes()).end());
        if (!isEmpty(start, range.end())) {
            versions(start, range.end(), visitor);
        }
    }

    private void versions(byte[] start, byte[] end, VersionVisitor visitor) {
        rows().scan(Family.VERSIONS, start, end, (row, body) -> {
            VersionKey at = decoded(() -> VersionKey.decode(row));
            return visitor.visit(at.key(), at.version(), body);
        });
    }

    @Override
    public void scanHeads(KeyRange range, @Nullable DocumentKey afterExclusive, HeadVisitor visitor) {
        byte[] start = afterExclusive == null
                ? range.start()
                : later(range.start(), Arrays.copyOf(afterExclusive.bytes(), afterExclusive.bytes().length + 1));
        if (!isEmpty(start, range.end())) {
            rows().scan(Family.HEADS, start, range.end(),
                    (key, row) -> visitor.visit(new DocumentKey(key), decoded(() -> Head.decode(row))));
        }
    }

    @Override
    public void scanFeed(HybridTimestamp afterExclusive, HybridTimestamp throughInclusive, FeedVisitor visitor) {
        // Read before the rows: a trim in between takes nothing that this scan may leave out, because it is asked again below.
        checkTrimmed(afterExclusive);
        if (throughInclusive.compareTo(afterExclusive) <= 0) {
            return;
        }
        boolean[] first = {true};
        rows().scan(Family.FEED, FeedKey.after(afterExclusive), FeedKey.after(throughInclusive), (row, value) -> {
            if (first[0]) {
                first[0] = false;
                checkTrimmed(afterExclusive); // the scan's point is fixed now: a trim before it is seen here
            }
            FeedKey key = decoded(() -> FeedKey.decode(row));
            return visitor.visit(key.stamp(), key.position(), value);
        });
        if (first[0]) {
            checkTrimmed(afterExclusive);
        }
    }

    private void checkTrimmed(HybridTimestamp afterExclusive) {
        HybridTimestamp trimmed = feedTrimmedThrough();
        if (trimmed.isAfter(afterExclusive)) {
            throw new FeedTrimmedException(afterExclusive, trimmed);
        }
    }

    @Override
    public HybridTimestamp feedTrimmedThrough() {
        byte[] row = rows().get(Family.META, MetaRows.FEED_TRIMMED);
        return decoded(() -> MetaRows.stampOf(row));
    }

    @Override
    public byte @Nullable [] dedup(DocumentKey key, byte[] rowKey) {
        return rows().get(Family.DEDUP, new DedupKey(key, rowKey).encode());
    }

    @Override
    public void scanDedup(KeyRange range, DedupVisitor visitor) {
        rows().scan(Family.DEDUP, range.start(), range.end(), (row, value) -> {
            DedupKey key = decoded(() -> DedupKey.decode(row));
            return visitor.visit(key.key(), key.rowKey(), value);
        });
    }

    @Override
    public byte @Nullable [] conflict(ConflictId id) {
        return rows().get(Family.CONFLICTS, id.encode());
    }

    @Override
    public void scanConflicts(KeyRange range, @Nullable ConflictId afterExclusive, ConflictVisitor visitor) {
        byte[] after = afterExclusive == null ? range.start() : afterExclusive.encode();
        byte[] start = afterExclusive == null ? after : later(range.start(), Arrays.copyOf(after, after.length + 1));
        if (!isEmpty(start, range.end())) {
            rows().scan(Family.CONFLICTS, start, range.end(), (row, value) -> visitor.visit(decoded(() -> ConflictId.decode(row)), value));
        }
    }

    @Override
    public void scanIndex(KeyRange interval, Predicate<byte[]> visitor) {
        rows().scan(Family.INDEX, interval.start(), interval.end(), (entry, nothing) -> visitor.test(entry));
    }

    @Override
    public byte @Nullable [] row(Row row) {
        return rows().get(row.family(), row.key());
    }

    @Override
    public void scanRows(Family family, KeyRange interval, RowVisitor visitor) {
        rows().scan(family, interval.start(), interval.end(), visitor);
    }

    @Override
    public void scanIndexBackwards(KeyRange interval, Predicate<byte[]> visitor) {
        rows().scanBackwards(Family.INDEX, interval.start(), interval.end(), (entry, nothing) -> visitor.test(entry));
    }

    @Override
    public byte @Nullable [] meta(byte[] name) {
        return rows().get(Family.META, MetaRows.userKey(name));
    }

    @Override
    public void scanMeta(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
        MetaRows.scan(rows(), prefix, visitor);
    }

    @Override
    public void scanMeta(byte[] prefix, byte[] after, RowVisitor visitor) {
        KeyRange names = KeyRange.prefix(MetaRows.userKey(prefix));
        byte[] from = after.length == 0 ? names.start() : MetaRows.userKey(Arrays.copyOf(after, after.length + 1));
        rows().scan(Family.META, from, names.end(), (key, value) -> visitor.visit(Arrays.copyOfRange(key, 1, key.length), value));
    }

    @Override
    public byte[] stateHash(KeyRange range) {
        return StateHash.of(rows(), range, Family.HEADS, Family.VERSIONS, Family.CONFLICTS);
    }

    private static byte[] later(byte[] left, byte[] right) {
        return right.length == 0 || Arrays.compareUnsigned(left, right) < 0 ? right : left;
    }

    private static boolean isEmpty(byte[] start, byte[] end) {
        return end.length != 0 && Arrays.compareUnsigned(start, end) >= 0;
    }

    static <T> T decoded(Supplier<T> read) {
        try {
            return read.get();
        } catch (MalformedBytesException e) {
            throw new StorageException(StorageException.Reason.DAMAGED, "a row is damaged: " + e.getMessage(), e);
        }
    }
}
