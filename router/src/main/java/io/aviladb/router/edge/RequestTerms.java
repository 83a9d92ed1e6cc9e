package io.aviladb.router.edge;

import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.topology.ClusterMap;

/**
 * What a request carries besides its own fields.
 *
 * @param token empty where the request carries none
 * @param demand what a read must have: the token, or under BOUNDED all that any region wrote up to the bound
 * @param durability where a write must be before it is answered; of no meaning to a read
 * @param region where it is to be served
 */
public record RequestTerms(VersionVector token, ReadConsistency consistency, VersionVector demand, Durability durability, Deadline deadline,
        RegionId region) {
    /** Refuses what isn't there yet, rather than weaken it. */
    public static void check(ReadConsistency consistency, boolean bound) {
        if (consistency == ReadConsistency.BOUNDED && !bound) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "consistency 'bounded' needs a bound: X-AvilaDB-Max-Staleness, in milliseconds");
        }
        if (consistency == ReadConsistency.PREFIX || consistency == ReadConsistency.SNAPSHOT) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "consistency '" + lower(consistency) + "' isn't there yet");
        }
    }

    /** All that any region wrote up to a time, by that region's clock. */
    public static VersionVector upTo(long millis, ClusterMap map) {
        HybridTimestamp bound = new HybridTimestamp(HybridTimestamp.ofMillis(Math.max(0, millis) + 1).bits() - 1);
        VersionVector all = VersionVector.EMPTY;
        for (Topology.Region region : map.regions()) {
            all = all.join(VersionVector.of(region.incarnation(), bound));
        }
        return all;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
