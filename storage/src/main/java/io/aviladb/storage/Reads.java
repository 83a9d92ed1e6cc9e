package io.aviladb.storage;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.Row;
import io.aviladb.storage.engine.RowVisitor;
import io.aviladb.storage.feed.FeedVisitor;
import io.aviladb.storage.head.Head;
import io.aviladb.storage.version.VersionRow;
import io.aviladb.storage.version.VersionVisitor;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of a group: its newest state ({@link GroupStore}), or the state at one point ({@link ReadView}). Each call reads at one
 * point. Blocks on the disk: from platform threads only. Any call throws {@link io.aviladb.storage.engine.StorageException} where the store
 * is damaged, failing or closed. A visitor must not close the store or the view.
 */
public interface Reads {
    /** The last applied entry; all of it can be read. */
    Applied applied();

    @Nullable
    Head head(DocumentKey key);

    /** The body of exactly this version. A reader that got the version from a head and finds no body reads the head again. */
    byte @Nullable [] version(DocumentKey key, Version version);

    /** The region's newest version of the document at or below the stamp, live or not. */
    @Nullable
    VersionRow newestVersion(DocumentKey key, RegionIncarnation region, HybridTimestamp atMost);

    /** Visits the document's versions of all regions at or below the stamp, newest first. */
    void scanVersions(DocumentKey key, HybridTimestamp atMost, VersionVisitor visitor);

    /** Visits all versions of all documents of the interval; {@code afterExclusive} leaves out documents up to it. */
    void scanVersions(KeyRange range, @Nullable DocumentKey afterExclusive, VersionVisitor visitor);

    /** Visits the heads of the interval in key order, deletes included; {@code afterExclusive} continues a page. */
    void scanHeads(KeyRange range, @Nullable DocumentKey afterExclusive, HeadVisitor visitor);

    /**
     * Visits feed rows in order.
     *
     * @throws io.aviladb.storage.feed.FeedTrimmedException
     *             where {@code afterExclusive} lies below {@link #feedTrimmedThrough()}: rows are missing
     */
    void scanFeed(HybridTimestamp afterExclusive, HybridTimestamp throughInclusive, FeedVisitor visitor);

    /** The feed has forgotten what lies at or below. */
    HybridTimestamp feedTrimmedThrough();

    byte @Nullable [] dedup(DocumentKey key, byte[] rowKey);

    /** Visits the dedup rows of the interval's documents. For one document: {@code KeyRange.prefix(key.bytes())}. */
    void scanDedup(KeyRange range, DedupVisitor visitor);

    byte @Nullable [] conflict(ConflictId id);

    /**
     * Visits the records of conflicts of the interval's documents, in the order of keys, of one document from the newest to the oldest. For one
     * document: {@code KeyRange.prefix(key.bytes())}.
     *
     * @param afterExclusive continues a page
     */
    void scanConflicts(KeyRange range, @Nullable ConflictId afterExclusive, ConflictVisitor visitor);

    /** Visits the entries of secondary indexes in the interval, in order. */
    void scanIndex(KeyRange interval, Predicate<byte[]> visitor);

    /** As {@link #scanIndex}, the last entry first. */
    void scanIndexBackwards(KeyRange interval, Predicate<byte[]> visitor);

    /** A row as it lies there, whatever it means. */
    byte @Nullable [] row(Row row);

    /** Visits a family's rows as they lie there, in key order. @param interval of the rows' own keys */
    void scanRows(Family family, KeyRange interval, RowVisitor visitor);

    byte @Nullable [] meta(byte[] name);

    /** Visits names that begin with the prefix, in order: name and value. */
    void scanMeta(byte[] prefix, BiConsumer<byte[], byte[]> visitor);

    /** The same, from behind a name on, until the visitor has enough. @param after empty for the first */
    void scanMeta(byte[] prefix, byte[] after, RowVisitor visitor);

    /**
     * SHA-256 over heads, then versions, then records of conflicts, of the interval in key order. Equal on all replicas of a group at one applied position; depends
     * neither on flushes and compactions nor on the feed.
     */
    byte[] stateHash(KeyRange range);
}
