package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.topology.TopologyTracker;

/** What a request that another region serves is told where that region is lost: at once, because its client may be allowed to go elsewhere. */
public final class Reachable {
    private static final int RETRY_AFTER_MILLIS = 1_000;

    private Reachable() {
    }

    /** Whether no node of the region answers. Of the own region nothing else is left, so it is waited for. */
    static boolean isLost(RegionId region, TopologyTracker tracker) {
        return !region.equals(tracker.own()) && tracker.map().map(region) != null && !tracker.isReachable(region);
    }

    public static AvilaError lost(RegionId region) {
        return new AvilaError(ErrorCode.REGION_UNREACHABLE, "region " + region + " doesn't answer", RETRY_AFTER_MILLIS);
    }
}
