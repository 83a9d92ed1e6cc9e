package io.aviladb.router.scatter;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.router.route.Served;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one region gave of a listing.
 *
 * @param upTo the last key up to which the region was read; empty where it was read to the end
 * @param closed the least closed mark of the groups that answered; zero where none did
 * @param missing intervals that didn't answer
 * @param failure why, absent where nothing is missing
 */
public record RegionPage(RegionId region, List<ScanReply.Row> rows, Optional<DocumentKey> upTo, HybridTimestamp closed, VersionVector seen,
        List<KeyRange> missing, @Nullable AvilaError failure, @Nullable Served served) {
    public RegionPage {
        rows = List.copyOf(rows);
        missing = List.copyOf(missing);
    }

    /** Of a region that gave nothing. */
    public static RegionPage missing(RegionId region, KeyRange interval, AvilaError failure) {
        return new RegionPage(region, List.of(), Optional.empty(), HybridTimestamp.ZERO, VersionVector.EMPTY, List.of(interval), failure,
                null);
    }

    public boolean answered() {
        return served != null;
    }
}
