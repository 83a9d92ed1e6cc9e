package io.aviladb.replication.spi;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A group's store at one point of its log. Must be closed. */
public interface FeedView extends AutoCloseable {
    /** The stamp of the last applied entry: the group writes nothing more at or below it. */
    HybridTimestamp applied();

    /** Rows at or below this are gone from the feed. */
    HybridTimestamp feedTrimmedThrough();

    /** Rows of the interval at or below this are gone, or have never been here: no lower than {@link #feedTrimmedThrough()}. */
    HybridTimestamp feedFrom(KeyRange interval);

    /**
     * Up to where this group speaks for the interval: without end for what it owns; up to a stamp for what is on its way to another group, which
     * may write above it. Empty where some of the interval is another's: what lies here of it is left over, and says nothing.
     */
    Optional<HybridTimestamp> speaksThrough(KeyRange interval);

    /** Rows above {@code after} up to and with {@code through}, ascending; the visitor answers false to stop. */
    void scanFeed(HybridTimestamp after, HybridTimestamp through, BiPredicate<HybridTimestamp, byte[]> visitor);

    byte @Nullable [] version(DocumentKey key, Version version);

    /** The newest version that the region wrote, live or not. */
    byte @Nullable [] newestVersion(DocumentKey key, RegionIncarnation region);

    byte @Nullable [] operationRow(DocumentKey key, byte[] rowKey);

    /** Keys with a head, ascending, after the given one; the visitor answers false to stop. */
    void scanKeys(KeyRange interval, @Nullable DocumentKey after, Predicate<DocumentKey> visitor);

    /** The live versions of a key; empty where it has no head. */
    List<Version> liveVersions(DocumentKey key);

    @Override
    void close();
}
