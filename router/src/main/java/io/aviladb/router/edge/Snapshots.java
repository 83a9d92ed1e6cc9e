package io.aviladb.router.edge;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.CutGrid;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.router.route.ClosedCuts;
import io.aviladb.router.topology.TopologyTracker;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Cuts of reads: given by a version, or the newest that the region can tell. */
public final class Snapshots {
    public static final String HEADER = "x-aviladb-snapshot";
    /** A cut so far ahead of this router's clock is a mistake; what lies nearer is waited for. */
    private static final long MAX_AHEAD_MILLIS = 10_000;

    private final TopologyTracker tracker;
    private final ClosedCuts cuts;

    public Snapshots(TopologyTracker tracker, ClosedCuts cuts) {
        this.tracker = tracker;
        this.cuts = cuts;
    }

    /** The first cut that includes a version. @throws AvilaError where the text is none, or it lies in the future */
    public static HybridTimestamp cut(String where, String version, long nowMillis) {
        HybridTimestamp stamp;
        try {
            stamp = Version.parse(version.trim()).stamp();
        } catch (IllegalArgumentException malformed) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, where + ": " + malformed.getMessage());
        }
        return cut(where, stamp, nowMillis);
    }

    /** @throws AvilaError where the stamp lies in the future */
    public static HybridTimestamp cut(String where, HybridTimestamp stamp, long nowMillis) {
        if (stamp.millis() > nowMillis + MAX_AHEAD_MILLIS) {
            throw new AvilaError(ErrorCode.INVALID_HEADER,
                    where + " lies " + (stamp.millis() - nowMillis) + " ms in the future, by this router's clock");
        }
        return CutGrid.including(stamp);
    }

    /** The terms with a cut in the place of {@code prefix}: the newest of which the region has everything for the keys. */
    public CompletableFuture<RequestTerms> chosen(RequestTerms terms, int collection, KeyRange interval) {
        return terms.consistency() != ReadConsistency.PREFIX
                ? CompletableFuture.completedFuture(terms)
                : cuts.newest(terms.region(), collection, interval, terms.deadline()).thenApply(cut -> terms.at(cut, tracker.map()));
    }

    /** The version by which the same state can be read again; empty where the answer is of no cut. */
    public Optional<String> version(RequestTerms terms) {
        if (terms.consistency() != ReadConsistency.SNAPSHOT) {
            return Optional.empty();
        }
        RegionIncarnation region = tracker.map().incarnation(terms.region()).orElse(new RegionIncarnation(1));
        return Optional.of(new Version(terms.demand().highest(), region).toString());
    }

    /** {@code X-AvilaDB-Snapshot} of an answer, where it is of a cut. */
    public Map<String, String> headers(RequestTerms terms) {
        return version(terms).map(version -> Map.of(HEADER, version)).orElse(Map.of());
    }
}
