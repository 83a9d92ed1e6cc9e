package io.aviladb.node.link;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.replication.spi.FeedReader;
import io.aviladb.replication.spi.FeedView;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import io.aviladb.storage.version.VersionRow;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A group's store as links read it. */
public final class StoreFeed implements FeedReader {
    private final RangeMachine machine;
    private final Runnable wantTick;

    public StoreFeed(RangeMachine machine, Runnable wantTick) {
        this.machine = machine;
        this.wantTick = wantTick;
    }

    @Override
    public FeedView view() {
        GroupStore store = machine.storeOrNull();
        if (store == null) {
            throw new IllegalStateException("the replica is closed or installs a snapshot");
        }
        ReadView view = store.view();
        try {
            return new View(view, RangeMachine.spokenFor(view));
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
    }

    @Override
    public HybridTimestamp applied() {
        return machine.lastStamp();
    }

    @Override
    public AutoCloseable onApplied(Runnable listener) {
        return machine.onApplied(listener);
    }

    @Override
    public void wantTick() {
        wantTick.run();
    }

    /** @param spokenFor in key order, as the view has it: an interval that leaves while a frame is made is not claimed beyond what the view has */
    private record View(ReadView view, List<Map.Entry<KeyRange, HybridTimestamp>> spokenFor) implements FeedView {
        @Override
        public HybridTimestamp applied() {
            return view.applied().stamp();
        }

        @Override
        public HybridTimestamp feedTrimmedThrough() {
            return view.feedTrimmedThrough();
        }

        @Override
        public HybridTimestamp feedFrom(KeyRange interval) {
            return RangeMachine.feedFrom(view, interval);
        }

        @Override
        public Optional<HybridTimestamp> speaksThrough(KeyRange interval) {
            Optional<KeyRange> rest = Optional.of(interval);
            HybridTimestamp through = HybridTimestamp.MAX;
            for (Map.Entry<KeyRange, HybridTimestamp> part : spokenFor) {
                KeyRange keys = part.getKey();
                if (rest.isPresent() && Arrays.compareUnsigned(keys.start(), rest.get().start()) <= 0
                        && keys.intersect(rest.get()).isPresent()) {
                    rest = rest.get().after(keys);
                    through = through.min(part.getValue());
                }
            }
            return rest.isEmpty() ? Optional.of(through) : Optional.empty();
        }

        @Override
        public void scanFeed(HybridTimestamp after, HybridTimestamp through, BiPredicate<HybridTimestamp, byte[]> visitor) {
            view.scanFeed(after, through, (stamp, position, row) -> visitor.test(stamp, row));
        }

        @Override
        public byte @Nullable [] version(DocumentKey key, Version version) {
            return view.version(key, version);
        }

        @Override
        public byte @Nullable [] newestVersion(DocumentKey key, RegionIncarnation region) {
            VersionRow row = view.newestVersion(key, region, HybridTimestamp.MAX);
            return row == null ? null : row.body();
        }

        @Override
        public byte @Nullable [] operationRow(DocumentKey key, byte[] rowKey) {
            return view.dedup(key, rowKey);
        }

        @Override
        public void scanKeys(KeyRange interval, @Nullable DocumentKey after, Predicate<DocumentKey> visitor) {
            view.scanHeads(interval, after, (key, head) -> visitor.test(key));
        }

        @Override
        public List<Version> liveVersions(DocumentKey key) {
            Head head = view.head(key);
            return head == null ? List.of() : head.live();
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
