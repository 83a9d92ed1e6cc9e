package io.aviladb.router.scatter;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks a region's ranges, one after the other, which deleted documents they keep and for whom. */
public final class TombstoneLister {
    /** Of one range: a look at so many heads takes about a second. */
    private static final int MAX_KEYS = 1_000_000;

    private final ReadRouter reads;

    public TombstoneLister(ReadRouter reads) {
        this.reads = reads;
    }

    public record Query(KeyRange interval, RegionId region, ReadConsistency consistency, VersionVector token, Deadline deadline) {}

    /** What a range said. */
    public record Part(Topology.Range range, HistoryReply.Tombstones reply) {}

    /** @param served where the last range was read */
    public record Page(List<Part> parts, Served served) {
        public Page {
            parts = List.copyOf(parts);
        }
    }

    /** Fails with {@link io.aviladb.core.error.AvilaError}. */
    public CompletableFuture<Page> list(Query query) {
        return from(query, query.interval().start(), new ArrayList<>());
    }

    private CompletableFuture<Page> from(Query query, byte[] start, List<Part> parts) {
        return reads.route(query.region(), map -> map.find(new DocumentKey(start)), query.consistency(), query.token(), query.deadline(),
                (node, range, terms) -> node.history(new HistoryRequest.Tombstones(range.group(), range.ref(), MAX_KEYS, terms))
                        .thenApply(reply -> new Part(range, (HistoryReply.Tombstones) reply)))
                .thenCompose(answer -> {
                    parts.add(answer.reply());
                    byte[] end = answer.reply().range().keys().end();
                    return end.length == 0 || Arrays.equals(end, query.interval().end())
                            ? CompletableFuture.completedFuture(new Page(parts, answer.served()))
                            : from(query, end, parts);
                });
    }
}
