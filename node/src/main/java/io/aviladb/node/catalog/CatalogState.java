package io.aviladb.node.catalog;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that the catalog says, at one version. Immutable.
 *
 * @param version how many changes there have been
 * @param collections by rising id
 * @param nextCollectionId above every id ever given
 */
public record CatalogState(long version, SortedSet<String> databases, List<CollectionDefinition> collections, int nextCollectionId) {
    public static final CatalogState EMPTY = new CatalogState(0, new TreeSet<>(), List.of(), 1);

    public CatalogState {
        databases = Collections.unmodifiableSortedSet(new TreeSet<>(databases));
        collections = List.copyOf(collections);
        int last = 0;
        for (CollectionDefinition collection : collections) {
            // Invariant: 0 < id < nextCollectionId, rising; catalogVersion <= version.
            if (collection.id() <= last || collection.id() >= nextCollectionId || collection.catalogVersion() > version) {
                throw new IllegalArgumentException("collection " + collection.id() + " doesn't fit into the catalog");
            }
            last = collection.id();
        }
    }

    public Optional<CollectionDefinition> find(String database, String collection) {
        return collections.stream().filter(known -> known.database().equals(database) && known.name().equals(collection)).findFirst();
    }

    public Optional<CollectionDefinition> find(int id) {
        return collections.stream().filter(known -> known.id() == id).findFirst();
    }

    public List<CollectionDefinition> collectionsOf(String database) {
        return collections.stream().filter(known -> known.database().equals(database)).toList();
    }

    public void write(ByteWriter out) {
        out.writeVarLong(version).writeVarInt(nextCollectionId).writeVarInt(databases.size());
        databases.forEach(out::writeString);
        out.writeVarInt(collections.size());
        collections.forEach(collection -> collection.write(out));
    }

    public static CatalogState read(ByteReader in) {
        long version = in.readVarLong();
        int next = in.readVarInt();
        SortedSet<String> databases = new TreeSet<>();
        for (int count = in.readCount(); count > 0; count--) {
            databases.add(in.readString());
        }
        List<CollectionDefinition> collections = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            collections.add(CollectionDefinition.read(in));
        }
        return new CatalogState(version, databases, collections, next);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        write(out);
        return out.toByteArray();
    }

    public static CatalogState decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        CatalogState state = read(in);
        in.expectEnd();
        return state;
    }
}
