package io.aviladb.node.catalog;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.catalog.IndexSet;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.Names;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.catalog.TtlDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.crdt.schema.Schema;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.query.index.IndexEntries;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What each definition makes of the catalog. Pure. Refuses with {@link AvilaError}. */
final class CatalogChange {
    private static final FieldPath ID = FieldPath.of("id");

    private CatalogChange() {
    }

    /** @return the same state, by identity, where nothing changes */
    static CatalogState apply(CatalogState state, DefineRequest request) {
        return switch (request) {
            case DefineRequest.CreateDatabase create -> createDatabase(state, create);
            case DefineRequest.DropDatabase drop -> dropDatabase(state, drop);
            case DefineRequest.CreateCollection create -> createCollection(state, create);
            case DefineRequest.AlterCollection alter -> alterCollection(state, alter);
            case DefineRequest.DropCollection drop -> dropCollection(state, drop);
            case DefineRequest.CreateIndex create -> createIndex(state, create);
            case DefineRequest.DropIndex drop -> dropIndex(state, drop);
            case DefineRequest.Confirm confirm -> state;
        };
    }

    private static CatalogState createDatabase(CatalogState state, DefineRequest.CreateDatabase create) {
        String name = Names.checked("database", create.database());
        if (state.databases().contains(name)) {
            throw new AvilaError(ErrorCode.DATABASE_EXISTS, "the database '" + name + "' exists");
        }
        SortedSet<String> databases = new TreeSet<>(state.databases());
        databases.add(name);
        return new CatalogState(state.version() + 1, databases, state.collections(), state.nextCollectionId());
    }

    private static CatalogState dropDatabase(CatalogState state, DefineRequest.DropDatabase drop) {
        checkDatabase(state, drop.database());
        int collections = state.collectionsOf(drop.database()).size();
        if (collections > 0) {
            throw new AvilaError(ErrorCode.DATABASE_NOT_EMPTY,
                    "the database '" + drop.database() + "' has " + collections + " collections");
        }
        SortedSet<String> databases = new TreeSet<>(state.databases());
        databases.remove(drop.database());
        return new CatalogState(state.version() + 1, databases, state.collections(), state.nextCollectionId());
    }

    private static CatalogState createCollection(CatalogState state, DefineRequest.CreateCollection create) {
        String name = Names.checked("collection", create.collection());
        checkDatabase(state, create.database());
        if (state.find(create.database(), name).isPresent()) {
            throw new AvilaError(ErrorCode.COLLECTION_EXISTS, "the collection '" + create.database() + "/" + name + "' exists");
        }
        checkPolicy(create.strategy(), create.policy());
        long version = state.version() + 1;
        int id = state.nextCollectionId();
        List<CollectionDefinition> collections = new ArrayList<>(state.collections());
        CollectionDefinition made = new CollectionDefinition(id, create.database(), name, create.strategy(), create.policy(), version);
        if (create.options().schema().isPresent()) {
            made = made.withFirstSchema(checked(create.options().schema().get()));
        }
        if (create.options().ttl().isPresent()) {
            made = made.withTtl(create.options().ttl().get(), version);
        }
        for (IndexDefinition index : create.indexes()) {
            made = made.withIndexes(with(made, index), version);
        }
        collections.add(made);
        return new CatalogState(version, state.databases(), collections, id + 1);
    }

    private static CatalogState alterCollection(CatalogState state, DefineRequest.AlterCollection alter) {
        CollectionDefinition old = collection(state, alter.database(), alter.collection());
        MergePolicyDefinition policy = alter.policy().orElse(old.mergePolicy());
        SchemaDefinition schema = alter.options().schema().map(CatalogChange::checked).orElse(old.schema());
        TtlDefinition ttl = alter.options().ttl().orElse(old.ttl());
        boolean samePolicy = old.mergePolicy().equals(policy) && old.schema().equals(schema);
        if (samePolicy && old.ttl().equals(ttl)) {
            return state;
        }
        checkPolicy(old.strategy(), policy);
        if (!samePolicy && old.policies().list().size() == PolicyHistory.MAX) {
            throw new AvilaError(ErrorCode.INVALID_MERGE_POLICY, "the collection has had " + PolicyHistory.MAX
                    + " merge policies and schemas, which its versions may name; there can't be more");
        }
        long version = state.version() + 1;
        List<CollectionDefinition> collections = new ArrayList<>(state.collections());
        collections.replaceAll(known -> known.id() == old.id()
                ? (samePolicy ? old : old.withPolicy(policy, schema, version)).withTtl(ttl, version)
                : known);
        return new CatalogState(version, state.databases(), collections, state.nextCollectionId());
    }

