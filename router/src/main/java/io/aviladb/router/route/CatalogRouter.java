package io.aviladb.router.route;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.topology.CollectionName;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Definitions: changes go to the catalog's leader, and absence is believed only after a majority has confirmed it. */
public final class CatalogRouter {
    /** How long the catalog may take: an election, and no more, so that a lost majority is told soon. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final TopologyTracker tracker;
    private final ReadRouter reads;
    private final Scheduler scheduler;
    private final RandomSource random;
    private @Nullable CompletableFuture<Long> confirming; // guarded by this
    private @Nullable CompletableFuture<Long> next; // guarded by this: for those who came while one was under way

    public CatalogRouter(TopologyTracker tracker, ReadRouter reads, Scheduler scheduler, RandomSource random) {
        this.tracker = tracker;
        this.reads = reads;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** A change; completes once this router's map has it. Fails with {@link AvilaError}. */
    public CompletableFuture<Long> define(DefineRequest request, Deadline deadline) {
        return new Definition(request, deadline.atMost(PATIENCE)).start().thenCompose(reply -> reached(reply.catalogVersion(), deadline));
    }

    private CompletableFuture<Long> reached(long version, Deadline deadline) {
        return tracker.await(map -> map.catalogVersion() >= version, Duration.ofMillis(deadline.remainingMillis())).thenApply(map -> {
            if (map.catalogVersion() < version) {
                throw new AvilaError(ErrorCode.CATALOG_UNAVAILABLE,
                        "the catalog is at version " + version + ", and this region has heard of " + map.catalogVersion() + " only");
            }
            return version;
        });
    }

    /** The collection. Fails with NOT_FOUND only where the catalog's majority has confirmed that there is none. */
    public CompletableFuture<CollectionDefinition> collection(CollectionName name, Deadline deadline) {
        Optional<CollectionDefinition> known = tracker.map().collection(name);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        return confirm(deadline).thenApply(version -> tracker.map().collection(name).orElseThrow(() -> {
            boolean database = tracker.map().databases().contains(name.database());
            return database
                    ? new AvilaError(ErrorCode.COLLECTION_NOT_FOUND,
                            "database '" + name.database() + "' has no collection '" + name.collection() + "'")
                    : noDatabase(name.database());
        }));
    }

    /** Fails with NOT_FOUND only where the catalog's majority has confirmed that there is none. */
    public CompletableFuture<String> database(String name, Deadline deadline) {
        if (tracker.map().databases().contains(name)) {
            return CompletableFuture.completedFuture(name);
        }
        return confirm(deadline).thenApply(version -> {
            if (!tracker.map().databases().contains(name)) {
                throw noDatabase(name);
            }
            return name;
        });
    }

    private static AvilaError noDatabase(String name) {
        return new AvilaError(ErrorCode.DATABASE_NOT_FOUND, "there is no database '" + name + "'");
    }

    /** This router's map is at least as new as the catalog was when this was called. One confirmation under way serves all who wait. */
    public CompletableFuture<Long> confirm(Deadline deadline) {
        CompletableFuture<Long> mine;
        boolean start = false;
        synchronized (this) {
            if (confirming == null) {
                confirming = new CompletableFuture<>();
                mine = confirming;
                start = true;
            } else {
                // The one under way may have been confirmed before this caller came: its answer proves nothing here.
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                mine = next;
            }
        }
        if (start) {
            run(mine, deadline);
        }
        return mine;
    }

    private void run(CompletableFuture<Long> mine, Deadline deadline) {
        define(new DefineRequest.Confirm(), deadline).whenComplete((version, failure) -> {
            CompletableFuture<Long> following;
            synchronized (this) {
                following = next;
                confirming = following;
                next = null;
            }
            if (failure == null) {
                mine.complete(version);
            } else {
                mine.completeExceptionally(Failure.unwrap(failure));
            }
            if (following != null) {
                run(following, Deadline.in(deadline.clock(), PATIENCE));
            }
        });
    }

    /** Completes once the own region serves the collection: its first range answers a strong read. */
    public CompletableFuture<Void> served(CollectionDefinition definition, Deadline deadline) {
        KeyRange all = KeyRange.collection(definition.id());
        return tracker
                .await(map -> hasRanges(map.map(tracker.own()), definition.id(), all), Duration.ofMillis(deadline.remainingMillis()))
                .thenCompose(map -> reads.route(tracker.own(), own -> first(own.within(definition.id(), all)), ReadConsistency.STRONG,
                        VersionVector.EMPTY, deadline,
                        (node, range, terms) -> node.scan(new ScanRequest(range.group(), range.ref(), range.keys(), Optional.empty(), 1, 1,
                                true, false, terms))))
                .thenAccept(scan -> {});
    }

    private static boolean hasRanges(@Nullable RegionMap map, int collection, KeyRange all) {
        return map != null && !map.within(collection, all).isEmpty();
    }

    private static Topology.@Nullable Range first(List<Topology.Range> ranges) {
        return ranges.isEmpty() ? null : ranges.get(0);
    }

    /** One definition on its way to the catalog's leader. */
    private final class Definition extends LeaderCall<DefineReply> {
        private final DefineRequest request;

        Definition(DefineRequest request, Deadline deadline) {
            super(tracker, scheduler, random, tracker.own(), deadline,
                    new AvilaError(ErrorCode.CATALOG_UNAVAILABLE, "no replica of the catalog is known"));
            this.request = request;
        }

        @Override
        Topology.@Nullable Group group() {
            return tracker.map().catalogGroup().orElse(null);
        }

        @Override
        CompletableFuture<DefineReply> send(NodeApi node) {
            return node.define(request);
        }

        @Override
        Optional<DefineReply> ownEffect(ErrorCode refusal) {
            boolean own = switch (request) {
                case DefineRequest.CreateDatabase create -> refusal == ErrorCode.DATABASE_EXISTS;
                case DefineRequest.CreateCollection create -> refusal == ErrorCode.COLLECTION_EXISTS;
                case DefineRequest.DropDatabase drop -> refusal == ErrorCode.DATABASE_NOT_FOUND;
                case DefineRequest.DropCollection drop -> refusal == ErrorCode.COLLECTION_NOT_FOUND;
                case DefineRequest.AlterCollection alter -> false;
                case DefineRequest.CreateIndex create -> refusal == ErrorCode.INDEX_EXISTS;
                case DefineRequest.DropIndex drop -> refusal == ErrorCode.INDEX_NOT_FOUND;
                case DefineRequest.Confirm confirm -> false;
            };
            return own ? Optional.of(new DefineReply(0)) : Optional.empty();
        }

        @Override
        AvilaError gaveUp(AvilaError lastError) {
            return new AvilaError(ErrorCode.CATALOG_UNAVAILABLE, lastError.detail());
        }
    }
}
