package io.aviladb.router.scatter;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Lists documents: of the region that serves, or of all regions, merged. */
public final class Listing {
    /** How long another region may keep a listing waiting before it counts as missing, and a region that didn't answer the last time. */
    private static final Duration OTHER_REGION = Duration.ofSeconds(5);
    private static final Duration LOST_REGION = Duration.ofMillis(500);

    private final TopologyTracker tracker;
    private final ReadRouter reads;

    public Listing(TopologyTracker tracker, ReadRouter reads) {
        this.tracker = tracker;
        this.reads = reads;
    }

    /** Fails with {@link AvilaError} where nothing answered, or something is missing and that is refused. */
    public CompletableFuture<ListPage> list(ListQuery query) {
        ClusterMap map = tracker.map();
        List<RegionId> regions = query.scope() == ListQuery.Scope.LOCAL ? List.of(query.region()) : map.regionNames();
        List<CompletableFuture<RegionPage>> parts = regions.stream().map(region -> part(map, region, query)).toList();
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> merge(query, parts.stream().map(CompletableFuture::join).toList()))
                .thenCompose(page -> page.rows().isEmpty()
                        && page.next().isPresent() && page.complete() && !query.deadline().isOver()
                                ? list(query.after(page.next().get())) // a page full of deletes
                                : CompletableFuture.completedFuture(page));
    }

    /** One region's part of a listing. Never fails: what didn't answer is in the page. */
    public CompletableFuture<RegionPage> part(ClusterMap map, RegionId region, ListQuery query) {
        boolean home = region.equals(query.region());
        // The token is the home region's to honour: the merged page holds at least what it holds.
        ReadConsistency consistency = !home && query.consistency() == ReadConsistency.SESSION
                ? ReadConsistency.STRONG
                : query.consistency();
        Deadline deadline = home ? query.deadline() : query.deadline().atMost(tracker.isReachable(region) ? OTHER_REGION : LOST_REGION);
        return new RegionLister(reads, region, query, consistency, deadline).run(map);
    }

    private static ListPage merge(ListQuery query, List<RegionPage> pages) {
        Served served = pages.stream()
                .sorted((a, b) -> Boolean.compare(b.region().equals(query.region()), a.region().equals(query.region())))
                .map(RegionPage::served).filter(Objects::nonNull).findFirst().orElse(null);
        AvilaError failure = pages.stream().map(RegionPage::failure).filter(Objects::nonNull).findFirst().orElse(null);
        if (served == null || failure != null && query.refusePartial()) {
            throw failure != null ? failure : new AvilaError(ErrorCode.NOT_READY, "no region is known here yet");
        }
        PageMerge merged = PageMerge.of(pages, query.pageSize(), ListQuery.MAX_PAGE_BYTES);
        VersionVector seen = pages.stream().map(RegionPage::seen).reduce(VersionVector.EMPTY, VersionVector::join);
        return new ListPage(merged.rows(), merged.next(), pages, seen, served);
    }
}
