package io.aviladb.replication.serve;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.replication.spi.FeedView;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A view whose feed ends earlier. */
record BoundedView(FeedView view, HybridTimestamp bound) implements FeedView {
    @Override
    public HybridTimestamp applied() {
        return view.applied().min(bound);
    }

    @Override
    public HybridTimestamp feedTrimmedThrough() {
        return view.feedTrimmedThrough();
    }

    @Override
    public HybridTimestamp feedFrom(KeyRange interval) {
        return view.feedFrom(interval);
    }

    @Override
    public Optional<HybridTimestamp> speaksThrough(KeyRange interval) {
        return view.speaksThrough(interval);
    }

    @Override
    public void scanFeed(HybridTimestamp after, HybridTimestamp through, BiPredicate<HybridTimestamp, byte[]> visitor) {
        view.scanFeed(after, through.min(bound), visitor);
    }

    @Override
    public byte @Nullable [] version(DocumentKey key, Version version) {
        return view.version(key, version);
    }

    @Override
    public byte @Nullable [] newestVersion(DocumentKey key, RegionIncarnation region) {
        return view.newestVersion(key, region);
    }

    @Override
    public byte @Nullable [] operationRow(DocumentKey key, byte[] rowKey) {
        return view.operationRow(key, rowKey);
    }

    @Override
    public void scanKeys(KeyRange interval, @Nullable DocumentKey after, Predicate<DocumentKey> visitor) {
        view.scanKeys(interval, after, visitor);
    }

    @Override
    public List<Version> liveVersions(DocumentKey key) {
        return view.liveVersions(key);
    }

    @Override
    public void close() {
        view.close();
    }
}
