package io.aviladb.node.range;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.LocalProposer;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Applies a pulled batch: joins what it brings, moves the cursors of the pieces that stand where it begins, and no other. So a batch that comes
 * twice, or late after a change of leader, does nothing.
 */
final class PullApplier {
    private final RegionIncarnation self;

    PullApplier(RegionIncarnation self) {
        this.self = self;
    }

    /** @param ranges changed in place: cursors, marks */
    LocalProposer.Outcome apply(LinkBatch pulled, Map<Long, OwnedRange> ranges, HybridTimestamp last, HybridTimestamp stamp,
            GroupStore store, Batch batch) {
        ConflictRecorder conflicts = new ConflictRecorder(stamp, store, batch);
        List<LiveVersion> incoming = pulled.changes().stream().map(change -> LiveVersion.decode(change.version())).toList();
        List<Piece> accepted = new ArrayList<>();
        for (Piece piece : pulled.pieces()) {
            OwnedRange owner = ranges.get(piece.targetRange());
            HybridTimestamp cursor = owner == null || !owner.keys().covers(piece.interval()) // pulled before a split
                    ? null
                    : owner.cursor(pulled.source(), piece.interval());
            if (cursor != null && cursor.equals(piece.from()) && pulled.to().compareTo(cursor) >= 0 && owner != null
                    && knowsPolicies(pulled, incoming, piece.interval(), owner)) {
                accepted.add(piece);
            }
        }
        int position = 0;
        for (int i = 0; i < incoming.size(); i++) {
            LinkBatch.Change change = pulled.changes().get(i);
            LiveVersion version = incoming.get(i);
            Optional<Piece> piece = accepted.stream().filter(p -> p.interval().contains(change.key())).findFirst();
            OwnedRange owner = piece.map(p -> ranges.get(p.targetRange())).orElse(null);
            if (piece.isEmpty() || owner == null) {
                continue;
            }
            Head before = batch.head(change.key());
            boolean first = before == null;
            if (join(change, version, owner, piece.get().interval(), last, conflicts, batch)) {
                if (Indexes.has(owner)) { // the versions that the head named are still here
                    Indexes.changed(change.key(), Indexes.document(before, change.key(), owner, batch),
                            Indexes.document(batch.head(change.key()), change.key(), owner, batch), owner.collection(), batch);
                }
                batch.putFeed(stamp, position++, new FeedRow.Merged(change.key(), version.version(), first).encode());
            }
        }
        for (LinkBatch.OperationRow row : pulled.rows()) {
            if (accepted.stream().anyMatch(p -> p.interval().contains(row.key())) && batch.dedup(row.key(), row.rowKey()) == null) {
                batch.putDedup(row.key(), row.rowKey(), row.row());
            }
        }
        for (Piece piece : accepted) {
            OwnedRange owner = ranges.get(piece.targetRange());
            if (owner != null) {
                ranges.put(piece.targetRange(), advanced(owner, piece, pulled));
                if (pulled.rebase()) {
                    Horizon.raise(pulled.to(), batch); // what came by a scan of heads lacks what was superseded before
                }
            }
        }
        return accepted.size() == pulled.pieces().size() ? LocalProposer.Outcome.APPLIED : LocalProposer.Outcome.STALE;
    }

    /** A version whose policy hasn't come here yet waits, with all that was pulled for its piece: no region may read it otherwise (S16). */
    private static boolean knowsPolicies(LinkBatch pulled, List<LiveVersion> incoming, KeyRange interval, OwnedRange owner) {
        for (int i = 0; i < incoming.size(); i++) {
            if (interval.contains(pulled.changes().get(i).key()) && !owner.collection().policies().knows(incoming.get(i).policy())) {
                return false;
            }
        }
        return true;
    }

    private static OwnedRange advanced(OwnedRange owner, Piece piece, LinkBatch pulled) {
        OwnedRange next = owner;
        for (LinkBatch.MarkAt mark : pulled.marks()) {
            for (FeedRow.Coverage coverage : mark.mark().ranges()) {
                Optional<KeyRange> part = coverage.interval().intersect(piece.interval());
                if (part.isPresent()) {
                    next = next.withMark(pulled.source(), part.get(), coverage.covered().with(pulled.source(), mark.stamp()));
                }
            }
        }
        return next.withCursor(pulled.source(), piece.interval(), pulled.to());
    }

    /** @return whether the document has a version that it hadn't: the collector is to look at it */
    private boolean join(LinkBatch.Change change, LiveVersion incoming, OwnedRange owner, KeyRange part, HybridTimestamp last,
            ConflictRecorder conflicts, Batch batch) {
        Head head = batch.head(change.key());
        if (head == null) {
            // Backstop: the whole vector was covered before this batch, and nothing is left of it: it was forgotten. Old news.
            if (owner.covered(part).with(self, last).covers(incoming.vector())
                    || owner.forgotten(change.key()).covers(incoming.vector())) {
                return false;
            }
            batch.putVersion(change.key(), incoming.version(), change.version());
            batch.putHead(change.key(),
                    new Head(incoming.vector(), List.of(incoming.version()), incoming.isDelete(),
                            Expiries.of(LiveVersions.of(incoming), owner),
                            incoming.sizeBytes()));
            conflicts.followed(change.key(), incoming);
            return true;
        }
        if (head.vector().covers(incoming.version())) {
            conflicts.cameLate(change.key(), incoming, owner.collection().policies());
            if (batch.version(change.key(), incoming.version()) != null) {
                return false;
            }
            batch.putVersion(change.key(), incoming.version(), change.version()); // superseded here before it came: cuts of the past show it
            return true;
        }
        VersionVector vector = head.vector().join(incoming.vector());
        LiveVersions joined = LiveVersions.of(incoming);
        if (incoming.vector().covers(head.vector())) {
            conflicts.followed(change.key(), incoming);
        } else {
            LiveVersions live = Heads.liveVersions(head, change.key(), batch);
            conflicts.met(change.key(), incoming, live.versions(), owner.collection().policies());
            joined = LiveVersions.join(live, head.vector(), joined, incoming.vector());
        }
        batch.putVersion(change.key(), incoming.version(), change.version());
        int length = joined.versions().size() == 1 ? joined.versions().get(0).sizeBytes() : UnitApplier.lengthOf(joined, owner);
        batch.putHead(change.key(),
                new Head(vector, joined.versions().stream().map(LiveVersion::version).toList(),
                        joined.isDeleted(owner.collection().policies()), Expiries.of(joined, owner), length));
        return true;
    }
}
