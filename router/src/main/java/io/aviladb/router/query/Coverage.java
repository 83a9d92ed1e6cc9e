package io.aviladb.router.query;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ListPage;
import io.aviladb.router.scatter.RegionPage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What several pages of a listing were read from, together. One thread's at a time. */
final class Coverage {
    private final Map<RegionId, RegionPage> regions = new LinkedHashMap<>();
    private VersionVector seen = VersionVector.EMPTY;
    private @Nullable Served served;
    private long documents;
    private long bytes;

    void add(ListPage page) {
        seen = seen.join(page.seen());
        served = served == null ? page.served() : served;
        documents += page.rows().size();
        page.rows().forEach(row -> bytes += row.json().length);
        page.regions().forEach(region -> regions.merge(region.region(), bare(region), Coverage::both));
    }

    /** What one region gave, without its documents. */
    void add(RegionPage page) {
        seen = seen.join(page.seen());
        served = served == null ? page.served() : served;
        regions.merge(page.region(), bare(page), Coverage::both);
    }

    private static RegionPage bare(RegionPage page) {
        return new RegionPage(page.region(), List.of(), Optional.empty(), page.closed(), page.seen(), page.missing(), page.failure(),
                page.served());
    }

    private static RegionPage both(RegionPage a, RegionPage b) {
        List<KeyRange> missing = new ArrayList<>(a.missing());
        b.missing().stream().filter(interval -> !missing.contains(interval)).forEach(missing::add);
        return new RegionPage(a.region(), List.of(), Optional.empty(), a.closed().min(b.closed()), a.seen().join(b.seen()), missing,
                a.failure() != null ? a.failure() : b.failure(), a.served() != null && b.served() != null ? a.served() : null);
    }

    List<RegionPage> regions() {
        return List.copyOf(regions.values());
    }

    VersionVector seen() {
        return seen;
    }

    @Nullable
    Served served() {
        return served;
    }

    long documents() {
        return documents;
    }

    long bytes() {
        return bytes;
    }
}
