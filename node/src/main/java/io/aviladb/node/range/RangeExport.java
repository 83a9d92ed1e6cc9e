package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range that is being copied, piece by piece, each in one state of the old group: first its rows, family by family, then its feed and the
 * rows that have changed since the copy began. What changes behind the copy's position is noted, and comes with a later piece.
 */
public final class RangeExport {
    /** Of a chunk: one entry of the new group's log. */
    public static final int MAX_BYTES = 512 << 10;
    /** Rows of the feed, and notes, that one chunk looks at. Most rows of the feed are other ranges'. */
    private static final int MAX_LOOKED_AT = 20_000;
    /** Positions of rows in their unit lie below. Above it stands the group that wrote them: two groups may give one stamp. */
    private static final int ORIGIN_SHIFT = 16;

    private final ReadView view;
    private final int group;
    private final long operation;
    private final KeyRange keys;
    private final List<RangeChunk.RowChange> rows = new ArrayList<>();
    private final List<RangeChunk.FeedCopy> feed = new ArrayList<>();
    private int left;
    private boolean full;

    private RangeExport(ReadView view, int group, long operation, KeyRange keys, int maxBytes) {
        if (group <= 0 || group >= 1 << 31 - ORIGIN_SHIFT) {
            throw new IllegalArgumentException("a group's number is part of its feed's positions: " + group);
        }
        this.view = view;
        this.group = group;
        this.operation = operation;
        this.keys = keys;
        this.left = maxBytes;
    }

    /**
     * Where a copy stands.
     *
     * @param family of {@link MovedRows#FAMILIES} that is read; their number once all have been
     * @param row the last one of the family
     * @param feed the last stamp of the feed
     * @param note the last note, as its name goes on behind the operation
     */
    private record Position(int family, byte[] row, HybridTimestamp feed, byte[] note) {
        static final Position START = new Position(0, new byte[0], HybridTimestamp.ZERO, new byte[0]);

        static Position decode(byte[] bytes) {
            if (bytes.length == 0) {
                return START;
            }
            ByteReader in = new ByteReader(bytes);
            return new Position(in.readByte(), in.readBytes(), new HybridTimestamp(in.readLong()), in.readBytes());
        }

        byte[] encode() {
            return new ByteWriter().writeByte(family).writeBytes(row).writeLong(feed.bits()).writeBytes(note).toByteArray();
        }
    }

    /**
     * What lies behind the position. Blocks on the disk.
     *
     * @param group this one
     * @param from as the last chunk said; empty for the beginning
     * @throws NodeRefusal where no such copy is under way here
     */
    public static RangeChunk read(ReadView view, int group, long operation, byte[] from, int maxBytes) {
        Transfers.Leaving leaving = RangeMachine.transfersIn(view).leaving().get(operation);
        if (leaving == null || leaving.going()) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "transfer " + operation + " copies nothing from here");
        }
        return new RangeExport(view, group, operation, leaving.keys(), maxBytes).chunk(Position.decode(from), leaving);
    }

    private RangeChunk chunk(Position from, Transfers.Leaving leaving) {
        Position at = from;
        while (at.family() < MovedRows.FAMILIES.size() && !full) {
            at = family(at);
        }
        boolean caughtUp = false;
        if (!full) {
            at = feed(at);
        }
        if (!full) {
            at = notes(at);
            caughtUp = !full;
        }
        Optional<RangeChunk.End> end = caughtUp ? leaving.frozen().map(this::end) : Optional.empty();
        return new RangeChunk(at.encode(), rows, feed, caughtUp, end);
    }

    private Position family(Position from) {
        Family family = MovedRows.FAMILIES.get(from.family());
        byte[][] last = {from.row()};
        MovedRows.scan(family, keys, from.row(), view, (key, value) -> {
            if (full) {
                return false;
            }
            add(new Row(family, key), value);
            last[0] = key;
            return true;
        });
        return full
                ? new Position(from.family(), last[0], from.feed(), from.note())
                : new Position(from.family() + 1, new byte[0], from.feed(), from.note());
    }

    private void add(Row row, byte @Nullable [] value) {
        rows.add(new RangeChunk.RowChange(row, value));
        take(row.key().length + (value == null ? 0 : value.length));
    }

    private void take(int bytes) {
        left -= bytes;
        full = left <= 0;
    }

    private Position feed(Position from) {
        HybridTimestamp begin = from.feed().max(view.feedTrimmedThrough());
        HybridTimestamp[] through = {begin};
        int[] seen = {0};
        view.scanFeed(begin, view.applied().stamp(), (stamp, position, bytes) -> {
            if ((full || seen[0] >= MAX_LOOKED_AT) && !stamp.equals(through[0])) {
                full = true; // never inside a unit
                return false;
            }
            through[0] = stamp;
            seen[0]++;
            DocumentKey key = keyOf(FeedRow.decode(bytes));
            if (key != null && keys.contains(key)) {
                feed.add(new RangeChunk.FeedCopy(stamp, origin(position), bytes));
                take(bytes.length + 12);
            }
            return true;
        });
        return new Position(from.family(), from.row(), through[0], from.note());
    }

    private int origin(int position) {
        return position < 1 << ORIGIN_SHIFT ? group << ORIGIN_SHIFT | position : position;
    }

    static @Nullable DocumentKey keyOf(FeedRow row) {
        return switch (row) {
            case FeedRow.Own own -> own.key();
            case FeedRow.Merged merged -> merged.key();
            case FeedRow.Refusal refusal -> refusal.key();
            case FeedRow.Mark mark -> null;
        };
    }

    private Position notes(Position from) {
        byte[] prefix = MovedRows.changes(operation).toByteArray();
        byte[][] last = {from.note()};
        int[] seen = {0};
        Set<Row> known = new HashSet<>();
        view.scanMeta(prefix, from.note(), (name, note) -> {
            if (full || ++seen[0] > MAX_LOOKED_AT) {
                full = true;
                return false;
            }
            last[0] = name;
            Row row = MovedRows.noted(note);
            if (known.add(row)) {
                add(row, view.row(row));
            }
            return true;
        });
        return new Position(from.family(), from.row(), from.feed(), last[0]);
    }

    private RangeChunk.End end(Transfers.Frozen frozen) {
        HybridTimestamp feedFrom = RangeMachine.transfersIn(view).feedFrom().together(keys, HybridTimestamp::max)
                .orElse(HybridTimestamp.ZERO).max(view.feedTrimmedThrough());
        return new RangeChunk.End(frozen.owned(), frozen.at(), Horizon.of(view), feedFrom, RangeMachine.regionsIn(view));
    }
}
