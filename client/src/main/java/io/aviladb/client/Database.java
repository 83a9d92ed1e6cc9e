package io.aviladb.client;

import io.aviladb.client.internal.DefinitionCalls;
import io.aviladb.client.internal.DocumentCalls;
import java.util.List;
import java.util.function.Function;

/** A database by name; that it exists is found out when it is used. Thread-safe. */
public final class Database {
    private final String name;
    private final DefinitionCalls definitions;
    private final Function<String, DocumentCalls> documents;

    Database(String name, DefinitionCalls definitions, Function<String, DocumentCalls> documents) {
        this.name = name;
        this.definitions = definitions;
        this.documents = documents;
    }

    public String name() {
        return name;
    }

    /** A collection by name; that it exists is found out when it is used. */
    public Collection collection(String collection) {
        return new Collection(documents.apply(AvilaClient.checkedName("collection", collection)));
    }

    /** @throws io.aviladb.client.error.ConflictException where there is one of this name */
    public Collection createCollection(CollectionSpec spec) {
        Collection collection = collection(spec.name());
        definitions.createCollection(name, spec);
        return collection;
    }

    public List<CollectionInfo> collections() {
        return definitions.collections(name);
    }

    /** @throws io.aviladb.client.error.NotFoundException */
    public CollectionInfo describe(String collection) {
        return definitions.collection(name, collection);
    }

    /** With all its documents. */
    public void dropCollection(String collection) {
        definitions.deleteCollection(name, collection);
    }
}
