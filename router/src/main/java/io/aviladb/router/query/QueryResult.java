package io.aviladb.router.query;

import io.aviladb.core.version.VersionVector;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.RegionPage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a query's result.
 *
 * @param regions what each region that was asked gave: the coverage
 * @param served absent where no key could match, so that nothing was read
 * @param ranges what was done where
 */
public record QueryResult(FinalMerge.Page page, List<RegionPage> regions, VersionVector seen, @Nullable Served served,
        List<RangeRun> ranges) {
    public QueryResult {
        regions = List.copyOf(regions);
        ranges = List.copyOf(ranges);
    }

    public boolean complete() {
        return regions.stream().allMatch(region -> region.missing().isEmpty());
    }

    public long documentsRead() {
        return ranges.stream().mapToLong(RangeRun::documents).sum();
    }

    public long bytesRead() {
        return ranges.stream().mapToLong(RangeRun::bytes).sum();
    }
}
