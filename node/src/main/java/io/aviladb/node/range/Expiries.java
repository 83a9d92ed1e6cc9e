package io.aviladb.node.range;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.document.Mutator;
import io.aviladb.crdt.expiry.Expiry;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.head.Head;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents that have expired. The head says when; whether it is so is judged by a stamp of the log: in apply by the entry's, for readers by the last
 * one applied. So no clock of a node makes a document come and go, and a document that was seen to be over stays so.
 */
public final class Expiries {
    /** Of {@link IndexBuilds}: the heads learn of a new time to live, piece by piece as an index is built. No index has this number. */
    static final int BUILD = 0;

    private Expiries() {
    }

    /** Whether the document has expired at the stamp. */
    public static boolean isOver(@Nullable Head head, HybridTimestamp at) {
        return head != null && Expiry.isOver(head.expiryMillis(), at);
    }

    /**
     * Whether all that any region wrote before the document expired has come: what extended it in time is here, then, and has moved its expiry. Until
     * then it is hidden, and not gone.
     */
    static boolean knowsAllBefore(long expiryMillis, OwnedRange owner, RegionIncarnation self, Collection<RegionIncarnation> regions) {
        VersionVector covered = owner.covered();
        return regions.stream().allMatch(region -> region.equals(self) || covered.at(region).millis() >= expiryMillis);
    }

    /** When the set expires, by the range's collection. */
    static long of(LiveVersions live, OwnedRange owner) {
        return Expiry.of(live, owner.collection().policies(), owner.collection().ttl());
    }

    /** Those of the keys whose documents are over at the entry's stamp go, all under this stamp. */
    static void expire(List<DocumentKey> keys, Collection<OwnedRange> ranges, HybridTimestamp stamp, RegionIncarnation self,
            Collection<RegionIncarnation> regions, Batch batch) {
        Version version = new Version(stamp, self);
        int position = 0;
        for (DocumentKey key : keys) {
            Head head = batch.head(key);
            OwnedRange owner = ranges.stream().filter(range -> range.keys().contains(key)).findFirst().orElse(null);
            // Written anew or extended meanwhile, or stamped by a clock that was ahead: looked at again when its time has come.
            if (head == null || owner == null || head.deleted() || !isOver(head, stamp)
                    || !knowsAllBefore(head.expiryMillis(), owner, self, regions) || head.vector().highest().compareTo(stamp) >= 0) {
                continue;
            }
            LiveVersions live = Heads.liveVersions(head, key, batch);
            LiveVersion gone = Mutator.expire(live, head.vector(), version, owner.collection().policies());
            if (Indexes.has(owner)) {
                Indexes.changed(key, live.read(owner.collection().policies()), Optional.empty(), owner.collection(), batch);
            }
            batch.putVersion(key, version, gone.encode());
            batch.putHead(key, new Head(head.vector().join(gone.vector()), List.of(version), true, Expiry.NEVER, 0));
            batch.putFeed(stamp, position++, new FeedRow.Own(key, new byte[0], false).encode());
        }
    }

    /** The next heads learn of the time to live. Of an entry that was made for another state nothing happens. @return the range afterwards */
    static OwnedRange build(GroupEntry.BuildIndex entry, OwnedRange range, GroupStore store, Batch batch) {
        byte[] from = range.builds().next(BUILD).orElse(null);
        if (from == null || !Arrays.equals(from, entry.from())) {
            return range;
        }
        int[] documents = {0};
        byte @Nullable [][] end = new byte[1][];
        store.scanHeads(new KeyRange(from, range.keys().end()), null, (key, head) -> {
            if (documents[0]++ >= entry.maxDocuments()) {
                end[0] = key.bytes();
                return false;
            }
            long expiry = head.deleted() ? Expiry.NEVER : of(Heads.liveVersions(head, key, batch), range);
            if (expiry != head.expiryMillis()) {
                batch.putHead(key, new Head(head.vector(), head.live(), head.deleted(), expiry, head.length()));
            }
            return true;
        });
        return range.withBuilds(end[0] == null ? range.builds().ready(BUILD) : range.builds().with(BUILD, end[0]));
    }
}
