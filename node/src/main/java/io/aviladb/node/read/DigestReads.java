package io.aviladb.node.read;

import io.aviladb.core.document.Document;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.StateDigest;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.expiry.Expiry;
import io.aviladb.node.range.Expiries;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.PastStates;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The digest of an interval at a cut: the same at every replica of every region that has all up to the cut, whatever each has collected since. What
 * readers would find counts, and nothing else: a deleted document is as one that never was.
 */
final class DigestReads {
    private final HistoryRequest.Digest request;
    private final OwnedRange range;
    private final ReadView view;
    private final HybridTimestamp cut;
    private final PastStates past;
    private final List<HistoryReply.DocumentDigest> each = new ArrayList<>();
    private StateDigest sum = StateDigest.EMPTY;

    private DigestReads(HistoryRequest.Digest request, OwnedRange range, ReadView view) {
        this.request = request;
        this.range = range;
        this.view = view;
        this.cut = request.terms().token().highest();
        this.past = PastStates.at(cut, view);
    }

    /** @throws NodeRefusal where the terms name no snapshot, or one whose states may be gone */
    static HistoryReply.Digest read(HistoryRequest.Digest request, OwnedRange range, ReadView view) {
        if (request.terms().consistency() != ReadConsistency.SNAPSHOT) {
            throw NodeRefusal.of(ErrorCode.MALFORMED_REQUEST, "a digest is of a snapshot");
        }
        return new DigestReads(request, range, view).read();
    }

    private HistoryReply.Digest read() {
        Optional<KeyRange> interval = range.keys().intersect(request.interval());
        if (interval.isEmpty()) {
            return new HistoryReply.Digest(sum, Optional.empty(), each);
        }
        int[] keys = {0};
        DocumentKey[] last = {null};
        boolean[] more = {false};
        view.scanHeads(interval.get(), null, (key, head) -> {
            if (keys[0]++ >= request.maxKeys()) {
                more[0] = true;
                return false;
            }
            last[0] = key;
            add(key, head);
            return true;
        });
        return new HistoryReply.Digest(sum, more[0] ? Optional.ofNullable(last[0]) : Optional.empty(), each);
    }

    private void add(DocumentKey key, Head head) {
        if (past.isOlderThan(head)) {
            LiveVersions then = past.of(key);
            Expiry.read(then, range.collection().policies(), range.collection().ttl(), cut)
                    .ifPresent(document -> add(key, document, then.vector()));
        } else if (!head.deleted() && !Expiries.isOver(head, cut)) {
            add(key, GroupReader.document(view, key, head, range), head.vector());
        }
    }

    private void add(DocumentKey key, Document document, VersionVector vector) {
        StateDigest digest = StateDigest.of(key.bytes(), document.json(), vector);
        sum = sum.plus(digest);
        if (request.each()) {
            each.add(new HistoryReply.DocumentDigest(key, digest));
        }
    }
}
