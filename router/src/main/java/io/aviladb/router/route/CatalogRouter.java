package io.aviladb.router.route;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
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
        Attempt attempt = new Attempt(request, deadline.atMost(PATIENCE));
        attempt.go();
        return attempt.result.thenCompose(reply -> reached(reply.catalogVersion(), deadline));
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
    private final class Attempt {
        final DefineRequest request;
        final Deadline deadline;
        final CompletableFuture<DefineReply> result = new CompletableFuture<>();
        int attempts;
        boolean unknown;
        String last = "no replica of the catalog is known";

        Attempt(DefineRequest request, Deadline deadline) {
            this.request = request;
            this.deadline = deadline;
        }

        void go() {
            Topology.Group group = tracker.map().catalogGroup().orElse(null);
            if (group == null) {
                tracker.refresh(tracker.own());
                again();
                return;
            }
            NodeId node = tracker.leader(tracker.own(), group).orElseGet(() -> group.members().get(random.nextInt(group.members().size())));
            CompletableFuture<DefineReply> call;
            try {
                call = tracker.node(node).define(request);
            } catch (RuntimeException e) {
                call = CompletableFuture.failedFuture(e);
            }
            call.whenComplete((reply, failure) -> {
                if (failure == null) {
                    result.complete(reply);
                } else {
                    failed(group, node, Failure.of(node, failure));
                }
            });
        }

        private void failed(Topology.Group group, NodeId node, Failure failure) {
            switch (failure) {
                case Failure.Final none -> {
                    if (unknown && ownEffect(none.error().code())) {
                        result.complete(new DefineReply(0)); // an earlier attempt of this very request did it
                    } else {
                        result.completeExceptionally(none.error());
                    }
                    return;
                }
                case Failure.TryAgain again -> {
                    last = again.error().detail();
                    again.leader().ifPresentOrElse(leader -> tracker.leaderHint(tracker.own(), group, leader),
                            () -> tracker.notLeading(tracker.own(), group, node));
                }
                case Failure.Unknown lost -> {
                    unknown = true;
                    last = lost.error().detail();
                    tracker.notLeading(tracker.own(), group, node);
                }
            }
            again();
        }

        private boolean ownEffect(ErrorCode code) {
            return switch (request) {
                case DefineRequest.CreateDatabase create -> code == ErrorCode.DATABASE_EXISTS;
                case DefineRequest.CreateCollection create -> code == ErrorCode.COLLECTION_EXISTS;
                case DefineRequest.DropDatabase drop -> code == ErrorCode.DATABASE_NOT_FOUND;
                case DefineRequest.DropCollection drop -> code == ErrorCode.COLLECTION_NOT_FOUND;
                case DefineRequest.AlterCollection alter -> false;
                case DefineRequest.Confirm confirm -> false;
            };
        }

        private void again() {
            var pause = Backoff.before(attempts++, random);
            if (deadline.remainingMillis() <= pause.toMillis()) {
                result.completeExceptionally(new AvilaError(ErrorCode.CATALOG_UNAVAILABLE, last));
                return;
            }
            scheduler.schedule(pause, this::go);
        }
    }
}
