package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.storage.Reads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes round the heads of collections with a time to live, a bounded number at a time, and says which documents are over. Nobody sees these any more:
 * what is won is space, and an event for those who follow the changes. Time is the log's, as in apply. It keeps nothing that a split, a merge, a
 * transfer or a new leader would have to take along.
 */
final class ExpirySweep {
    /** Of one look. */
    static final int MAX_HEADS = 5_000;
    /** Of one entry: apply does nothing else meanwhile. */
    static final int MAX_KEYS = 200;
    private static final long REST_MILLIS = 5_000;
    /** The region that wrote a document last takes it away; the others do where that region hasn't for so long. */
    static final long OTHERS_AFTER_MILLIS = 60_000;

    private final RegionIncarnation self;
    private @Nullable DocumentKey after;
    private long restUntilMillis;

    ExpirySweep(RegionIncarnation self) {
        this.self = self;
    }

    /** What to propose. While its documents are there the same is said again: a proposal may fail. */
    Optional<GroupEntry> next(Reads view, Collection<OwnedRange> ranges, Collection<RegionIncarnation> regions, HybridTimestamp applied) {
        if (applied.millis() < restUntilMillis || ranges.stream().allMatch(range -> range.collection().ttl().isNone())) {
            return Optional.empty();
        }
        TreeMap<DocumentKey, OwnedRange> ordered = new TreeMap<>();
        ranges.forEach(range -> ordered.put(new DocumentKey(range.keys().start()), range));
        List<DocumentKey> over = new ArrayList<>();
        int[] heads = {0};
        DocumentKey begin = after;
        DocumentKey[] last = {begin};
        for (OwnedRange range : ordered.values()) {
            boolean passed = begin != null && range.keys().end().length != 0
                    && Arrays.compareUnsigned(begin.bytes(), range.keys().end()) >= 0;
            if (passed || range.collection().ttl().isNone() || heads[0] >= MAX_HEADS || over.size() >= MAX_KEYS) {
                continue;
            }
            KeyRange keys = range.keys();
            view.scanHeads(keys, begin != null && keys.contains(begin) ? begin : null, (key, head) -> {
                heads[0]++;
                last[0] = key;
                boolean ours = head.newest().region().equals(self)
                        || applied.millis() >= head.expiryMillis() + OTHERS_AFTER_MILLIS;
                if (!head.deleted() && Expiries.isOver(head, applied) && ours
                        && Expiries.knowsAllBefore(head.expiryMillis(), range, self, regions)) {
                    over.add(key);
                }
                return heads[0] < MAX_HEADS && over.size() < MAX_KEYS;
            });
        }
        if (!over.isEmpty()) {
            return Optional.of(new GroupEntry.Expire(over)); // looked at again from the same place
        }
        boolean more = heads[0] >= MAX_HEADS;
        after = more ? last[0] : null;
        restUntilMillis = more ? 0 : applied.millis() + REST_MILLIS;
        return Optional.empty();
    }
}
