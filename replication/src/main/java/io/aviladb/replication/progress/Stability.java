package io.aviladb.replication.progress;

import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.Collection;
import java.util.Map;

/**
 * What may be forgotten. A stamp of region R is absorbed everywhere once this replica has covered it and has pulled, from every other region's
 * own feed, a mark that says the same: acknowledged is not arrived (a cursor alone would let a change slip in behind the tombstone that it
 * concerns).
 */
public final class Stability {
    private Stability() {
    }

    /**
     * The highest stamp per region that every region has absorbed, and is known to have.
     *
     * @param self this region
     * @param regions all that count, this one included
     * @param covered what the interval here has covered, own stamps included
     * @param acknowledged per other region the newest mark pulled from its feed; a missing one holds everything back
     */
    public static VersionVector stable(RegionIncarnation self, Collection<RegionIncarnation> regions, VersionVector covered,
            Map<RegionIncarnation, VersionVector> acknowledged) {
        VersionVector stable = covered;
        for (RegionIncarnation other : regions) {
            if (!other.equals(self)) {
                VersionVector mark = acknowledged.getOrDefault(other, VersionVector.EMPTY);
                // Invariant: what the mark says of its own region is what was pulled of its feed, never more than covered here.
                stable = stable.meet(mark);
            }
        }
        return stable;
    }

    /** Whether everything in the vector is stable. A version goes as a whole, or stays as a whole. */
    public static boolean covers(VersionVector stable, VersionVector vector) {
        return stable.covers(vector);
    }

    /** The least position that all other regions have acknowledged of this region: what links still need lies above it. */
    public static HybridTimestamp acknowledgedOf(RegionIncarnation self, VersionVector stable) {
        return stable.at(self);
    }
}
