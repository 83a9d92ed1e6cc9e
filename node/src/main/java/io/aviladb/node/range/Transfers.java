package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.time.HybridTimestamp;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Ranges that leave a group, that come to it, and that have left. Immutable; durable in one row of the group's store.
 *
 * @param leaving by the operation's number
 * @param arriving by the operation's number
 * @param gone keys that have left: who else has had them, and at which epoch
 * @param feedFrom where the feed of keys that came from another group begins: at or below it is nothing of them
 */
public record Transfers(SortedMap<Long, Leaving> leaving, SortedMap<Long, Arriving> arriving, Pieces<Gone> gone,
        Pieces<HybridTimestamp> feedFrom) {
    static final Transfers NONE = new Transfers(Collections.emptySortedMap(), Collections.emptySortedMap(), Pieces.none(), Pieces.none());

    /**
     * A range that is being copied to another group.
     *
     * @param frozen what it was, once it is frozen: from then on it is no range of the group's
     * @param going whether rows of it have begun to go
     */
    public record Leaving(RangeRef range, KeyRange keys, Optional<Frozen> frozen, boolean going) {}

    /** @param at the stamp of the entry that froze it */
    public record Frozen(OwnedRange owned, HybridTimestamp at) {}

    /**
     * A range whose rows come. Nobody reads them.
     *
     * @param clean whether nothing of an earlier stay is left
     * @param position of the copy
     * @param end present once all of it is here
     */
    public record Arriving(RangeRef range, KeyRange keys, boolean clean, byte[] position, Optional<RangeChunk.End> end) {}

    /** @param epoch at which the keys, then the range's, went to the group */
    public record Gone(long range, long epoch, int group) {}

    public Transfers {
        leaving = Collections.unmodifiableSortedMap(new TreeMap<>(leaving));
        arriving = Collections.unmodifiableSortedMap(new TreeMap<>(arriving));
    }

    Transfers withLeaving(long operation, Leaving next) {
        SortedMap<Long, Leaving> all = new TreeMap<>(leaving);
        all.put(operation, next);
        return new Transfers(all, arriving, gone, feedFrom);
    }

    Transfers withoutLeaving(long operation) {
        SortedMap<Long, Leaving> all = new TreeMap<>(leaving);
        all.remove(operation);
        return new Transfers(all, arriving, gone, feedFrom);
    }

    Transfers withArriving(long operation, Arriving next) {
        SortedMap<Long, Arriving> all = new TreeMap<>(arriving);
        all.put(operation, next);
        return new Transfers(leaving, all, gone, feedFrom);
    }

    Transfers withoutArriving(long operation) {
        SortedMap<Long, Arriving> all = new TreeMap<>(arriving);
        all.remove(operation);
        return new Transfers(leaving, all, gone, feedFrom);
    }

    Transfers withGone(KeyRange keys, Gone to) {
        return new Transfers(leaving, arriving, gone.with(keys, to), feedFrom);
    }

    /** The keys are the group's again. */
    Transfers back(KeyRange keys) {
        return new Transfers(leaving, arriving, gone.without(keys), feedFrom);
    }

    Transfers withFeedFrom(KeyRange keys, HybridTimestamp from) {
        return new Transfers(leaving, arriving, gone, feedFrom.with(keys, from));
    }

    /** Where the feed of the whole group begins later, the keys no longer matter. */
    Transfers trimmed(HybridTimestamp through) {
        if (feedFrom.list().stream().allMatch(piece -> piece.value().isAfter(through))) {
            return this;
        }
        Pieces<HybridTimestamp> later = new Pieces<>(feedFrom.list().stream().filter(piece -> piece.value().isAfter(through)).toList());
        return new Transfers(leaving, arriving, gone, later);
    }

    /** Whether the group may take the keys on at the epoch: it has given none of them away since, and none is on its way. */
    public boolean allows(KeyRange keys, long epoch) {
        return gone.list().stream().noneMatch(piece -> piece.value().epoch() >= epoch && piece.keys().intersect(keys).isPresent())
                && leaving.values().stream().noneMatch(range -> range.keys().intersect(keys).isPresent())
                && arriving.values().stream().noneMatch(range -> range.keys().intersect(keys).isPresent());
    }

    /** Ranges that are frozen here: nobody has decided yet where they belong, or they have gone and are still there. */
    public Collection<OwnedRange> frozen() {
        return leaving.values().stream().flatMap(range -> range.frozen().stream()).map(Frozen::owned).toList();
    }

    /** Frozen parts whose rows are all here, with the stamp up to which this group speaks for them. */
    List<Pieces.Piece<HybridTimestamp>> readable() {
        return leaving.values().stream().filter(range -> range.frozen().isPresent() && !range.going())
                .map(range -> new Pieces.Piece<>(range.keys(), range.frozen().orElseThrow().at())).toList();
    }

    /** Where a range is that this group has had; empty where it has never given it away. */
    public Optional<String> whereabouts(RangeRef ref) {
        Optional<Leaving> frozen = leaving.values().stream().filter(range -> range.range().range() == ref.range())
                .filter(range -> range.frozen().isPresent()).findFirst();
        return frozen.isPresent()
                ? Optional.of("it is on its way to another group")
                : gone.list().stream().filter(piece -> piece.value().range() == ref.range()).findFirst()
                        .map(piece -> "it went to group " + piece.value().group() + " at epoch " + piece.value().epoch());
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        out.writeVarInt(leaving.size());
        leaving.forEach((operation, range) -> {
            range.range().write(out.writeVarLong(operation));
            range.keys().write(out);
            out.writeBoolean(range.going()).writeBoolean(range.frozen().isPresent());
            range.frozen().ifPresent(frozen -> out.writeLong(frozen.at().bits()).writeBytes(frozen.owned().encode()));
        });
        out.writeVarInt(arriving.size());
        arriving.forEach((operation, range) -> {
            range.range().write(out.writeVarLong(operation));
            range.keys().write(out);
            out.writeBoolean(range.clean()).writeBytes(range.position()).writeBoolean(range.end().isPresent());
            range.end().ifPresent(end -> end.write(out));
        });
        out.writeVarInt(gone.list().size());
        gone.list().forEach(piece -> {
            piece.keys().write(out);
            out.writeVarLong(piece.value().range()).writeVarLong(piece.value().epoch()).writeVarInt(piece.value().group());
        });
        out.writeVarInt(feedFrom.list().size());
        feedFrom.list().forEach(piece -> {
            piece.keys().write(out);
            out.writeLong(piece.value().bits());
        });
        return out.toByteArray();
    }

    static Transfers decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        SortedMap<Long, Leaving> leaving = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            long operation = in.readVarLong();
            RangeRef range = RangeRef.read(in);
            KeyRange keys = KeyRange.read(in);
            boolean going = in.readBoolean();
            Optional<Frozen> frozen = Optional.empty();
            if (in.readBoolean()) {
                HybridTimestamp at = new HybridTimestamp(in.readLong());
                frozen = Optional.of(new Frozen(OwnedRange.decode(in.readBytes()), at));
            }
            leaving.put(operation, new Leaving(range, keys, frozen, going));
        }
        SortedMap<Long, Arriving> arriving = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            long operation = in.readVarLong();
            arriving.put(operation, new Arriving(RangeRef.read(in), KeyRange.read(in), in.readBoolean(), in.readBytes(),
                    in.readBoolean() ? Optional.of(RangeChunk.End.read(in)) : Optional.empty()));
        }
        Pieces<Gone> gone = Pieces.none();
        for (int count = in.readCount(); count > 0; count--) {
            gone = gone.with(KeyRange.read(in), new Gone(in.readVarLong(), in.readVarLong(), in.readVarInt()));
        }
        Pieces<HybridTimestamp> feedFrom = Pieces.none();
        for (int count = in.readCount(); count > 0; count--) {
            feedFrom = feedFrom.with(KeyRange.read(in), new HybridTimestamp(in.readLong()));
        }
        in.expectEnd();
        return new Transfers(leaving, arriving, gone, feedFrom);
    }
}
