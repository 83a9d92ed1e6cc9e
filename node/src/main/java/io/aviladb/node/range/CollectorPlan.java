package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.crdt.conflict.Siblings;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The leader's side of collecting: looks at the feed and says which entry is worth proposing. Apply judges again. */
public final class CollectorPlan {
    private static final int MAX_ROWS = 2_000;
    private static final int MAX_KEYS = 500;

    private final RangeMachine machine;
    private final RegionIncarnation self;
    private final long retentionMillis;
    private final long maxFeedMillis;
    private final AnswerSweep answers = new AnswerSweep();
    private final ConflictSweep conflicts = new ConflictSweep();
    private final ExpirySweep expiries;
    private HybridTimestamp examined = HybridTimestamp.ZERO; // nothing at or below is left to be forgotten
    private Set<Long> known = Set.of(); // ranges whose rows of the feed were examined

    /**
     * @param retentionMillis how long the feed, and what was superseded or deleted, is kept at least: states of the past are made of it
     * @param maxFeedMillis how long it waits for a region that doesn't pull; one that was away longer re-bases
     */
    public CollectorPlan(RangeMachine machine, RegionIncarnation self, long retentionMillis, long maxFeedMillis) {
        this.machine = machine;
        this.self = self;
        this.expiries = new ExpirySweep(self);
        this.retentionMillis = retentionMillis;
        this.maxFeedMillis = maxFeedMillis;
    }

    /** What is to be proposed now. */
    public List<GroupEntry> next(long nowMillis) {
        GroupStore store = machine.storeOrNull();
        if (store == null) {
            return List.of();
        }
        List<GroupEntry> entries = new ArrayList<>();
        try (ReadView view = store.view()) {
            Map<Long, OwnedRange> ranges = machine.ranges();
            HybridTimestamp applied = view.applied().stamp();
            HybridTimestamp kept = HybridTimestamp.of(Math.max(0, Math.max(nowMillis, applied.millis()) - retentionMillis), 0xFFFF);
            List<DocumentKey> keys = forgettable(view, ranges, applied, kept);
            if (!keys.isEmpty()) {
                entries.add(new GroupEntry.Forget(keys, kept));
            }
            through(view, ranges, applied, nowMillis).ifPresent(through -> entries.add(new GroupEntry.Collect(through)));
            answers.next(view, applied).ifPresent(entries::add);
            conflicts.next(view, applied).ifPresent(entries::add);
            expiries.next(view, ranges.values(), machine.regions(), applied).ifPresent(entries::add);
        }
        return entries;
    }

    private List<DocumentKey> forgettable(ReadView view, Map<Long, OwnedRange> ranges, HybridTimestamp applied, HybridTimestamp kept) {
        // A range that came from another group brought rows that lie below what was examined.
        examined = known.containsAll(ranges.keySet()) ? examined.max(view.feedTrimmedThrough()) : view.feedTrimmedThrough();
        known = Set.copyOf(ranges.keySet());
        Pass pass = new Pass();
        view.scanFeed(examined, applied, (stamp, position, bytes) -> {
            if (!stamp.equals(pass.unit)) {
                pass.unitOver();
                if (pass.rows >= MAX_ROWS || pass.keys.size() >= MAX_KEYS) {
                    return false;
                }
                pass.unit = stamp;
            }
            pass.rows++;
            FeedRow row = FeedRow.decode(bytes);
            DocumentKey key = touched(row);
            Head head = key == null ? null : view.head(key);
            if (key != null && head != null && Collector.isForgettable(head, version -> view.version(key, version))) {
                OwnedRange owner = ranges.values().stream().filter(range -> range.keys().contains(key)).findFirst().orElse(null);
                if (owner != null && !stay(view, key, head, owner)) {
                    pass.held = true; // looked at again until it is forgotten: the proposal may fail
                    if (head.vector().highest().isAfter(kept)
                            || !machine.collector().stable(owner, applied, machine.regions()).covers(head.vector())) {
                        return false; // what comes later isn't stable either, as a rule
                    }
                    pass.keys.add(key);
                }
            }
            return true;
        });
        pass.unitOver();
        return List.copyOf(pass.keys);
    }

    /** Whether the versions stay: the write that settles them has a row of its own. */
    private static boolean stay(ReadView view, DocumentKey key, Head head, OwnedRange owner) {
        return head.live().size() > 1 && Heads.liveVersions(head, key, view)
                .filter(live -> Siblings.stay(live, owner.collection().policies())).isPresent();
    }

    /** The document that the row may have left something to forget of: a region's own first write is alive and alone. */
    private static @Nullable DocumentKey touched(FeedRow row) {
        return switch (row) {
            case FeedRow.Own own -> own.first() ? null : own.key();
            case FeedRow.Merged merged -> merged.key();
            case FeedRow.Refusal refusal -> null;
            case FeedRow.Mark mark -> null;
        };
    }

    /** One look at the feed. */
    private final class Pass {
        final Set<DocumentKey> keys = new LinkedHashSet<>();
        int rows;
        HybridTimestamp unit = examined;
        boolean held; // something from here on isn't forgotten yet

        void unitOver() {
            if (!held) {
                examined = unit;
            }
        }
    }

    private Optional<HybridTimestamp> through(ReadView view, Map<Long, OwnedRange> ranges, HybridTimestamp applied, long nowMillis) {
        HybridTimestamp limit = HybridTimestamp.ofMillis(Math.max(0, nowMillis - retentionMillis));
        Transfers transfers = machine.transfers();
        if (!transfers.arriving().isEmpty()) {
            return Optional.empty(); // see apply
        }
        List<OwnedRange> waitedFor = new ArrayList<>(ranges.values());
        waitedFor.addAll(transfers.frozen()); // they may come back
        for (OwnedRange range : waitedFor) {
            VersionVector stable = machine.collector().stable(range, applied, machine.regions());
            limit = limit.min(stable.at(self));
        }
        limit = limit.min(examined);
        limit = limit.max(HybridTimestamp.ofMillis(Math.max(0, nowMillis - maxFeedMillis)));
        HybridTimestamp trimmed = view.feedTrimmedThrough();
        HybridTimestamp bound = limit.min(applied);
        int[] rows = {0};
        HybridTimestamp[] last = {trimmed};
        view.scanFeed(trimmed, bound, (stamp, position, bytes) -> {
            if (rows[0] >= MAX_ROWS && !stamp.equals(last[0])) {
                return false;
            }
            last[0] = stamp;
            rows[0]++;
            return true;
        });
        return rows[0] == 0 ? Optional.empty() : Optional.of(last[0]);
    }
}
