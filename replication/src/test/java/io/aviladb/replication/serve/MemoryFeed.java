package io.aviladb.replication.serve;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.replication.spi.FeedReader;
import io.aviladb.replication.spi.FeedView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A feed in memory, of one region. A version's bytes are its stamp's text. */
final class MemoryFeed implements FeedReader, FeedView {
    final RegionIncarnation region;
    final TreeMap<HybridTimestamp, List<FeedRow>> rows = new TreeMap<>();
    final TreeMap<DocumentKey, Version> heads = new TreeMap<>();
    HybridTimestamp applied = HybridTimestamp.ZERO;
    HybridTimestamp trimmed = HybridTimestamp.ZERO;
    boolean ownsAll = true;
    final Map<KeyRange, HybridTimestamp> frozen = new HashMap<>(); // up to where it speaks for them
    HybridTimestamp begun = HybridTimestamp.ZERO; // where the feed of all keys begins, whatever is trimmed
    int wantedTicks;
    private final List<Runnable> listeners = new ArrayList<>();

    MemoryFeed(RegionIncarnation region) {
        this.region = region;
    }

    /** One unit that writes the documents. */
    void write(long millis, DocumentKey... keys) {
        HybridTimestamp stamp = HybridTimestamp.ofMillis(millis);
        for (DocumentKey key : keys) {
            rows.computeIfAbsent(stamp, s -> new ArrayList<>()).add(new FeedRow.Own(key, new byte[0], true));
            heads.put(key, new Version(stamp, region));
        }
        close(millis);
    }

    void mark(long millis) {
        rows.computeIfAbsent(HybridTimestamp.ofMillis(millis), s -> new ArrayList<>()).add(new FeedRow.Mark(List.of()));
        close(millis);
    }

    /** Applied up to the time; those who listen are told. */
    void close(long millis) {
        applied = HybridTimestamp.ofMillis(millis);
        List.copyOf(listeners).forEach(Runnable::run);
    }

    int listeners() {
        return listeners.size();
    }

    @Override
    public FeedView view() {
        return this;
    }

    @Override
    public HybridTimestamp applied() {
        return applied;
    }

    @Override
    public AutoCloseable onApplied(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void wantTick() {
        wantedTicks++;
    }

    @Override
    public HybridTimestamp feedTrimmedThrough() {
        return trimmed;
    }

    @Override
    public HybridTimestamp feedFrom(KeyRange interval) {
        return trimmed.max(begun);
    }

    @Override
    public Optional<HybridTimestamp> speaksThrough(KeyRange interval) {
        return !ownsAll ? Optional.empty() : Optional.of(frozen.getOrDefault(interval, HybridTimestamp.MAX));
    }

    @Override
    public void scanFeed(HybridTimestamp after, HybridTimestamp through, BiPredicate<HybridTimestamp, byte[]> visitor) {
        if (after.compareTo(trimmed) < 0) {
            throw new IllegalStateException("rows are missing");
        }
        for (Map.Entry<HybridTimestamp, List<FeedRow>> unit : rows.entrySet()) {
            for (FeedRow row : unit.getValue()) {
                boolean wanted = unit.getKey().isAfter(after) && unit.getKey().compareTo(through) <= 0;
                if (wanted && !visitor.test(unit.getKey(), row.encode())) {
                    return;
                }
            }
        }
    }

    @Override
    public byte[] version(DocumentKey key, Version version) {
        return version.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte @Nullable [] newestVersion(DocumentKey key, RegionIncarnation writer) {
        Version version = heads.get(key);
        return version == null ? null : version(key, version);
    }

    @Override
    public byte @Nullable [] operationRow(DocumentKey key, byte[] rowKey) {
        return null;
    }

    @Override
    public void scanKeys(KeyRange interval, @Nullable DocumentKey after, Predicate<DocumentKey> visitor) {
        for (DocumentKey key : heads.keySet()) {
            if (interval.contains(key) && (after == null || key.compareTo(after) > 0) && !visitor.test(key)) {
                return;
            }
        }
    }

    @Override
    public List<Version> liveVersions(DocumentKey key) {
        Version version = heads.get(key);
        return version == null ? List.of() : List.of(version);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
