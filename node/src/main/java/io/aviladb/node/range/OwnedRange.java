package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A range that the group owns, with what links have brought to it. Immutable: apply replaces it, readers keep what they took.
 *
 * @param builds how far the indexes of the collection have been built for documents that were here before them
 * @param cursors per source region how far the parts of the range have come: everything that the region wrote there up to the stamp is here
 * @param marks per source region what it had covered of the parts when it said so
 * @param forgotten for each part the highest stamps of what is gone there without a trace: joins a 404's token, and an insert's vector
 */
public record OwnedRange(RangeRef ref, KeyRange keys, CollectionDefinition collection, IndexBuilds builds,
        Map<RegionIncarnation, Pieces<HybridTimestamp>> cursors, Map<RegionIncarnation, Pieces<VersionVector>> marks,
        Pieces<VersionVector> forgotten) {
    public OwnedRange {
        cursors = Map.copyOf(cursors);
        marks = Map.copyOf(marks);
    }

    /** A range without documents. */
    static OwnedRange of(RangeRef ref, KeyRange keys, CollectionDefinition collection) {
        return new OwnedRange(ref, keys, collection, IndexBuilds.NONE, Map.of(), Map.of(), Pieces.none());
    }

    OwnedRange withCollection(CollectionDefinition next) {
        IndexBuilds altered = builds.altered(collection.indexes(), next.indexes(), keys);
        if (!collection.ttl().equals(next.ttl())) {
            altered = altered.with(Expiries.BUILD, keys.start());
        }
        return new OwnedRange(ref, keys, next, altered, cursors, marks, forgotten);
    }

    OwnedRange withBuilds(IndexBuilds next) {
        return new OwnedRange(ref, keys, collection, next, cursors, marks, forgotten);
    }

    /** What of the part had come further stays there: a cursor never goes back. @param part as far as it lies in this range */
    OwnedRange withCursor(RegionIncarnation source, KeyRange part, HybridTimestamp to) {
        return part.intersect(keys)
                .map(own -> new OwnedRange(ref, keys, collection, builds, with(cursors, source, own, to, HybridTimestamp::max), marks,
                        forgotten))
                .orElse(this);
    }

    /** @param part as far as it lies in this range */
    OwnedRange withMark(RegionIncarnation source, KeyRange part, VersionVector covered) {
        return part.intersect(keys)
                .map(own -> new OwnedRange(ref, keys, collection, builds, cursors, with(marks, source, own, covered, VersionVector::join),
                        forgotten))
                .orElse(this);
    }

    private static <V> Map<RegionIncarnation, Pieces<V>> with(Map<RegionIncarnation, Pieces<V>> before, RegionIncarnation source,
            KeyRange part, V value, BinaryOperator<V> join) {
        Map<RegionIncarnation, Pieces<V>> next = new HashMap<>(before);
        next.put(source, before.getOrDefault(source, Pieces.none()).joined(part, value, join));
        return next;
    }

    /** @param more stable, so that every part of the range has covered it */
    OwnedRange withForgotten(VersionVector more) {
        return new OwnedRange(ref, keys, collection, builds, cursors, marks, forgotten.joined(keys, more, VersionVector::join));
    }

    /** What a document that isn't here may have been. */
    public VersionVector forgotten(DocumentKey key) {
        return forgotten.at(key).orElse(VersionVector.EMPTY);
    }

    /** What may have been anywhere in the interval. */
    public VersionVector forgotten(KeyRange interval) {
        return forgotten.together(interval, VersionVector::join).orElse(VersionVector.EMPTY);
    }

    /** The part of this range that lies in the interval, as a range of its own: each key has what it had. */
    OwnedRange part(RangeRef name, KeyRange interval) {
        KeyRange own = interval.intersect(keys).orElseThrow(() -> new IllegalArgumentException(interval + " isn't in range " + ref));
        return new OwnedRange(name, own, collection, builds.within(own), each(cursors, own), each(marks, own), forgotten.within(own));
    }

    private static <V> Map<RegionIncarnation, Pieces<V>> each(Map<RegionIncarnation, Pieces<V>> whole, KeyRange part) {
        Map<RegionIncarnation, Pieces<V>> inside = new HashMap<>();
        whole.forEach((region, pieces) -> {
            Pieces<V> own = pieces.within(part);
            if (!own.list().isEmpty()) {
                inside.put(region, own);
            }
        });
        return inside;
    }

    /**
     * This range and its neighbour behind as one: each key has what it had. What one of them has forgotten says nothing of the other's keys: there
     * a change that is still to come may be older.
     */
    OwnedRange unitedWith(OwnedRange behind, RangeRef name) {
        CollectionDefinition newer = collection.catalogVersion() >= behind.collection.catalogVersion() ? collection : behind.collection;
        IndexBuilds both = IndexBuilds.united(withCollection(newer).builds, behind.withCollection(newer).builds);
        return new OwnedRange(name, keys.followedBy(behind.keys), newer, both, both(cursors, behind.cursors), both(marks, behind.marks),
                forgotten.followedBy(behind.forgotten));
    }

    private static <V> Map<RegionIncarnation, Pieces<V>> both(Map<RegionIncarnation, Pieces<V>> front,
            Map<RegionIncarnation, Pieces<V>> behind) {
        Map<RegionIncarnation, Pieces<V>> both = new HashMap<>(front);
        behind.forEach((region, pieces) -> both.merge(region, pieces, Pieces::followedBy));
        return both;
    }

    /** Where a pull of the part begins: the least of what its parts have reached; zero where one has never been pulled. */
    public HybridTimestamp cursor(RegionIncarnation source, KeyRange part) {
        Pieces<HybridTimestamp> known = cursors.get(source);
        return known == null ? HybridTimestamp.ZERO : known.least(part, HybridTimestamp::min).orElse(HybridTimestamp.ZERO);
    }

    /** The part of the range cut where the cursor changes, in key order: each of these is pulled from its own position on. */
    public Map<KeyRange, HybridTimestamp> cursors(RegionIncarnation source, KeyRange part) {
        Pieces<HybridTimestamp> known = Pieces.<HybridTimestamp>none().with(part, HybridTimestamp.ZERO);
        for (Pieces.Piece<HybridTimestamp> piece : cursors.getOrDefault(source, Pieces.none()).within(part).list()) {
            known = known.with(piece.keys(), piece.value());
        }
        Map<KeyRange, HybridTimestamp> positions = new LinkedHashMap<>();
        known.list().forEach(piece -> positions.put(piece.keys(), piece.value()));
        return positions;
    }

    /** What the range has covered of other regions: per region the least over the whole range. A part that was never pulled counts as nothing. */
    public VersionVector covered() {
        return covered(keys);
    }

    /** What a part of the range has covered: the least over the part. */
    VersionVector covered(KeyRange part) {
        VersionVector covered = VersionVector.EMPTY;
        for (RegionIncarnation source : cursors.keySet()) {
            HybridTimestamp least = cursor(source, part);
            if (!least.equals(HybridTimestamp.ZERO)) {
                covered = covered.with(source, least);
            }
        }
        return covered;
    }

    /** The range cut where what it has covered changes. Whoever hears of it never hears less of a key after a merge than before. */
    Pieces<VersionVector> coverage() {
        TreeSet<byte[]> cuts = new TreeSet<>(Arrays::compareUnsigned);
        cuts.add(keys.start());
        cursors.values().forEach(pieces -> pieces.within(keys).list().forEach(piece -> {
            cuts.add(piece.keys().start());
            if (!Arrays.equals(piece.keys().end(), keys.end())) {
                cuts.add(piece.keys().end());
            }
        }));
        Pieces<VersionVector> coverage = Pieces.none();
        for (byte[] start : cuts) {
            byte[] next = cuts.higher(start);
            KeyRange part = new KeyRange(start, next == null ? keys.end() : next);
            coverage = coverage.with(part, covered(part));
        }
        return coverage;
    }

    /** What each other region has acknowledged: the least over the whole range. Nothing where it has said nothing of a part. */
    public Map<RegionIncarnation, VersionVector> acknowledged() {
        Map<RegionIncarnation, VersionVector> least = new HashMap<>();
        marks.forEach((region, said) -> said.least(keys, VersionVector::meet).ifPresent(mark -> least.put(region, mark)));
        return least;
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        ref.write(out);
        keys.write(out);
        collection.write(out);
        builds.write(out);
        write(cursors, out, stamp -> out.writeLong(stamp.bits()));
        write(marks, out, mark -> mark.write(out));
        write(forgotten, out, vector -> vector.write(out));
        return out.toByteArray();
    }

    static OwnedRange decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RangeRef ref = RangeRef.read(in);
        KeyRange keys = KeyRange.read(in);
        CollectionDefinition collection = CollectionDefinition.read(in);
        IndexBuilds builds = IndexBuilds.read(in);
        Map<RegionIncarnation, Pieces<HybridTimestamp>> cursors = read(in, () -> new HybridTimestamp(in.readLong()));
        Map<RegionIncarnation, Pieces<VersionVector>> marks = read(in, () -> VersionVector.read(in));
        Pieces<VersionVector> forgotten = readPieces(in, () -> VersionVector.read(in));
        in.expectEnd();
        return new OwnedRange(ref, keys, collection, builds, cursors, marks, forgotten);
    }

    /** The keys alone, without the rest. */
    static KeyRange keysOf(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RangeRef.read(in);
        return KeyRange.read(in);
    }

    /** In the order of regions: one state has one sequence of bytes. */
    private static <V> void write(Map<RegionIncarnation, Pieces<V>> all, ByteWriter out, Consumer<V> value) {
        out.writeVarInt(all.size());
        new TreeMap<>(all).forEach((region, pieces) -> {
            out.writeVarInt(region.number());
            write(pieces, out, value);
        });
    }

    private static <V> void write(Pieces<V> pieces, ByteWriter out, Consumer<V> value) {
        out.writeVarInt(pieces.list().size());
        pieces.list().forEach(piece -> {
            piece.keys().write(out);
            value.accept(piece.value());
        });
    }

    private static <V> Map<RegionIncarnation, Pieces<V>> read(ByteReader in, Supplier<V> value) {
        Map<RegionIncarnation, Pieces<V>> all = new HashMap<>();
        for (int regions = in.readCount(); regions > 0; regions--) {
            all.put(new RegionIncarnation(in.readVarInt()), readPieces(in, value));
        }
        return all;
    }

    private static <V> Pieces<V> readPieces(ByteReader in, Supplier<V> value) {
        Pieces<V> pieces = Pieces.none();
        for (int count = in.readCount(); count > 0; count--) {
            pieces = pieces.with(KeyRange.read(in), value.get());
        }
        return pieces;
    }
}
