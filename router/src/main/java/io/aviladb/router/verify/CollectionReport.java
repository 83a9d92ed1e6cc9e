package io.aviladb.router.verify;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.StateDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a check of a collection found.
 *
 * @param cut the last one at which something was compared; absent where nothing was
 * @param digest of the documents that were compared, as this router's region has them
 * @param whole whether all documents were looked at: the check may have been of a sample
 * @param regions by name
 * @param nodes of all regions
 * @param failure why the check ended before its time
 */
public record CollectionReport(CollectionDefinition collection, Optional<HybridTimestamp> cut, StateDigest digest, boolean whole,
        Map<RegionId, Standing> regions, Map<NodeId, Standing> nodes, List<Difference> differences, @Nullable AvilaError failure) {
    /** @param compared documents that were compared; @param missed why some weren't */
    public record Standing(long compared, boolean differs, @Nullable AvilaError missed) {
        static final Standing NONE = new Standing(0, false, null);

        Standing withCompared(long more) {
            return new Standing(compared + more, differs, missed);
        }

        Standing withDifference() {
            return new Standing(compared, true, missed);
        }

        Standing withMissed(AvilaError why) {
            return new Standing(compared, differs, why);
        }
    }

    /** What may be said of the collection. */
    public enum Verdict {
        /** Everybody who should have the documents was asked, and has the same. */
        IDENTICAL,
        /** Nothing that was compared differs, but not all could be compared. */
        INCOMPLETE,
        /** Somebody has something else. */
        DIVERGENT
    }

    public Verdict verdict() {
        if (!differences.isEmpty() || regions.values().stream().anyMatch(Standing::differs)
                || nodes.values().stream().anyMatch(Standing::differs)) {
            return Verdict.DIVERGENT;
        }
        boolean missed = failure != null || regions.values().stream().anyMatch(region -> region.missed != null)
                || nodes.values().stream().anyMatch(node -> node.missed != null);
        return missed ? Verdict.INCOMPLETE : Verdict.IDENTICAL;
    }
}
