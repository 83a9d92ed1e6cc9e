package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.storage.engine.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one entry brings of a range that is copied.
 *
 * @param to where the copy stands afterwards, as the old group reads it
 * @param rows as they lie in the old group's store
 * @param caughtUp whether nothing more was there when it was made
 * @param end present in the last one: the range was frozen, and all of it is here
 */
public record RangeChunk(byte[] to, List<RowChange> rows, List<FeedCopy> feed, boolean caughtUp, Optional<End> end) {
    /** @param value null where the row has gone */
    public record RowChange(Row row, byte @Nullable [] value) {}

    /** A row of the old group's feed. */
    public record FeedCopy(HybridTimestamp stamp, int position, byte[] row) {}

    /**
     * What the range was when it was frozen.
     *
     * @param frozenAt the stamp of the entry that froze it: all of the range's stamps lie below
     * @param horizon states of the past below it are gone
     * @param feedFrom the feed of the range at or below it is gone
     * @param regions that count for stability
     */
    public record End(OwnedRange owned, HybridTimestamp frozenAt, HybridTimestamp horizon, HybridTimestamp feedFrom,
            List<RegionIncarnation> regions) {
        public End {
            regions = List.copyOf(regions);
        }

        void write(ByteWriter out) {
            out.writeBytes(owned.encode()).writeLong(frozenAt.bits()).writeLong(horizon.bits()).writeLong(feedFrom.bits())
                    .writeVarInt(regions.size());
            regions.forEach(region -> out.writeVarInt(region.number()));
        }

        static End read(ByteReader in) {
            OwnedRange owned = OwnedRange.decode(in.readBytes());
            HybridTimestamp frozenAt = new HybridTimestamp(in.readLong());
            HybridTimestamp horizon = new HybridTimestamp(in.readLong());
            HybridTimestamp feedFrom = new HybridTimestamp(in.readLong());
            List<RegionIncarnation> regions = new ArrayList<>();
            for (int count = in.readCount(); count > 0; count--) {
                regions.add(new RegionIncarnation(in.readVarInt()));
            }
            return new End(owned, frozenAt, horizon, feedFrom, regions);
        }
    }

    public RangeChunk {
        rows = List.copyOf(rows);
        feed = List.copyOf(feed);
    }

    /** Whether all of it is of the keys. */
    public boolean isOf(KeyRange keys) {
        return rows.stream().allMatch(change -> MovedRows.isOf(keys, change.row().family(), change.row().key()))
                && feed.stream().allMatch(copy -> {
                    DocumentKey key = RangeExport.keyOf(FeedRow.decode(copy.row()));
                    return key != null && keys.contains(key);
                });
    }

    void write(ByteWriter out) {
        out.writeBytes(to).writeVarInt(rows.size());
        for (RowChange change : rows) {
            byte[] value = change.value();
            out.writeByte(MovedRows.code(change.row().family())).writeBytes(change.row().key()).writeBoolean(value != null);
            if (value != null) {
                out.writeBytes(value);
            }
        }
        out.writeVarInt(feed.size());
        feed.forEach(copy -> out.writeLong(copy.stamp().bits()).writeInt(copy.position()).writeBytes(copy.row()));
        out.writeBoolean(caughtUp).writeBoolean(end.isPresent());
        end.ifPresent(last -> last.write(out));
    }

    static RangeChunk read(ByteReader in) {
        byte[] to = in.readBytes();
        List<RowChange> rows = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            Row row = new Row(MovedRows.family(in.readByte()), in.readBytes());
            rows.add(new RowChange(row, in.readBoolean() ? in.readBytes() : null));
        }
        List<FeedCopy> feed = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            feed.add(new FeedCopy(new HybridTimestamp(in.readLong()), in.readInt(), in.readBytes()));
        }
        return new RangeChunk(to, rows, feed, in.readBoolean(), in.readBoolean() ? Optional.of(End.read(in)) : Optional.empty());
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(1 << 16);
        write(out);
        return out.toByteArray();
    }

    /** @throws io.aviladb.core.codec.MalformedBytesException where the bytes are no chunk */
    public static RangeChunk decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RangeChunk chunk = read(in);
        in.expectEnd();
        return chunk;
    }
}
