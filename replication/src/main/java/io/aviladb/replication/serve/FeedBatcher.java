package io.aviladb.replication.serve;

import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.CutGrid;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.FeedView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one batch of a feed: of each changed key the region's newest own version in every cell of the grid (100 ms of HLC) and as of the end,
 * so that cuts on the grid are whole in the regions that pull. All answers of operations ride, those of coalesced versions too.
 */
final class FeedBatcher {
    private static final int MAX_ROWS = 4_096;
    private static final int MAX_BYTES = 1 << 20;

    private final RegionIncarnation region;
    private final int group;

    FeedBatcher(RegionIncarnation region, int group) {
        this.region = region;
        this.group = group;
    }

    private record Cell(DocumentKey key, long grid) {}

    /** What was collected of the feed so far. */
    private static final class Cut {
        final Map<Cell, HybridTimestamp> newest = new LinkedHashMap<>();
        final List<LinkBatch.MarkAt> marks = new ArrayList<>();
        final List<LinkBatch.OperationRow> rows = new ArrayList<>();
        HybridTimestamp unit = HybridTimestamp.ZERO;
        @Nullable
        HybridTimestamp end; // where the cut ends early, on a unit's boundary
        int seen;
        long bytes;
    }

    /** @param pieces with the positions from which to go on; all the same */
    LinkBatch next(FeedView view, List<Piece> pieces) {
        HybridTimestamp from = pieces.get(0).from();
        HybridTimestamp applied = view.applied();
        Cut cut = new Cut();
        view.scanFeed(from, applied, (stamp, bytes) -> {
            if (cut.seen >= MAX_ROWS || cut.bytes >= MAX_BYTES) {
                if (stamp.compareTo(cut.unit) != 0) {
                    cut.end = cut.unit; // never inside a unit: all its rows have one stamp
                    return false;
                }
            }
            cut.unit = stamp;
            collect(view, pieces, cut, stamp, FeedRow.decode(bytes));
            return true;
        });
        HybridTimestamp to = cut.end == null ? applied : cut.end;
        List<LinkBatch.Change> changes = new ArrayList<>(cut.newest.size());
        long jsonBytes = 0;
        for (Map.Entry<Cell, HybridTimestamp> entry : cut.newest.entrySet()) {
            byte[] version = view.version(entry.getKey().key(), new Version(entry.getValue(), region));
            if (version != null) { // collected: then every region has acknowledged what superseded it
                changes.add(new LinkBatch.Change(entry.getKey().key(), version));
                jsonBytes += version.length;
            }
        }
        return new LinkBatch(region, group, pieces, to, applied, false, changes, cut.marks, cut.rows, cut.end == null ? 0 : 1, jsonBytes);
    }

    private void collect(FeedView view, List<Piece> pieces, Cut cut, HybridTimestamp stamp, FeedRow row) {
        switch (row) {
            case FeedRow.Own own -> {
                if (isWanted(pieces, own.key())) {
                    Cell cell = new Cell(own.key(), CutGrid.cell(stamp));
                    if (cut.newest.put(cell, stamp) == null) {
                        byte[] version = view.version(own.key(), new Version(stamp, region));
                        cut.bytes += version == null ? 0 : version.length;
                    }
                    cut.seen++;
                    addAnswer(view, cut, own.key(), own.operationRow());
                }
            }
            case FeedRow.Refusal refusal -> {
                if (isWanted(pieces, refusal.key())) {
                    cut.seen++;
                    addAnswer(view, cut, refusal.key(), refusal.operationRow());
                }
            }
            case FeedRow.Mark mark -> cut.marks.add(new LinkBatch.MarkAt(stamp, mark));
            case FeedRow.Merged merged -> {
                // Another region's: nothing is forwarded.
            }
        }
    }

    private static void addAnswer(FeedView view, Cut cut, DocumentKey key, byte[] rowKey) {
        byte[] row = rowKey.length == 0 ? null : view.operationRow(key, rowKey);
        if (row != null) {
            cut.rows.add(new LinkBatch.OperationRow(key, rowKey, row));
            cut.bytes += row.length;
        }
    }

    private static boolean isWanted(List<Piece> pieces, DocumentKey key) {
        for (Piece piece : pieces) {
            if (piece.interval().contains(key)) {
                return true;
            }
        }
        return false;
    }

    /** One step of a re-base: heads after the key; the cursors move with the last one. */
    Rebase rebase(FeedView view, Piece piece, @Nullable DocumentKey after, HybridTimestamp until) {
        List<LinkBatch.Change> changes = new ArrayList<>();
        long[] bytes = {0};
        DocumentKey[] last = {after};
        boolean[] more = {false};
        view.scanKeys(piece.interval(), after, key -> {
            if (changes.size() >= MAX_ROWS || bytes[0] >= MAX_BYTES) {
                more[0] = true;
                return false;
            }
            last[0] = key;
            byte[] own = view.newestVersion(key, region);
            if (own != null) {
                changes.add(new LinkBatch.Change(key, own));
                bytes[0] += own.length;
            }
            for (Version live : view.liveVersions(key)) { // what superseded an own version that is collected comes along
                byte[] version = live.region().equals(region) ? null : view.version(key, live);
                if (version != null) {
                    changes.add(new LinkBatch.Change(key, version));
                    bytes[0] += version.length;
                }
            }
            return true;
        });
        HybridTimestamp to = more[0] ? piece.from() : until;
        return new Rebase(
                new LinkBatch(region, group, List.of(piece), to, view.applied(), true, changes, List.of(), List.of(), more[0] ? 1 : 0,
                        bytes[0]),
                more[0] ? last[0] : null);
    }

    /** @param after where the next step begins; null when this was the last */
    record Rebase(LinkBatch batch, @Nullable DocumentKey after) {}
}
