package io.aviladb.router.scatter;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.Failure;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads one region's part of a listing: its ranges one after the other, in key order, until the page is full. */
final class RegionLister {
    private final ReadRouter reads;
    private final RegionId region;
    private final ListQuery query;
    private final ReadConsistency consistency;
    private final Deadline deadline;
    private final List<KeyRange> intervals = new ArrayList<>(); // in key order; what the map showed when the listing began
    private final List<ScanReply.Row> rows = new ArrayList<>();
    private final List<KeyRange> missing = new ArrayList<>();
    private final CompletableFuture<RegionPage> result = new CompletableFuture<>();
    private VersionVector seen = VersionVector.EMPTY;
    private @Nullable HybridTimestamp closed;
    private @Nullable AvilaError failure;
    private @Nullable Served served;
    private Optional<DocumentKey> after;
    private int bytes;

    RegionLister(ReadRouter reads, RegionId region, ListQuery query, ReadConsistency consistency, Deadline deadline) {
        this.reads = reads;
        this.region = region;
        this.query = query;
        this.consistency = consistency;
        this.deadline = deadline;
        this.after = query.after();
    }

    /** Never fails: what didn't answer is in the page. */
    CompletableFuture<RegionPage> run(ClusterMap map) {
        RegionMap known = map.map(region);
        List<Topology.Range> ranges = known == null ? List.of() : known.within(query.collection(), query.interval());
        if (ranges.isEmpty()) {
            failure = new AvilaError(ErrorCode.NOT_READY, "region " + region + " doesn't serve the collection yet");
            missing.add(query.interval());
            finish(Optional.empty());
            return result;
        }
        for (Topology.Range range : ranges) {
            KeyRange part = range.keys().intersect(query.interval()).orElseThrow();
            boolean passed = after.isPresent() && part.end().length > 0 && Arrays.compareUnsigned(after.get().bytes(), part.end()) >= 0;
            if (!passed) {
                intervals.add(part);
            }
        }
        scan(0);
        return result;
    }

    private void scan(int index) {
        if (index == intervals.size()) {
            finish(Optional.empty());
            return;
        }
        KeyRange interval = intervals.get(index);
        DocumentKey from = new DocumentKey(after.map(DocumentKey::bytes).filter(key -> Arrays.compareUnsigned(key, interval.start()) > 0)
                .orElse(interval.start()));
        int documents = query.pageSize() - rows.size();
        int room = query.maxBytes() - bytes;
        reads.route(region, map -> map.find(from), consistency, query.token(), deadline, (node, range, terms) -> {
            KeyRange part = range.keys().intersect(interval).orElseThrow();
            return node
                    .scan(new ScanRequest(range.group(), range.ref(), part, after, documents, room,
                            query.beyond().filter(beyond -> !beyond.bodies()).isPresent(), query.scope() == ListQuery.Scope.GLOBAL,
                            query.beyond().map(ListQuery.Beyond::covered),
                            query.beyond().map(ListQuery.Beyond::maxKeys).orElse(Integer.MAX_VALUE), terms))
                    .thenApply(reply -> new Part(reply, part));
        }).whenComplete((answer, thrown) -> {
            if (thrown == null) {
                took(index, answer.reply(), answer.served());
            } else {
                failure = Failure.unwrap(thrown) instanceof AvilaError error
                        ? error
                        : new AvilaError(ErrorCode.REGION_UNREACHABLE, String.valueOf(thrown));
                missing.add(interval);
                scan(index + 1);
            }
        });
    }

    /** @param interval what of a range was read: a range may have become smaller since the listing began */
    private record Part(ScanReply reply, KeyRange interval) {}

    private void took(int index, Part part, Served by) {
        ScanReply reply = part.reply();
        served = by;
        seen = seen.join(reply.seen());
        closed = closed == null ? reply.closed() : closed.min(reply.closed());
        for (ScanReply.Row row : reply.rows()) {
            bytes += row.json().length;
            seen = seen.join(row.vector());
            rows.add(row);
        }
        if (reply.upTo().isPresent()) {
            after = reply.upTo();
        } else if (!reply.rows().isEmpty()) {
            after = Optional.of(reply.rows().get(reply.rows().size() - 1).key());
        }
        boolean full = rows.size() >= query.pageSize() || bytes >= query.maxBytes();
        KeyRange whole = intervals.get(index);
        boolean rest = !Arrays.equals(part.interval().end(), whole.end());
        boolean more = reply.more() || rest || index + 1 < intervals.size();
        if (more && full || reply.more() && reply.rows().isEmpty()) {
            finish(after);
        } else if (rest && !reply.more()) {
            intervals.set(index, new KeyRange(part.interval().end(), whole.end()));
            scan(index);
        } else if (reply.more()) {
            if (bytes > 0 && reply.rows().size() < query.pageSize() && rows.size() < query.pageSize()) {
                finish(after); // the node stopped at the bytes that were left
            } else {
                scan(index);
            }
        } else {
            scan(index + 1);
        }
    }

    private void finish(Optional<DocumentKey> upTo) {
        result.complete(new RegionPage(region, rows, upTo, closed == null ? HybridTimestamp.ZERO : closed, seen, missing, failure, served));
    }
}
