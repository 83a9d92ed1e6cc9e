package io.aviladb.node.range;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.catalog.IndexSet;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a range's indexes are built. Durable, in the range's row. From the entry on that brings an index, every change of a document maintains it;
 * what was there before gets its entries in the order of keys, piece by piece. An index that isn't named here is whole.
 *
 * @param next per index under construction the key at which to go on: all documents before it have their entries
 */
public record IndexBuilds(SortedMap<Integer, byte[]> next) {
    static final IndexBuilds NONE = new IndexBuilds(Collections.emptySortedMap());

    public IndexBuilds {
        next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }

    public boolean isReady(int index) {
        return !next.containsKey(index);
    }

    /** Where the index goes on; empty where it is whole. */
    public Optional<byte[]> next(int index) {
        return Optional.ofNullable(next.get(index));
    }

    IndexBuilds with(int index, byte[] at) {
        SortedMap<Integer, byte[]> longer = new TreeMap<>(next);
        longer.put(index, at);
        return new IndexBuilds(longer);
    }

    IndexBuilds ready(int index) {
        SortedMap<Integer, byte[]> shorter = new TreeMap<>(next);
        shorter.remove(index);
        return new IndexBuilds(shorter);
    }

    /** Indexes that come begin at the range's first key; of those that go nothing is left. */
    IndexBuilds altered(IndexSet before, IndexSet after, KeyRange keys) {
        SortedMap<Integer, byte[]> altered = new TreeMap<>();
        next(Expiries.BUILD).ifPresent(at -> altered.put(Expiries.BUILD, at));
        for (IndexDefinition index : after.list()) {
            byte[] at = before.find(index.id()).isEmpty() ? keys.start() : next.get(index.id());
            if (at != null) {
                altered.put(index.id(), at);
            }
        }
        return new IndexBuilds(altered);
    }

    /** Of a part of the range. */
    IndexBuilds within(KeyRange part) {
        SortedMap<Integer, byte[]> inside = new TreeMap<>();
        next.forEach((index, at) -> {
            boolean passed = part.end().length != 0 && Arrays.compareUnsigned(at, part.end()) >= 0;
            if (!passed) {
                inside.put(index, Arrays.compareUnsigned(at, part.start()) > 0 ? at : part.start());
            }
        });
        return new IndexBuilds(inside);
    }

    /** Of two neighbours with the same indexes: an index goes on where the first of them does; a document that is met twice has the same entries. */
    static IndexBuilds united(IndexBuilds front, IndexBuilds behind) {
        SortedMap<Integer, byte[]> both = new TreeMap<>(behind.next);
        both.putAll(front.next);
        return new IndexBuilds(both);
    }

    void write(ByteWriter out) {
        out.writeVarInt(next.size());
        next.forEach((index, at) -> out.writeVarInt(index).writeBytes(at));
    }

    static IndexBuilds read(ByteReader in) {
        SortedMap<Integer, byte[]> next = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            next.put(in.readVarInt(), in.readBytes());
        }
        return new IndexBuilds(next);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof IndexBuilds that) || !next.keySet().equals(that.next.keySet())) {
            return false;
        }
        for (Map.Entry<Integer, byte[]> each : next.entrySet()) {
            if (!Arrays.equals(each.getValue(), that.next.get(each.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return next.keySet().hashCode();
    }
}
