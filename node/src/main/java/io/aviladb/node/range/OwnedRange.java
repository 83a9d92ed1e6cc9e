package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A range that the group owns, with what links have brought to it. Immutable: apply replaces it, readers keep what they took.
 *
 * @param cursors per source region how far the parts of the range have come: everything that the region wrote there up to the stamp is here
 * @param marks per source region what it had covered of the parts when it said so
 * @param forgotten the highest stamps of what is gone without a trace: joins a 404's token, and an insert's vector
 */
public record OwnedRange(RangeRef ref, KeyRange keys, CollectionDefinition collection,
        Map<RegionIncarnation, Pieces<HybridTimestamp>> cursors, Map<RegionIncarnation, Pieces<VersionVector>> marks,
        VersionVector forgotten) {
    public OwnedRange {
        cursors = Map.copyOf(cursors);
        marks = Map.copyOf(marks);
    }

    static OwnedRange of(RangeRef ref, KeyRange keys, CollectionDefinition collection) {
        return new OwnedRange(ref, keys, collection, Map.of(), Map.of(), VersionVector.EMPTY);
    }

    OwnedRange withCollection(CollectionDefinition next) {
        return new OwnedRange(ref, keys, next, cursors, marks, forgotten);
    }

    /** @param part as far as it lies in this range */
    OwnedRange withCursor(RegionIncarnation source, KeyRange part, HybridTimestamp to) {
        return part.intersect(keys).map(own -> new OwnedRange(ref, keys, collection, with(cursors, source, own, to), marks, forgotten))
                .orElse(this);
    }

    /** @param part as far as it lies in this range */
    OwnedRange withMark(RegionIncarnation source, KeyRange part, VersionVector covered) {
        return part.intersect(keys).map(own -> new OwnedRange(ref, keys, collection, cursors, with(marks, source, own, covered), forgotten))
                .orElse(this);
    }

    private static <V> Map<RegionIncarnation, Pieces<V>> with(Map<RegionIncarnation, Pieces<V>> before, RegionIncarnation source,
            KeyRange part, V value) {
        Map<RegionIncarnation, Pieces<V>> next = new HashMap<>(before);
        next.put(source, before.getOrDefault(source, Pieces.none()).with(part, value));
        return next;
    }

    OwnedRange withForgotten(VersionVector more) {
        return new OwnedRange(ref, keys, collection, cursors, marks, forgotten.join(more));
    }

    /** Where a pull of the part begins: the least of what its parts have reached; zero where one has never been pulled. */
    public HybridTimestamp cursor(RegionIncarnation source, KeyRange part) {
        Pieces<HybridTimestamp> known = cursors.get(source);
        return known == null ? HybridTimestamp.ZERO : known.least(part, HybridTimestamp::min).orElse(HybridTimestamp.ZERO);
    }

    /** What the range has covered of other regions: per region the least over the whole range. A part that was never pulled counts as nothing. */
    public VersionVector covered() {
        VersionVector covered = VersionVector.EMPTY;
        for (RegionIncarnation source : cursors.keySet()) {
            HybridTimestamp least = cursor(source, keys);
            if (!least.equals(HybridTimestamp.ZERO)) {
                covered = covered.with(source, least);
            }
        }
        return covered;
    }

    /** What each other region has acknowledged: the least over the whole range. Nothing where it has said nothing of a part. */
    Map<RegionIncarnation, VersionVector> acknowledged() {
        Map<RegionIncarnation, VersionVector> least = new HashMap<>();
        marks.forEach((region, said) -> said.least(keys, VersionVector::meet).ifPresent(mark -> least.put(region, mark)));
        return least;
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        ref.write(out);
        keys.write(out);
        collection.write(out);
        write(cursors, out, stamp -> out.writeLong(stamp.bits()));
        write(marks, out, mark -> mark.write(out));
        forgotten.write(out);
        return out.toByteArray();
    }

    static OwnedRange decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RangeRef ref = RangeRef.read(in);
        KeyRange keys = KeyRange.read(in);
        CollectionDefinition collection = CollectionDefinition.read(in);
        Map<RegionIncarnation, Pieces<HybridTimestamp>> cursors = read(in, () -> new HybridTimestamp(in.readLong()));
        Map<RegionIncarnation, Pieces<VersionVector>> marks = read(in, () -> VersionVector.read(in));
        return new OwnedRange(ref, keys, collection, cursors, marks, VersionVector.read(in));
    }

    /** In the order of regions: one state has one sequence of bytes. */
    private static <V> void write(Map<RegionIncarnation, Pieces<V>> all, ByteWriter out, Consumer<V> value) {
        out.writeVarInt(all.size());
        new TreeMap<>(all).forEach((region, pieces) -> {
            out.writeVarInt(region.number()).writeVarInt(pieces.list().size());
            pieces.list().forEach(piece -> {
                piece.keys().write(out);
                value.accept(piece.value());
            });
        });
    }

    private static <V> Map<RegionIncarnation, Pieces<V>> read(ByteReader in, Supplier<V> value) {
        Map<RegionIncarnation, Pieces<V>> all = new HashMap<>();
        for (int regions = in.readCount(); regions > 0; regions--) {
            RegionIncarnation region = new RegionIncarnation(in.readVarInt());
            Pieces<V> pieces = Pieces.none();
            for (int count = in.readCount(); count > 0; count--) {
                pieces = pieces.with(KeyRange.read(in), value.get());
            }
            all.put(region, pieces);
        }
        return all;
    }
}
