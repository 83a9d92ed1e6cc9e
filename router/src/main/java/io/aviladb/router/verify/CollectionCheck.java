package io.aviladb.router.verify;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.random.RandomSource;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.StateDigest;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.router.route.ClosedCuts;
import io.aviladb.router.route.Deadline;
import io.aviladb.router.route.Failure;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.topology.RegionMap;
import io.aviladb.router.topology.TopologyTracker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One check of one collection, stretch by stretch of its keys, from a random range on. A stretch that differs is compared once more, at a later cut,
 * before it counts: what is on its way, such as a new merge policy, has come by then.
 */
final class CollectionCheck {
    /** Documents of a stretch: how many a difference is searched among. */
    static final int STRETCH = 2_000;
    private static final int MAX_DIFFERENCES = 100;
    private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    private final CollectionDefinition collection;
    private final long documents;
    private final Deadline deadline;
    private final TopologyTracker tracker;
    private final ReadRouter reads;
    private final ClosedCuts cuts;
    private final Scheduler scheduler;
    private final RandomSource random;
    private final DigestCalls calls;
    private final KeyRange all;
    private final Deque<KeyRange> ahead = new ArrayDeque<>();
    private final Map<RegionId, CollectionReport.Standing> regions = new TreeMap<>();
    private final Map<NodeId, CollectionReport.Standing> nodes = new TreeMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private StateDigest digest = StateDigest.EMPTY;
    private @Nullable HybridTimestamp cut;

    CollectionCheck(CollectionDefinition collection, long documents, Deadline deadline, TopologyTracker tracker, ReadRouter reads,
            ClosedCuts cuts, Scheduler scheduler, RandomSource random) {
        this.collection = collection;
        this.documents = documents;
        this.deadline = deadline;
        this.tracker = tracker;
        this.reads = reads;
        this.cuts = cuts;
        this.scheduler = scheduler;
        this.random = random;
        this.calls = new DigestCalls(tracker, scheduler);
        this.all = KeyRange.collection(collection.id());
    }

    /** @throws AvilaError where this router doesn't know the collection's ranges yet */
    CompletableFuture<CollectionReport> start() {
        RegionMap map = tracker.map().map(tracker.own());
        List<Topology.Range> ranges = map == null ? List.of() : map.within(collection.id(), all);
        if (ranges.isEmpty()) {
            throw new AvilaError(ErrorCode.NOT_READY, "region " + tracker.own() + " doesn't serve the collection yet");
        }
        List<KeyRange> intervals = new ArrayList<>(ranges.stream().flatMap(range -> range.keys().intersect(all).stream()).toList());
        Collections.rotate(intervals, random.nextInt(intervals.size()));
        ahead.addAll(intervals);
        for (RegionId region : tracker.map().regionNames()) {
            regions.put(region, CollectionReport.Standing.NONE);
            if (!tracker.isReachable(region)) {
                missed(region, new AvilaError(ErrorCode.REGION_UNREACHABLE, "region " + region + " can't be reached"));
            }
        }
        return next().exceptionally(failure -> ended(error(failure)));
    }

    private static AvilaError error(Throwable failure) {
        return Failure.unwrap(failure) instanceof AvilaError known
                ? known
                : new AvilaError(ErrorCode.INTERNAL, "the check failed: " + Failure.unwrap(failure));
    }

    CollectionReport ended(@Nullable AvilaError failure) {
        return new CollectionReport(collection, Optional.ofNullable(cut), digest, ahead.isEmpty(), regions, nodes, differences, failure);
    }

    private CompletableFuture<CollectionReport> next() {
        KeyRange interval = ahead.peek();
        if (interval == null || digest.documents() >= documents || differences.size() >= MAX_DIFFERENCES) {
            return CompletableFuture.completedFuture(ended(null));
        }
        return newestCut().thenCompose(at -> end(interval, at).thenCompose(stretch -> compare(stretch, at, true).thenCompose(done -> {
            ahead.pop();
            interval.after(stretch).ifPresent(ahead::push);
            return next();
        })));
    }

    /** The newest that all regions that can be asked have reached. */
    private CompletableFuture<HybridTimestamp> newestCut() {
        List<CompletableFuture<Optional<HybridTimestamp>>> asked = asked().stream().map(region -> cuts
                .newest(region, collection.id(), all, deadline.atMost(Duration.ofSeconds(5))).handle((newest, failure) -> {
                    if (failure != null) {
                        missed(region, error(failure));
                    }
                    return failure == null ? Optional.of(newest) : Optional.<HybridTimestamp>empty();
                })).toList();
        return DigestCalls.all(asked).thenApply(newest -> newest.stream().flatMap(Optional::stream).min(HybridTimestamp::compareTo)
                .orElseThrow(() -> new AvilaError(ErrorCode.SNAPSHOT_NOT_REACHED, "no region can tell of a cut")));
    }

    private List<RegionId> asked() {
        return regions.entrySet().stream().filter(region -> region.getValue().missed() == null).map(Map.Entry::getKey).toList();
    }

    private synchronized void missed(RegionId region, AvilaError why) {
        regions.computeIfPresent(region, (name, standing) -> standing.withMissed(why));
    }

    /** The next stretch, by the own region's documents. */
    private CompletableFuture<KeyRange> end(KeyRange interval, HybridTimestamp at) {
        return reads.route(tracker.own(), map -> map.find(new DocumentKey(interval.start())),
                ReadConsistency.SNAPSHOT, calls.terms(at, deadline).token(), deadline,
                (node, range, terms) -> node
                        .history(new HistoryRequest.Digest(range.group(), range.ref(), interval, STRETCH, false, terms))
                        .thenApply(reply -> stretch(interval, range, (HistoryReply.Digest) reply)))
                .thenApply(ReadRouter.Answer::reply);
    }

