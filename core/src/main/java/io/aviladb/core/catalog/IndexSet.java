package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The indexes of a collection. Immutable.
 *
 * @param nextId above every id ever given in the collection
 * @param list by rising id
 */
public record IndexSet(int nextId, List<IndexDefinition> list) {
    /** How many a collection may have at a time: every write maintains all of them. */
    public static final int MAX = 32;
    public static final IndexSet NONE = new IndexSet(1, List.of());

    public IndexSet {
        list = List.copyOf(list);
        Set<String> names = new HashSet<>();
        int last = 0;
        for (IndexDefinition index : list) {
            // Invariant: 0 < id < nextId, rising.
            if (index.id() <= last || index.id() >= nextId || !names.add(index.name())) {
                throw new IllegalArgumentException("index '" + index.name() + "' doesn't fit among the collection's");
            }
            last = index.id();
        }
        if (list.size() > MAX) {
            throw new IllegalArgumentException("a collection has at most " + MAX + " indexes");
        }
    }

    public Optional<IndexDefinition> find(String name) {
        return list.stream().filter(index -> index.name().equals(name)).findFirst();
    }

    public Optional<IndexDefinition> find(int id) {
        return list.stream().filter(index -> index.id() == id).findFirst();
    }

    /** @throws IllegalArgumentException where the name is taken, or there are {@link #MAX} */
    public IndexSet with(IndexDefinition added) {
        List<IndexDefinition> more = new ArrayList<>(list);
        more.add(added.withId(nextId));
        return new IndexSet(nextId + 1, more);
    }

    public IndexSet without(String name) {
        return new IndexSet(nextId, list.stream().filter(index -> !index.name().equals(name)).toList());
    }

    void write(ByteWriter out) {
        out.writeVarInt(nextId).writeVarInt(list.size());
        list.forEach(index -> index.write(out));
    }

    static IndexSet read(ByteReader in) {
        int nextId = in.readVarInt();
        List<IndexDefinition> list = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            list.add(IndexDefinition.read(in));
        }
        return new IndexSet(nextId, list);
    }
}
