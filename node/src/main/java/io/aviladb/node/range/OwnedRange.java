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

/**
 * A range that the group owns, with what links have brought to it. Immutable: apply replaces it, readers keep what they took.
 *
 * @param cursors per source region and source range, how far the piece has come
 * @param marks per source region and start of the source's interval, what that region had covered when it said so
 * @param forgotten the highest stamps of what is gone without a trace: joins a 404's token, and an insert's vector
 */
public record OwnedRange(RangeRef ref, KeyRange keys, CollectionDefinition collection, Map<CursorKey, HybridTimestamp> cursors,
        Map<MarkKey, VersionVector> marks, VersionVector forgotten) {
    /** Names a piece of this range. */
    public record CursorKey(RegionIncarnation region, long sourceRange) {}

    /** Names whose mark it is: start of the interval in hexadecimal. */
    record MarkKey(RegionIncarnation region, String start) {}

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

    OwnedRange withCursor(CursorKey key, HybridTimestamp to) {
        Map<CursorKey, HybridTimestamp> next = new HashMap<>(cursors);
        next.put(key, to);
        return new OwnedRange(ref, keys, collection, next, marks, forgotten);
    }

    OwnedRange withMark(MarkKey key, VersionVector covered) {
        Map<MarkKey, VersionVector> next = new HashMap<>(marks);
        next.put(key, covered);
        return new OwnedRange(ref, keys, collection, cursors, next, forgotten);
    }

    OwnedRange withForgotten(VersionVector more) {
        return new OwnedRange(ref, keys, collection, cursors, marks, forgotten.join(more));
    }

    /** What the range has covered of other regions: per region the least of its pieces' cursors. */
    public VersionVector covered() {
        Map<RegionIncarnation, HybridTimestamp> least = new HashMap<>();
        cursors.forEach((key, cursor) -> least.merge(key.region(), cursor, HybridTimestamp::min));
        VersionVector covered = VersionVector.EMPTY;
        for (var entry : least.entrySet()) {
            covered = covered.with(entry.getKey(), entry.getValue());
        }
        return covered;
    }

    /** What each other region has acknowledged: the least over its intervals' marks. */
    Map<RegionIncarnation, VersionVector> acknowledged() {
        Map<RegionIncarnation, VersionVector> least = new HashMap<>();
        marks.forEach((key, mark) -> least.merge(key.region(), mark, VersionVector::meet));
        return least;
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        ref.write(out);
        keys.write(out);
        collection.write(out);
        out.writeVarInt(cursors.size());
        var sorted = new TreeMap<String, CursorKey>(); // one state has one sequence of bytes
        cursors.keySet().forEach(key -> sorted.put("%08d/%020d".formatted(key.region().number(), key.sourceRange()), key));
        sorted.values().forEach(key -> out.writeVarInt(key.region().number()).writeVarLong(key.sourceRange())
                .writeLong(cursors.getOrDefault(key, HybridTimestamp.ZERO).bits()));
        out.writeVarInt(marks.size());
        var sortedMarks = new TreeMap<String, MarkKey>();
        marks.keySet().forEach(key -> sortedMarks.put("%08d/%s".formatted(key.region().number(), key.start()), key));
        sortedMarks.values().forEach(key -> {
            out.writeVarInt(key.region().number()).writeString(key.start());
            marks.getOrDefault(key, VersionVector.EMPTY).write(out);
        });
        forgotten.write(out);
        return out.toByteArray();
    }

    static OwnedRange decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RangeRef ref = RangeRef.read(in);
        KeyRange keys = KeyRange.read(in);
        CollectionDefinition collection = CollectionDefinition.read(in);
        Map<CursorKey, HybridTimestamp> cursors = new HashMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            CursorKey key = new CursorKey(new RegionIncarnation(in.readVarInt()), in.readVarLong());
            cursors.put(key, new HybridTimestamp(in.readLong()));
        }
        Map<MarkKey, VersionVector> marks = new HashMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            MarkKey key = new MarkKey(new RegionIncarnation(in.readVarInt()), in.readString());
            marks.put(key, VersionVector.read(in));
        }
        return new OwnedRange(ref, keys, collection, cursors, marks, VersionVector.read(in));
    }
}
