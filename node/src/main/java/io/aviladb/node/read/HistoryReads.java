package io.aviladb.node.read;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.node.range.Heads;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a range keeps of the past: versions until the collector takes them, records of conflicts until the horizon. */
final class HistoryReads {
    /** Of one document. */
    private static final int MAX_VERSIONS = 1_000;
    /** How many records one call looks at; whoever asks for newer ones than there are asks again. */
    private static final int MAX_LOOKED_AT = 2_000;

    private HistoryReads() {
    }

    static HistoryReply read(HistoryRequest request, OwnedRange range, ReadView view) {
        return switch (request) {
            case HistoryRequest.Conflicts conflicts -> conflicts(conflicts, range, view);
            case HistoryRequest.Versions versions -> versions(versions, range, view);
            case HistoryRequest.Digest digest -> DigestReads.read(digest, range, view);
            case HistoryRequest.Tombstones tombstones ->
                throw new IllegalArgumentException("tombstones are read with what regions have said");
        };
    }

    private static HistoryReply conflicts(HistoryRequest.Conflicts request, OwnedRange range, ReadView view) {
        List<HistoryReply.Conflict> rows = new ArrayList<>();
        Optional<KeyRange> interval = range.keys().intersect(request.interval());
        ConflictId[] last = {null};
        boolean[] more = {false};
        int[] looked = {0};
        long[] bytes = {0};
        interval.ifPresent(part -> view.scanConflicts(part, request.after().orElse(null), (id, record) -> {
            if (rows.size() >= request.maxRows() || bytes[0] >= request.maxBytes() || looked[0]++ >= MAX_LOOKED_AT) {
                more[0] = true;
                return false;
            }
            last[0] = id;
            if (ConflictRecord.recordedAtOf(record).compareTo(request.since()) >= 0) {
                boolean settled = ConflictRecord.decode(record).isSettled(live(id.key(), view));
                rows.add(new HistoryReply.Conflict(id, record, settled));
                bytes[0] += record.length;
            }
            return true;
        }));
        return new HistoryReply.Conflicts(rows, more[0] ? Optional.ofNullable(last[0]) : Optional.empty());
    }

    private static List<LiveVersion> live(DocumentKey key, ReadView view) {
        Head head = view.head(key);
        return head == null
                ? List.of()
                : Heads.liveVersions(head, key, view)
                        .orElseThrow(() -> new IllegalStateException("a view holds the head of " + key + " without its versions"))
                        .versions();
    }

    private static HistoryReply versions(HistoryRequest.Versions request, OwnedRange range, ReadView view) {
        Head head = view.head(request.key());
        List<Version> live = head == null ? List.of() : head.live();
        List<HistoryReply.Row> rows = new ArrayList<>();
        boolean[] more = {false};
        if (request.only().isPresent()) {
            one(request.key(), request.only().get(), view).ifPresent(version -> rows.add(row(version, live, true)));
        } else {
            view.scanVersions(request.key(), HybridTimestamp.MAX, (key, name, body) -> {
                more[0] = rows.size() >= MAX_VERSIONS;
                if (!more[0]) {
                    rows.add(row(LiveVersion.decode(body), live, false));
                }
                return !more[0];
            });
        }
        return new HistoryReply.Versions(head == null ? range.forgotten(request.key()) : head.vector(), head != null, rows, more[0]);
    }

    private static HistoryReply.Row row(LiveVersion version, List<Version> live, boolean body) {
        return new HistoryReply.Row(version.version(), version.vector(), version.isDelete(), live.contains(version.version()),
                version.sizeBytes(), body ? version.json() : new byte[0]);
    }

    /** As a side of a conflict a version is as its region wrote it; among the versions it may stand for more since it is stable. */
    private static Optional<LiveVersion> one(DocumentKey key, Version name, ReadView view) {
        LiveVersion[] found = {null};
        view.scanConflicts(KeyRange.prefix(key.bytes()), null, (id, record) -> {
            if (id.key().equals(key) && (id.older().equals(name) || id.newer().equals(name))) {
                var conflict = ConflictRecord.decode(record).conflict();
                found[0] = id.older().equals(name) ? conflict.older() : conflict.newer();
            }
            return found[0] == null;
        });
        if (found[0] != null) {
            return Optional.of(found[0]);
        }
        return Optional.ofNullable(view.version(key, name)).map(LiveVersion::decode);
    }
}
