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
import io.aviladb.router.route.Failure;
import io.aviladb.router.topology.ClusterMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a request carries besides its own fields.
 *
 * @param token empty where the request carries none
 * @param demand what a read must have: the token, or under BOUNDED and SNAPSHOT all that any region wrote up to the bound or the cut
 * @param durability where a write must be before it is answered; of no meaning to a read
 * @param regions where it may be served: in the first, or in the next where that one is lost; one at least
 */
public record RequestTerms(VersionVector token, ReadConsistency consistency, VersionVector demand, Durability durability, Deadline deadline,
        List<RegionId> regions) {
    public RequestTerms {
        regions = List.copyOf(regions);
    }

    /** Where it is to be served. */
    public RegionId region() {
        return regions.getFirst();
    }

    /**
     * Serves in the first region, and where that turns out to be lost, with nothing done, in the next, until none is left.
     *
     * @param serve fails with {@link ErrorCode#REGION_UNREACHABLE} only where nothing was done
     */
    public <A> CompletableFuture<A> serve(Function<RequestTerms, CompletableFuture<A>> serve) {
        CompletableFuture<A> answer;
        try {
            answer = serve.apply(this);
        } catch (AvilaError refused) {
            answer = CompletableFuture.failedFuture(refused);
        }
        if (regions.size() == 1) {
            return answer;
        }
        RequestTerms next = new RequestTerms(token, consistency, demand, durability, deadline, regions.subList(1, regions.size()));
        return answer.exceptionallyCompose(failure -> Failure.unwrap(failure) instanceof AvilaError error
                && error.code() == ErrorCode.REGION_UNREACHABLE && !deadline.isOver()
                        ? next.serve(serve)
                        : CompletableFuture.failedFuture(failure));
    }

    /** @throws AvilaError where a consistency lacks what it needs, or comes with what has no meaning under it */
    public static void check(ReadConsistency consistency, boolean bound, boolean snapshot) {
        if (consistency == ReadConsistency.BOUNDED && !bound) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "consistency 'bounded' needs a bound: X-AvilaDB-Max-Staleness, in milliseconds");
        }
        if (consistency != ReadConsistency.BOUNDED && bound) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "X-AvilaDB-Max-Staleness has no meaning under this consistency");
        }
        if (consistency == ReadConsistency.SNAPSHOT != snapshot) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, snapshot
                    ? "X-AvilaDB-Snapshot comes with the consistency 'snapshot'"
                    : "consistency 'snapshot' needs a version: X-AvilaDB-Snapshot");
        }
    }

    /** The same request, served elsewhere. */
    public RequestTerms in(RegionId other) {
        return new RequestTerms(token, consistency, demand, durability, deadline, List.of(other));
    }

    /** The same request for the state at a cut. */
    public RequestTerms at(HybridTimestamp cut, ClusterMap map) {
        return new RequestTerms(token, ReadConsistency.SNAPSHOT, of(cut, map), durability, deadline, regions);
    }

    /** All that any region wrote up to a stamp. */
    static VersionVector of(HybridTimestamp stamp, ClusterMap map) {
        VersionVector all = VersionVector.EMPTY;
        for (Topology.Region region : map.regions()) {
            all = all.join(VersionVector.of(region.incarnation(), stamp));
        }
        return all;
    }

    /** All that any region wrote up to a time, by that region's clock. */
    public static VersionVector upTo(long millis, ClusterMap map) {
        return of(new HybridTimestamp(HybridTimestamp.ofMillis(Math.max(0, millis) + 1).bits() - 1), map);
    }
}