    /** Compiled here too: a range can't refuse a schema that it doesn't understand. */
    private static SchemaDefinition checked(SchemaDefinition schema) {
        if (!schema.isNone()) {
            Schema.of(schema);
        }
        return schema;
    }

    private static CatalogState dropCollection(CatalogState state, DefineRequest.DropCollection drop) {
        CollectionDefinition old = collection(state, drop.database(), drop.collection());
        List<CollectionDefinition> collections = new ArrayList<>(state.collections());
        collections.remove(old);
        return new CatalogState(state.version() + 1, state.databases(), collections, state.nextCollectionId());
    }

    private static CatalogState createIndex(CatalogState state, DefineRequest.CreateIndex create) {
        CollectionDefinition old = collection(state, create.database(), create.collection());
        return replaced(state, old, with(old, create.index()));
    }

    /** The collection's indexes with the new one. The condition is read here too: apply can't refuse one that it doesn't understand. */
    private static IndexSet with(CollectionDefinition collection, IndexDefinition index) {
        IndexSet indexes = collection.indexes();
        if (indexes.find(index.name()).isPresent()) {
            throw new AvilaError(ErrorCode.INDEX_EXISTS, "the collection has an index '" + index.name() + "'");
        }
        if (indexes.list().size() == IndexSet.MAX) {
            throw new AvilaError(ErrorCode.INVALID_INDEX,
                    "a collection has at most " + IndexSet.MAX + " indexes: every write maintains all of them");
        }
        return indexes.with(IndexEntries.checked(index));
    }

    private static CatalogState dropIndex(CatalogState state, DefineRequest.DropIndex drop) {
        CollectionDefinition old = collection(state, drop.database(), drop.collection());
        if (old.indexes().find(drop.index()).isEmpty()) {
            throw new AvilaError(ErrorCode.INDEX_NOT_FOUND, "the collection has no index '" + drop.index() + "'");
        }
        return replaced(state, old, old.indexes().without(drop.index()));
    }

    private static CatalogState replaced(CatalogState state, CollectionDefinition old, IndexSet indexes) {
        long version = state.version() + 1;
        List<CollectionDefinition> collections = new ArrayList<>(state.collections());
        collections.replaceAll(known -> known.id() == old.id() ? old.withIndexes(indexes, version) : known);
        return new CatalogState(version, state.databases(), collections, state.nextCollectionId());
    }

    private static void checkDatabase(CatalogState state, String database) {
        if (!state.databases().contains(database)) {
            throw new AvilaError(ErrorCode.DATABASE_NOT_FOUND, "there is no database '" + database + "'");
        }
    }

    private static CollectionDefinition collection(CatalogState state, String database, String collection) {
        checkDatabase(state, database);
        return state.find(database, collection).orElseThrow(
                () -> new AvilaError(ErrorCode.COLLECTION_NOT_FOUND, "there is no collection '" + database + "/" + collection + "'"));
    }

    /** What decides where a document is can't be merged: it never changes. A typed field above or below such a field would change it too. */
    private static void checkPolicy(PartitionStrategy strategy, MergePolicyDefinition policy) {
        List<FieldPath> fixed = new ArrayList<>();
        fixed.add(ID);
        if (strategy instanceof PartitionStrategy.Fields fields) {
            fields.levels().forEach(level -> fixed.add(level.field()));
        }
        for (FieldPath path : policy.fields().keySet()) {
            for (FieldPath field : fixed) {
                if (path.contains(field) || field.contains(path)) {
                    throw new AvilaError(ErrorCode.INVALID_MERGE_POLICY, "'" + path + "' can't have a type: " + field
                            + (field.equals(ID) ? " is the document's id" : " is a level of the partition key"));
                }
            }
        }
    }
}
