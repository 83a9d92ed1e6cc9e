package io.aviladb.replication.feed;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.util.ArrayList;
import java.util.List;

/**
 * A cut (from, to] of a source group's feed, on unit boundaries. Applied in one entry of the target's log, which also moves the cursors: so a
 * change is applied exactly once, whatever is delivered again.
 *
 * @param to where the pieces' cursors stand afterwards; equal to {@code from} in all but the last batch of a re-base
 * @param closed the source writes nothing more at or below this; what is left to come is closed minus {@code to}
 * @param behind changes that the source knows of and has not sent, capped; for the lag that people see
 * @param jsonBytes what the bodies have as JSON: the ratio of the link is measured against it
 */
public record LinkBatch(RegionIncarnation source, int sourceGroup, List<Piece> pieces, HybridTimestamp to, HybridTimestamp closed,
        boolean rebase,
        List<Change> changes, List<MarkAt> marks, List<OperationRow> rows, long behind, long jsonBytes) {
    /** A document's version, as its region wrote it. */
    public record Change(DocumentKey key, byte[] version) {}

    /** A mark of the source's feed: acknowledgements that count travel in the feed, in order. */
    public record MarkAt(HybridTimestamp stamp, FeedRow.Mark mark) {}

    /** The answer of an operation, for retries that come here. */
    public record OperationRow(DocumentKey key, byte[] rowKey, byte[] row) {}

    public LinkBatch {
        pieces = List.copyOf(pieces);
        changes = List.copyOf(changes);
        marks = List.copyOf(marks);
        rows = List.copyOf(rows);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(1 << 16);
        out.writeVarInt(source.number()).writeVarInt(sourceGroup).writeVarInt(pieces.size());
        pieces.forEach(piece -> piece.write(out));
        out.writeLong(to.bits()).writeLong(closed.bits()).writeBoolean(rebase).writeVarLong(behind).writeVarLong(jsonBytes);
        out.writeVarInt(changes.size());
        changes.forEach(change -> out.writeBytes(change.key().bytes()).writeBytes(change.version()));
        out.writeVarInt(marks.size());
        marks.forEach(mark -> out.writeLong(mark.stamp().bits()).writeBytes(mark.mark().encode()));
        out.writeVarInt(rows.size());
        rows.forEach(row -> out.writeBytes(row.key().bytes()).writeBytes(row.rowKey()).writeBytes(row.row()));
        return out.toByteArray();
    }

    public static LinkBatch decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RegionIncarnation source = new RegionIncarnation(in.readVarInt());
        int sourceGroup = in.readVarInt();
        List<Piece> pieces = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            pieces.add(Piece.read(in));
        }
        HybridTimestamp to = new HybridTimestamp(in.readLong());
        HybridTimestamp closed = new HybridTimestamp(in.readLong());
        boolean rebase = in.readBoolean();
        long behind = in.readVarLong();
        long jsonBytes = in.readVarLong();
        List<Change> changes = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            changes.add(new Change(new DocumentKey(in.readBytes()), in.readBytes()));
        }
        List<MarkAt> marks = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            HybridTimestamp stamp = new HybridTimestamp(in.readLong());
            if (FeedRow.decode(in.readBytes()) instanceof FeedRow.Mark mark) {
                marks.add(new MarkAt(stamp, mark));
            }
        }
        List<OperationRow> rows = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            rows.add(new OperationRow(new DocumentKey(in.readBytes()), in.readBytes(), in.readBytes()));
        }
        return new LinkBatch(source, sourceGroup, pieces, to, closed, rebase, changes, marks, rows, behind, jsonBytes);
    }
}
