package io.aviladb.node.range;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Counts the region's own writes that other regions may lack: rows of the feed above a stamp. */
public final class UnconfirmedWrites {
    /** Rows of the feed that one question reads at most. */
    static final int MAX_ROWS = 200_000;

    private UnconfirmedWrites() {
    }

    /** Reads the store: never on a thread that serves connections. @param nowMillis by the clock that the group's stamps come from */
    public static UnconfirmedReply read(RangeMachine machine, UnconfirmedRequest request, long nowMillis) {
        GroupStore store = machine.storeOrNull();
        if (store == null) {
            throw NodeRefusal.of(ErrorCode.STORAGE_DAMAGED, "the replica is closed or installs a snapshot");
        }
        HybridTimestamp closed = machine.lastStamp(); // before the coverage: together they are never more than there is
        List<UnconfirmedReply.Coverage> coverage = new ArrayList<>();
        machine.ranges().values().forEach(range -> range.coverage().list()
                .forEach(piece -> coverage.add(new UnconfirmedReply.Coverage(piece.keys(), piece.value(), acknowledged(range)))));
        if (request.parts().isEmpty()) {
            return new UnconfirmedReply(closed, coverage, List.of());
        }
        try (ReadView view = store.view()) {
            return new UnconfirmedReply(closed, coverage, count(view, request.parts(), nowMillis));
        }
    }

    private static List<UnconfirmedReply.Acknowledged> acknowledged(OwnedRange range) {
        List<UnconfirmedReply.Acknowledged> said = new ArrayList<>();
        new TreeMap<>(range.acknowledged()).forEach((region, covered) -> said.add(new UnconfirmedReply.Acknowledged(region, covered)));
        return said;
    }

    private static final class Count {
        final UnconfirmedRequest.Part part;
        long writes;
        HybridTimestamp oldest = HybridTimestamp.ZERO;

        Count(UnconfirmedRequest.Part part) {
            this.part = part;
        }
    }

    private static List<UnconfirmedReply.Unconfirmed> count(ReadView view, List<UnconfirmedRequest.Part> parts, long nowMillis) {
        List<Count> counts = parts.stream().map(Count::new).toList();
        HybridTimestamp trimmed = view.feedTrimmedThrough();
        HybridTimestamp from = parts.stream().map(UnconfirmedRequest.Part::after).reduce(HybridTimestamp.MAX, HybridTimestamp::min);
        int[] rows = {0};
        view.scanFeed(from.max(trimmed), view.applied().stamp(), (stamp, position, bytes) -> {
            if (FeedRow.decode(bytes) instanceof FeedRow.Own own) {
                for (Count count : counts) {
                    if (stamp.compareTo(count.part.after()) > 0 && count.part.keys().contains(own.key())) {
                        count.writes++;
                        count.oldest = count.oldest.equals(HybridTimestamp.ZERO) ? stamp : count.oldest;
                    }
                }
            }
            return ++rows[0] < MAX_ROWS;
        });
        boolean all = rows[0] < MAX_ROWS;
        return counts.stream().map(count -> new UnconfirmedReply.Unconfirmed(count.writes, count.oldest,
                count.writes == 0 ? 0 : Math.max(0, nowMillis - count.oldest.millis()), all && trimmed.compareTo(count.part.after()) <= 0))
                .toList();
    }
}
