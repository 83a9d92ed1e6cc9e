package io.aviladb.node.range;

import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.conflict.ConflictSearch;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Records, in the batch of the entry that brings two versions together, that one of them overwrites what the other wrote. Lives as long as one
 * entry. A region's own writes have seen all that is here: only what a link brings makes conflicts.
 */
final class ConflictRecorder {
    /** Of one document, the newest. */
    static final int MAX_PER_DOCUMENT = 64;
    /** How many of a document's superseded versions a version that comes late is compared with, the newest first. */
    private static final int MAX_COMPARED = 64;
    private static final Comparator<ConflictId> NEWEST_FIRST = Comparator.comparing(ConflictId::newer).thenComparing(ConflictId::older)
            .reversed();

    private final HybridTimestamp stamp;
    private final GroupStore store;
    private final Batch batch;
    private final Map<DocumentKey, List<LiveVersion>> arrived = new HashMap<>(); // in this batch, so not in the store
    private final Map<DocumentKey, TreeMap<ConflictId, Conflict>> records = new HashMap<>(); // as they will be

    ConflictRecorder(HybridTimestamp stamp, GroupStore store, Batch batch) {
        this.stamp = stamp;
        this.store = store;
        this.batch = batch;
    }

    /** A version that has seen all that is here. */
    void followed(DocumentKey key, LiveVersion version) {
        arrived.computeIfAbsent(key, k -> new ArrayList<>()).add(version);
    }

    /** A version that has not seen all that is here, and is news. */
    void met(DocumentKey key, LiveVersion version, List<LiveVersion> live, PolicyHistory policies) {
        List<LiveVersion> all = new ArrayList<>(live);
        all.add(version);
        record(key, version, live, policies, LiveVersions.of(all).keepsOld(policies));
        followed(key, version);
    }

    /** A version that others which are here have seen already: it may be in conflict with what they have superseded. */
    void cameLate(DocumentKey key, LiveVersion version, PolicyHistory policies) {
        List<LiveVersion> known = new ArrayList<>(arrived.getOrDefault(key, List.of()));
        int[] compared = {0};
        store.scanVersions(key, HybridTimestamp.MAX, (document, name, body) -> {
            known.add(LiveVersion.decode(body));
            return ++compared[0] < MAX_COMPARED;
        });
        record(key, version, known, policies, false);
        followed(key, version);
    }

    /** @param hidden whether only one of the versions shows, though two of them alone might merge */
    private void record(DocumentKey key, LiveVersion version, List<LiveVersion> known, PolicyHistory policies, boolean hidden) {
        TreeMap<ConflictId, Conflict> present = records.computeIfAbsent(key, this::load);
        present.entrySet().removeIf(entry -> {
            boolean givesWay = ConflictSearch.givesWay(entry.getValue(), version);
            if (givesWay) {
                batch.deleteConflict(entry.getKey());
            }
            return givesWay;
        });
        for (Conflict conflict : ConflictSearch.of(version, known)) {
            ConflictId id = new ConflictId(key, conflict.older().version(), conflict.newer().version());
            if (!present.containsKey(id) && (hidden || conflict.overwrites(policies))) {
                present.put(id, conflict);
                batch.putConflict(id, new ConflictRecord(stamp, Optional.empty(), conflict).encode());
            }
        }
        while (present.size() > MAX_PER_DOCUMENT) {
            batch.deleteConflict(present.pollLastEntry().getKey());
        }
    }

    private TreeMap<ConflictId, Conflict> load(DocumentKey key) {
        TreeMap<ConflictId, Conflict> loaded = new TreeMap<>(NEWEST_FIRST);
        store.scanConflicts(KeyRange.prefix(key.bytes()), null, (id, row) -> {
            if (id.key().equals(key)) {
                loaded.put(id, ConflictRecord.decode(row).conflict());
            }
            return true;
        });
        return loaded;
    }
}
