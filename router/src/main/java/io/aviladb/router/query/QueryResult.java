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
 * @param documentsRead of all regions, merged
 * @param bytesRead of those documents
 */
public record QueryResult(FinalMerge.Page page, List<RegionPage> regions, VersionVector seen, @Nullable Served served, long documentsRead,
        long bytesRead) {
    public boolean complete() {
        return regions.stream().allMatch(region -> region.missing().isEmpty());
    }
}
