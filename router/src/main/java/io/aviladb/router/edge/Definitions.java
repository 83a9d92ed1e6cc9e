package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.CollectionOptions;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.Names;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.router.route.CatalogRouter;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.topology.CollectionName;
import io.aviladb.router.topology.TopologyTracker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What can be done with databases and collections. Futures fail with {@link AvilaError}. */
public final class Definitions {
    private final TopologyTracker tracker;
    private final CatalogRouter catalog;

    public Definitions(TopologyTracker tracker, CatalogRouter catalog) {
        this.tracker = tracker;
        this.catalog = catalog;
    }

    public CompletableFuture<String> createDatabase(String name, Deadline deadline) {
        Names.checked("database", name);
        return catalog.define(new DefineRequest.CreateDatabase(name), deadline).thenApply(version -> name);
    }

    /** Proven: a database that was created anywhere before this is in it. */
    public CompletableFuture<List<String>> databases(Deadline deadline) {
        return catalog.confirm(deadline).thenApply(version -> tracker.map().databases());
    }

    public CompletableFuture<String> database(String name, Deadline deadline) {
        return catalog.database(Names.checked("database", name), deadline);
    }

    public CompletableFuture<Void> dropDatabase(String name, Deadline deadline) {
        Names.checked("database", name);
        return catalog.define(new DefineRequest.DropDatabase(name), deadline).thenAccept(version -> {});
    }

    /** Completes once the own region serves the collection. */
    public CompletableFuture<CollectionDefinition> createCollection(CollectionName name, PartitionStrategy strategy,
            MergePolicyDefinition policy, List<IndexDefinition> indexes, CollectionOptions options, Deadline deadline) {
        checked(name);
        MergePolicyJudge.check(policy, strategy);
        return catalog
                .define(new DefineRequest.CreateCollection(name.database(), name.collection(), strategy, policy, indexes, options),
                        deadline)
                .thenCompose(version -> catalog.collection(name, deadline))
                .thenCompose(definition -> catalog.served(definition, deadline).thenApply(done -> definition));
    }

    public CompletableFuture<List<CollectionDefinition>> collections(String database, Deadline deadline) {
        Names.checked("database", database);
        return catalog.confirm(deadline).thenApply(version -> {
            if (!tracker.map().databases().contains(database)) {
                throw new AvilaError(ErrorCode.DATABASE_NOT_FOUND, "there is no database '" + database + "'");
            }
            return tracker.map().collectionsOf(database);
        });
    }

    public CompletableFuture<CollectionDefinition> collection(CollectionName name, Deadline deadline) {
        Optional<CollectionDefinition> known = tracker.map().collection(name);
        return known.isPresent() ? CompletableFuture.completedFuture(known.get()) : catalog.collection(checked(name), deadline);
    }

    /** @param policy absent where it stays */
    public CompletableFuture<CollectionDefinition> alterCollection(CollectionName name, Optional<MergePolicyDefinition> policy,
            CollectionOptions options, Deadline deadline) {
        return collection(name, deadline).thenCompose(now -> {
            policy.ifPresent(next -> MergePolicyJudge.check(next, now.strategy()));
            return catalog.define(new DefineRequest.AlterCollection(name.database(), name.collection(), policy, options), deadline);
        }).thenCompose(version -> catalog.collection(name, deadline));
    }

    public CompletableFuture<Void> dropCollection(CollectionName name, Deadline deadline) {
        checked(name);
        return catalog.define(new DefineRequest.DropCollection(name.database(), name.collection()), deadline).thenAccept(version -> {});
    }

    /** The collection with the index. Completes before any region has built it. */
    public CompletableFuture<CollectionDefinition> createIndex(CollectionName name, IndexDefinition index, Deadline deadline) {
        checked(name);
        return catalog.define(new DefineRequest.CreateIndex(name.database(), name.collection(), index), deadline)
                .thenCompose(version -> version == 0 ? freshCollection(name, deadline) : catalog.collection(name, deadline))
                .thenApply(collection -> {
                    boolean made = collection.indexes().find(index.name()).filter(found -> found.withId(0).equals(index)).isPresent();
                    if (!made) { // the first attempt's answer was lost, and another index has the name
                        throw new AvilaError(ErrorCode.INDEX_EXISTS, "the collection has another index '" + index.name() + "'");
                    }
                    return collection;
                });
    }

    /** An index that is no more, by ids. */
    public record DroppedIndex(int collection, int index) {}

    public CompletableFuture<DroppedIndex> dropIndex(CollectionName name, String index, Deadline deadline) {
        return freshCollection(name, deadline).thenCompose(collection -> {
            IndexDefinition old = collection.indexes().find(index)
                    .orElseThrow(() -> new AvilaError(ErrorCode.INDEX_NOT_FOUND, "the collection has no index '" + index + "'"));
            return catalog.define(new DefineRequest.DropIndex(name.database(), name.collection(), index), deadline)
                    .thenApply(version -> new DroppedIndex(collection.id(), old.id()));
        });
    }

    /** Proven: what was defined anywhere before this is in it. */
    public CompletableFuture<CollectionDefinition> freshCollection(CollectionName name, Deadline deadline) {
        checked(name);
        return catalog.confirm(deadline).thenCompose(version -> catalog.collection(name, deadline));
    }

    private static CollectionName checked(CollectionName name) {
        Names.checked("database", name.database());
        Names.checked("collection", name.collection());
        return name;
    }
}
