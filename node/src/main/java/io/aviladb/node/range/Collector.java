package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.conflict.Siblings;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.replication.progress.Stability;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What entries of the collector do: superseded versions, the feed, stable sets and old answers go. All in apply, so that replicas agree. */
final class Collector {
    /** A version of another region may be so far ahead of the stamp under which it was merged here. */
    private static final long MAX_OFFSET_MILLIS = 1_000;

    private final RegionIncarnation self;

    Collector(RegionIncarnation self) {
        this.self = self;
    }

    VersionVector stable(OwnedRange range, HybridTimestamp last, Collection<RegionIncarnation> regions) {
        return Stability.stable(self, regions, range.covered().with(self, last), range.acknowledged());
    }

    /** Whether something is to be forgotten of the key once it is stable: a delete, a conflict, or what one version keeps beside its body. */
    static boolean isForgettable(Head head, Function<Version, byte @Nullable []> versions) {
        if (head.deleted() || head.live().size() > 1) {
            return true;
        }
        byte[] only = versions.apply(head.newest());
        return only != null && LiveVersion.isForgettable(only);
    }

    void forget(GroupEntry.Forget forget, Map<Long, OwnedRange> ranges, HybridTimestamp last, Collection<RegionIncarnation> regions,
            GroupStore store, Batch batch) {
        for (DocumentKey key : forget.keys()) {
            Head head = batch.head(key);
            OwnedRange owner = ranges.values().stream().filter(range -> range.keys().contains(key)).findFirst().orElse(null);
            if (head == null || owner == null || !isForgettable(head, version -> batch.version(key, version))
                    || !stable(owner, last, regions).covers(head.vector())
                    || head.vector().highest().isAfter(forget.through())) {
                continue;
            }
            LiveVersions before = Heads.liveVersions(head, key, batch);
            if (Siblings.stay(before, owner.collection().policies())) {
                continue; // until a write has seen them all
            }
            Horizon.raise(head.vector().highest(), batch);
            LiveVersions after = before.collapse(owner.collection().policies());
            if (Indexes.has(owner)) {
                Indexes.changed(key, before.read(owner.collection().policies()), after.read(owner.collection().policies()),
                        owner.collection(),
                        batch);
            }
            for (Version version : head.live()) {
                batch.deleteVersion(key, version);
            }
            if (after.isEmpty()) {
                store.scanVersions(key, HybridTimestamp.MAX, (document, version, body) -> {
                    batch.deleteVersion(key, version); // what the delete has superseded must not show without it
                    return true;
                });
                batch.deleteHead(key);
                ranges.put(owner.ref().range(), owner.withForgotten(head.vector()));
            } else {
                LiveVersion merged = after.versions().get(0);
                batch.putVersion(key, merged.version(), merged.encode());
                batch.putHead(key,
                        new Head(head.vector(), List.of(merged.version()), merged.isDelete(), head.expiryMillis(), merged.sizeBytes()));
                collapsed(key, head.live(), merged.version(), store, batch);
            }
        }
    }

    /** Conflicts of the set live on in the one body: nobody has settled them by it. */
    private static void collapsed(DocumentKey key, List<Version> before, Version after, GroupStore store, Batch batch) {
        if (before.size() > 1) {
            store.scanConflicts(KeyRange.prefix(key.bytes()), null, (id, row) -> {
                ConflictRecord record = ConflictRecord.decode(row);
                if (id.key().equals(key) && record.isAmong(before)) {
                    batch.putConflict(id, record.withCollapsed(after).encode());
                }
                return true;
            });
        }
    }

    void collect(HybridTimestamp through, GroupStore store, Batch batch) {
        HybridTimestamp from = batch.feedTrimmedThrough();
        if (through.compareTo(from) <= 0) {
            return;
        }
        Map<DocumentKey, HybridTimestamp> touched = new LinkedHashMap<>();
        store.scanFeed(from, through, (stamp, position, bytes) -> {
            FeedRow row = FeedRow.decode(bytes);
            // A first write superseded nothing; what superseded it since has a row of its own, here or later.
            if (row instanceof FeedRow.Own own && !own.first()) {
                touched.merge(own.key(), through, HybridTimestamp::max);
            } else if (row instanceof FeedRow.Merged merged && !merged.first()) {
                touched.merge(merged.key(), through.max(merged.version().stamp()), HybridTimestamp::max);
            }
            return true;
        });
        touched.forEach((key, atMost) -> supersede(key, through, atMost, store, batch));
        batch.deleteFeedThrough(through);
    }

