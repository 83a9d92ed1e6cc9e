package io.aviladb.router.scatter;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads a region's records of conflicts: its ranges one after the other, in key order, until the page is full. */
public final class ConflictLister {
    private static final int MAX_PAGE_BYTES = 8 << 20; // a record has two bodies

    private final ReadRouter reads;

    public ConflictLister(ReadRouter reads) {
        this.reads = reads;
    }

    /** @param since records from this time of the region on @param after goes on behind this one */
    public record Query(KeyRange interval, Optional<ConflictId> after, HybridTimestamp since, int pageSize, RegionId region,
            ReadConsistency consistency, VersionVector token, Deadline deadline) {}

    /** @param next the one to go on after; empty at the end @param served where the last of it was read */
    public record Page(List<HistoryReply.Conflict> rows, Optional<ConflictId> next, Served served) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /** Fails with {@link io.aviladb.core.error.AvilaError}. */
    public CompletableFuture<Page> list(Query query) {
        return new Run(query).from(query.interval().start(), query.after());
    }

    /** What a range gave, and where it ends. */
    private record Part(HistoryReply.Conflicts reply, byte[] end) {}

    private final class Run {
        private final Query query;
        private final List<HistoryReply.Conflict> rows = new ArrayList<>();
        private int bytes;

        Run(Query query) {
            this.query = query;
        }

        CompletableFuture<Page> from(byte[] start, Optional<ConflictId> after) {
            DocumentKey first = after.map(ConflictId::key).orElse(new DocumentKey(start));
            return reads.route(query.region(), map -> map.find(first), query.consistency(), query.token(), query.deadline(),
                    (node, range, terms) -> {
                        KeyRange part = range.keys().intersect(query.interval()).orElseThrow();
                        return node
                                .history(new HistoryRequest.Conflicts(range.group(), range.ref(), part, after, query.since(),
                                        query.pageSize() - rows.size(), MAX_PAGE_BYTES - bytes, terms))
                                .thenApply(reply -> new Part((HistoryReply.Conflicts) reply, part.end()));
                    }).thenCompose(answer -> took(answer.reply(), answer.served()));
        }

        private CompletableFuture<Page> took(Part part, Served served) {
            for (HistoryReply.Conflict row : part.reply().rows()) {
                rows.add(row);
                bytes += row.record().length;
            }
            Optional<ConflictId> next = part.reply().next();
            boolean full = rows.size() >= query.pageSize() || bytes >= MAX_PAGE_BYTES;
            if (next.isPresent()) {
                return full ? done(next, served) : from(new byte[0], next);
            }
            if (part.end().length == 0 || java.util.Arrays.equals(part.end(), query.interval().end())) {
                return done(Optional.empty(), served);
            }
            // A page that is full at the end of a range goes on behind its last row: there the next range begins.
            return full ? done(Optional.of(rows.getLast().id()), served) : from(part.end(), Optional.empty());
        }

        private CompletableFuture<Page> done(Optional<ConflictId> next, @Nullable Served served) {
            return CompletableFuture.completedFuture(new Page(rows, next, java.util.Objects.requireNonNull(served)));
        }
    }
}
