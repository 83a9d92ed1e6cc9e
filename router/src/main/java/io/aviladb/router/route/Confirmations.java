package io.aviladb.router.route;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.router.topology.TopologyTracker;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out which regions have a write. A region is asked like a session that has seen the write: its replica answers once the range there has
 * covered the write's stamp. Coverage moves in the entry that applies what was pulled, so the region's log has it on a majority's disks.
 */
public final class Confirmations {
    private final TopologyTracker tracker;
    private final ReadRouter reads;

    public Confirmations(TopologyTracker tracker, ReadRouter reads) {
        this.tracker = tracker;
        this.reads = reads;
    }

    /** The regions that must have a write. */
    public List<RegionId> regions() {
        return tracker.map().regionNames();
    }

    /**
     * Completes as soon as so many of the regions have the write, with all that are known to by then, in the order of their names. Fails with
     * {@link ErrorCode#DURABILITY_NOT_CONFIRMED} when the time is over first.
     */
    public CompletableFuture<List<RegionId>> await(DocumentKey key, Version version, List<RegionId> asked, int enough, Deadline deadline) {
        CompletableFuture<List<RegionId>> result = new CompletableFuture<>();
        TreeSet<String> have = new TreeSet<>();
        int[] open = {asked.size()};
        if (enough == 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        for (RegionId region : asked) {
            has(key, version, region, deadline).whenComplete((yes, failure) -> {
                synchronized (have) {
                    open[0]--;
                    if (failure == null && yes) {
                        have.add(region.name());
                    }
                    if (have.size() >= enough) {
                        result.complete(have.stream().map(RegionId::new).toList());
                    } else if (have.size() + open[0] < enough) {
                        result.completeExceptionally(new AvilaError(ErrorCode.DURABILITY_NOT_CONFIRMED, "the write stands in its region; "
                                + (have.isEmpty() ? "no other region has" : have + (have.size() == 1 ? " has" : " have"))
                                + " confirmed it, of " + enough + " that must"));
                    }
                }
            });
        }
        return result;
    }

    /** Whether the region has it, by the deadline at the latest. Fails where the region can't be asked. */
    public CompletableFuture<Boolean> has(DocumentKey key, Version version, RegionId region, Deadline deadline) {
        // No document is wanted: the answer itself says that the stamp is covered.
        return reads.route(region, map -> map.find(key), ReadConsistency.SESSION, VersionVector.of(version), deadline,
                (node, range, terms) -> node
                        .scan(new ScanRequest(range.group(), range.ref(), range.keys(), Optional.empty(), 0, 1, true, false, terms)))
                .thenApply(answer -> !isSource(region, version) || answer.reply().closed().compareTo(version.stamp()) >= 0)
                .exceptionallyCompose(failure -> Failure.unwrap(failure) instanceof AvilaError error
                        && error.code() == ErrorCode.SESSION_NOT_REACHED
                                ? CompletableFuture.completedFuture(false)
                                : CompletableFuture.failedFuture(failure));
    }

    private boolean isSource(RegionId region, Version version) {
        return tracker.map().region(version.region()).filter(region::equals).isPresent();
    }
}