    /**
     * What the key has had goes, where no cut that is still asked for shows it: something that has seen it was written at or below {@code atMost}.
     * Own versions above {@code through} stay, since links still send them.
     */
    private void supersede(DocumentKey key, HybridTimestamp through, HybridTimestamp atMost, GroupStore store, Batch batch) {
        Head head = batch.head(key);
        List<Version> here = new ArrayList<>(); // from the newest to the oldest
        store.scanVersions(key, atMost.max(HybridTimestamp.ofMillis(through.millis() + MAX_OFFSET_MILLIS)), (document, version, body) -> {
            here.add(version);
            return true;
        });
        for (int i = here.size() - 1; i >= 0; i--) {
            Version version = here.get(i);
            boolean sent = !version.region().equals(self) || version.stamp().compareTo(through) <= 0;
            if (!sent || head != null && head.live().contains(version)) {
                continue;
            }
            Version by = head == null ? version : seenBy(key, version, here.subList(0, i), through, batch);
            if (by != null) {
                batch.deleteVersion(key, version);
                Horizon.raise(through.max(by.stamp()), batch);
            }
        }
    }

    /** The oldest of the newer versions that has seen this one: a region's later writes have seen its earlier ones. */
    private @Nullable Version seenBy(DocumentKey key, Version version, List<Version> newer, HybridTimestamp through, Batch batch) {
        for (Version other : newer.reversed()) {
            if (other.region().equals(self) && other.stamp().isAfter(through)) {
                continue; // its row of the feed is still to come
            } else if (other.region().equals(version.region())) {
                return other;
            }
            byte[] body = batch.version(key, other);
            if (body != null && LiveVersion.decode(body).vector().covers(version)) {
                return other;
            }
        }
        return null;
    }

    /** @param stamp the entry's: whatever the leader asks for, no answer goes before its time in the log has passed */
    void sweepAnswers(GroupEntry.SweepAnswers sweep, HybridTimestamp stamp, GroupStore store, Batch batch) {
        long kept = Math.max(0, stamp.millis() - UnitApplier.ANSWERS_KEPT.toMillis());
        HybridTimestamp before = sweep.sentBefore().min(HybridTimestamp.ofMillis(kept));
        int[] seen = {0};
        KeyRange rest = new KeyRange(sweep.from(), new byte[0]);
        store.scanDedup(rest, (key, rowKey, row) -> {
            if (OperationRecord.firstSentOf(row).compareTo(before) < 0) {
                batch.deleteDedup(key, rowKey);
            }
            return ++seen[0] < sweep.maxRows();
        });
    }

    /** @param stamp the entry's: whatever the leader asks for, no record goes before its time in the log has passed */
    void sweepConflicts(GroupEntry.SweepConflicts sweep, HybridTimestamp stamp, GroupStore store, Batch batch) {
        HybridTimestamp before = sweep.recordedBefore().min(ConflictSweep.horizon(stamp));
        int[] seen = {0};
        ConflictId after = sweep.after().length == 0 ? null : ConflictId.decode(sweep.after());
        store.scanConflicts(new KeyRange(new byte[0], new byte[0]), after, (id, row) -> {
            if (ConflictRecord.recordedAtOf(row).compareTo(before) < 0) {
                batch.deleteConflict(id);
            }
            return ++seen[0] < sweep.maxRows();
        });
    }

    /** A range goes with all that it holds. */
    static void drop(OwnedRange range, GroupStore store, Batch batch) {
        List<DocumentKey> keys = new ArrayList<>();
        store.scanHeads(range.keys(), null, (key, head) -> keys.add(key));
        for (DocumentKey key : keys) {
            batch.deleteHead(key);
        }
        store.scanVersions(range.keys(), null, (key, version, body) -> {
            batch.deleteVersion(key, version);
            return true;
        });
        store.scanDedup(range.keys(), (key, rowKey, row) -> {
            batch.deleteDedup(key, rowKey);
            return true;
        });
        store.scanConflicts(range.keys(), null, (id, row) -> {
            batch.deleteConflict(id);
            return true;
        });
    }
}