    private static KeyRange stretch(KeyRange interval, Topology.Range range, HistoryReply.Digest reply) {
        KeyRange here = range.keys().intersect(interval).orElse(interval);
        return reply.upTo().map(last -> new KeyRange(here.start(), Arrays.copyOf(last.bytes(), last.bytes().length + 1))).orElse(here);
    }

    private CompletableFuture<Void> compare(KeyRange stretch, HybridTimestamp at, boolean first) {
        return DigestCalls.all(asked().stream().map(region -> calls.part(region, collection.id(), stretch, at, deadline)).toList())
                .thenCompose(parts -> {
                    boolean same = isSame(parts);
                    boolean torn = parts.stream().anyMatch(part -> part.digest().isEmpty());
                    if (first && (!same || torn)) {
                        return secondLook(stretch);
                    }
                    cut = at;
                    parts.forEach(this::tally);
                    own(parts).flatMap(RegionPart::digest).ifPresent(sum -> digest = digest.plus(sum));
                    return same ? CompletableFuture.completedFuture(null) : search(parts, at);
                });
    }

    private CompletableFuture<Void> secondLook(KeyRange stretch) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tracker.map().regionNames().forEach(tracker::refresh);
        scheduler.schedule(SECOND_LOOK, () -> {
            var unused = newestCut().thenCompose(later -> compare(stretch, later, false)).whenComplete((compared, failure) -> {
                if (failure == null) {
                    done.complete(compared);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        });
        return done;
    }

    private Optional<RegionPart> own(List<RegionPart> parts) {
        return parts.stream().filter(part -> part.region().equals(tracker.own())).findFirst();
    }

    private static boolean isSame(List<RegionPart> parts) {
        return parts.stream().flatMap(part -> part.digest().stream()).distinct().count() <= 1
                && parts.stream().flatMap(part -> part.pieces().stream()).allMatch(piece -> piece.deviating().isEmpty());
    }

    private void tally(RegionPart part) {
        long compared = part.digest().map(StateDigest::documents).orElse(0L);
        regions.computeIfPresent(part.region(), (name, standing) -> standing.withCompared(compared));
        boolean told = true;
        for (RegionPart.Piece piece : part.pieces()) {
            told &= piece.representative().isPresent();
            for (RegionPart.Replica replica : piece.replicas()) {
                CollectionReport.Standing before = nodes.getOrDefault(replica.node(), CollectionReport.Standing.NONE);
                nodes.put(replica.node(), replica.answer() != null
                        ? before.withCompared(replica.answer().digest().documents())
                        : replica.failure() != null ? before.withMissed(replica.failure()) : before);
            }
        }
        if (!told || part.pieces().isEmpty()) {
            missed(part.region(), new AvilaError(ErrorCode.NO_LEADER, "no replica of some of the keys has answered"));
        }
    }

    private CompletableFuture<Void> search(List<RegionPart> parts, HybridTimestamp at) {
        List<CompletableFuture<Void>> searches = new ArrayList<>();
        for (RegionPart part : parts) {
            for (RegionPart.Piece piece : part.pieces()) {
                piece.representative().ifPresent(right -> piece.deviating().forEach(wrong -> {
                    nodes.computeIfPresent(wrong.node(), (name, standing) -> standing.withDifference());
                    searches.add(listed(List.of(piece), at, Optional.of(wrong.node())).thenCombine(listed(List.of(piece), at,
                            Optional.of(right.node())),
                            (there, here) -> found(there, here, wrong.node().toString(),
                                    right.node().toString())));
                }));
            }
        }
        Optional<RegionPart> own = own(parts);
        Optional<StateDigest> expected = own.flatMap(RegionPart::digest);
        for (RegionPart part : parts) {
            if (expected.isPresent() && part.digest().isPresent() && !part.digest().equals(expected)) {
                regions.computeIfPresent(part.region(), (name, standing) -> standing.withDifference());
                searches.add(listed(part.pieces(), at, Optional.empty()).thenCombine(listed(own.get().pieces(), at, Optional.empty()),
                        (there, here) -> found(there, here, part.region().name(), tracker.own().name())));
            }
        }
        return DigestCalls.all(searches).thenApply(done -> null);
    }

    /** Documents' digests by key. @param node this one's; without it those of each piece's representative */
    private CompletableFuture<TreeMap<DocumentKey, StateDigest>> listed(List<RegionPart.Piece> pieces, HybridTimestamp at,
            Optional<NodeId> node) {
        List<CompletableFuture<HistoryReply.Digest>> asked = pieces.stream().map(piece -> calls.each(
                node.orElseGet(() -> piece.representative().orElseThrow().node()), piece.range(), piece.keys(), at, deadline)).toList();
        return DigestCalls.all(asked).thenApply(replies -> {
            TreeMap<DocumentKey, StateDigest> each = new TreeMap<>();
            replies.forEach(reply -> reply.each().forEach(one -> each.put(one.key(), one.digest())));
            return each;
        });
    }

    private synchronized @Nullable Void found(TreeMap<DocumentKey, StateDigest> there, TreeMap<DocumentKey, StateDigest> here, String place,
            String reference) {
        TreeMap<DocumentKey, StateDigest> keys = new TreeMap<>(here);
        keys.putAll(there);
        for (DocumentKey key : keys.keySet()) {
            StateDigest one = there.get(key);
            StateDigest other = here.get(key);
            if (differences.size() < MAX_DIFFERENCES && (one == null || !one.equals(other))) {
                differences.add(new Difference(key, one == null
                        ? Difference.Kind.MISSING
                        : other == null ? Difference.Kind.EXTRA : Difference.Kind.DIFFERENT, place, reference));
            }
        }
        return null;
    }
}
