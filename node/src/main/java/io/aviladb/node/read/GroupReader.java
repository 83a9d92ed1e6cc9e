package io.aviladb.node.read;

import io.aviladb.core.version.Version;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.Document;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.conflict.Siblings;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.expiry.Expiry;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.range.Expiries;
import io.aviladb.node.range.Heads;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.PastStates;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.Reads;
import io.aviladb.storage.head.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Reads at this replica. Strong: after a majority has confirmed the leader's term, so that no later leader can have acknowledged anything that
 * is missing here. Session: once this replica has what the token names, or, on the leader, after the same confirmation for the region's own part.
 * Bounded: once this replica has all that any region wrote up to a time. Snapshot: as bounded, and without what was written later. Eventual: what
 * is here.
 */
public final class GroupReader {
    private static final int MAX_REREADS = 16;

    private final RaftGroup raft;
    private final RangeMachine machine;
    private final RegionIncarnation self;
    private final Runnable wantTick;
    private volatile Runnable wantMarks = () -> {};
    private final Scheduler scheduler;
    private final Executor executor;
    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    private record Waiter(Supplier<Boolean> reached, CompletableFuture<Void> signal) {}

    /**
     * @param wantTick asks the leader, if it is here, to close the group
     * @param executor where the store is read, which may wait for the disk: never a thread that serves connections
     */
    public GroupReader(RaftGroup raft, RangeMachine machine, RegionIncarnation self, Runnable wantTick, Scheduler scheduler,
            Executor executor) {
        this.raft = raft;
        this.machine = machine;
        this.self = self;
        this.wantTick = wantTick;
        this.scheduler = scheduler;
        this.executor = executor;
        machine.onApplied(this::wake);
    }

    /** @param marks asks the groups of other regions that this one pulls from to say soon how far they are */
    public void onMarksWanted(Runnable marks) {
        wantMarks = marks;
    }

    private void wake() {
        if (waiters.isEmpty()) {
            return;
        }
        waiters.removeIf(waiter -> {
            if (waiter.reached().get()) {
                waiter.signal().completeAsync(() -> null, executor); // off the apply thread
                return true;
            }
            return waiter.signal().isDone();
        });
    }

    public CompletableFuture<ReadReply> read(ReadRequest request) {
        return reached(request.terms(), request.range()).thenApplyAsync(met -> readNow(request), executor);
    }

    public CompletableFuture<ScanReply> scan(ScanRequest request) {
        return reached(request.terms(), request.range()).thenApplyAsync(met -> scanNow(request), executor);
    }

    public CompletableFuture<HistoryReply> history(HistoryRequest request) {
        return reached(request.terms(), request.range()).thenApplyAsync(met -> {
            OwnedRange range = owner(request.range());
            try (ReadView view = store().view()) {
                return request instanceof HistoryRequest.Tombstones tombstones
                        ? TombstoneReads.read(tombstones, range, view, self, machine.regions())
                        : HistoryReads.read(request, range, view);
            }
        }, executor);
    }

    /** Completes when the demand is met here; fails with {@link NodeRefusal}. */
    public CompletableFuture<Void> reached(ReadTerms terms, RangeRef ref) {
        return switch (terms.consistency()) {
            case EVENTUAL -> CompletableFuture.completedFuture(null);
            case STRONG -> confirmed();
            case SESSION -> session(terms, ref);
            case BOUNDED -> bounded(terms, ref);
            case SNAPSHOT -> snapshot(terms, ref);
            case PREFIX -> CompletableFuture.failedFuture(
                    NodeRefusal.of(ErrorCode.NOT_IMPLEMENTED, "a router chooses the cut of a prefix read, and asks for the snapshot"));
        };
    }

    private CompletableFuture<Void> confirmed() {
        Leadership leadership = raft.leadership();
        if (!leadership.ready()) {
            return CompletableFuture.failedFuture(NodeRefusal.notLeader(raft.descriptor().number(), leadership.leader()));
        }
        return raft.confirmReadIndex().thenCompose(raft::awaitApplied)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refusal(failure)));
    }

    private NodeRefusal refusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NodeRefusal refused) {
            return refused;
        }
        return NodeRefusal.notLeader(raft.descriptor().number(),
                cause instanceof ProposalFailure known ? known.leader() : Optional.empty());
    }

    private CompletableFuture<Void> session(ReadTerms terms, RangeRef ref) {
        VersionVector token = terms.token();
        boolean ownReached = machine.lastStamp().compareTo(token.at(self)) >= 0;
        CompletableFuture<Void> own = ownReached ? CompletableFuture.completedFuture(null) : confirmed();
        return own.thenCompose(reached -> covered(List.of(ref), token, terms.timeoutMillis()));
    }

    /**
     * At once where this replica has all that was written up to the bound. Only a leader waits for what it lacks: it knows what its own region
     * has acknowledged, and asks the others to close.
     */
    private CompletableFuture<Void> bounded(ReadTerms terms, RangeRef ref) {
        List<RangeRef> refs = List.of(ref);
        VersionVector bound = terms.token();
        boolean ownReached = machine.lastStamp().compareTo(bound.at(self)) >= 0;
        if (ownReached && isCoveredNow(refs, bound)) {
            return CompletableFuture.completedFuture(null);
        }
        return confirmed().thenCompose(confirmed -> {
            if (!isCoveredNow(refs, bound)) {
                wantMarks.run();
            }
            return covered(refs, bound, terms.timeoutMillis(), ErrorCode.STALENESS_NOT_MET);
        });
    }

    /**
     * At once where this replica has all up to the cut: what a group has closed no later leader opens. Only a leader waits for what is missing: it
     * can close its group, and asks the others to.
     */
    private CompletableFuture<Void> snapshot(ReadTerms terms, RangeRef ref) {
        HybridTimestamp cut = terms.token().highest();
        VersionVector demand = at(cut, terms.token());
        Supplier<Boolean> reached = () -> machine.lastStamp().compareTo(cut) >= 0 && isCoveredNow(List.of(ref), demand);
        if (reached.get()) {
            return CompletableFuture.completedFuture(null);
        }
        Leadership leadership = raft.leadership();
        if (!leadership.ready()) {
            return CompletableFuture.failedFuture(NodeRefusal.notLeader(raft.descriptor().number(), leadership.leader()));
        }
        wantMarks.run();
        return await(reached, terms.timeoutMillis(), ErrorCode.SNAPSHOT_NOT_REACHED, "all up to " + cut);
    }

    /** All regions up to the cut: those that the router knows, and those that count here. */
    private VersionVector at(HybridTimestamp cut, VersionVector known) {
        VersionVector all = known;
        for (RegionIncarnation region : machine.regions()) {
            all = all.with(region, cut);
        }
        return all;
    }

    /** Completes when all the ranges have covered what the token names of other regions; refuses when the time is over. */
    public CompletableFuture<Void> covered(List<RangeRef> refs, VersionVector token, long timeoutMillis) {
        return covered(refs, token, timeoutMillis, ErrorCode.SESSION_NOT_REACHED);
    }

    private CompletableFuture<Void> covered(List<RangeRef> refs, VersionVector token, long timeoutMillis, ErrorCode otherwise) {
        if (isCoveredNow(refs, token)) {
            return CompletableFuture.completedFuture(null);
        }
        return await(() -> isCoveredNow(refs, token), timeoutMillis, otherwise, "all of " + token);
    }

    private CompletableFuture<Void> await(Supplier<Boolean> reached, long timeoutMillis, ErrorCode otherwise, String what) {
        wantTick.run();
        CompletableFuture<Void> signal = new CompletableFuture<>();
        waiters.add(new Waiter(reached, signal));
        Scheduler.Task timer = scheduler.schedule(Duration.ofMillis(timeoutMillis), () -> signal.completeExceptionally(
                NodeRefusal.of(otherwise, "within " + timeoutMillis + " ms this region didn't get " + what)));
        wake();
        return signal.whenComplete((done, failure) -> timer.cancel());
    }

    /** Whether the ranges have everything that the token names of other regions. */
    public boolean isCoveredNow(List<RangeRef> refs, VersionVector token) {
        return refs.stream().allMatch(ref -> isCovered(ref, token));
    }

    private boolean isCovered(RangeRef ref, VersionVector token) {
        OwnedRange range = machine.ranges().get(ref.range());
        return range == null || range.covered().with(self, token.at(self)).covers(token);
    }

    /**
     * A range in one state of the group. Whoever opens it closes the view.
     *
     * @param state all that any region wrote up to it is in the view
     */
    public record Opened(OwnedRange range, ReadView view, VersionVector state) {}

    /** The range as it is now. Blocks on the disk. @throws NodeRefusal where the range isn't here, or no longer the same */
    public Opened open(RangeRef ref) {
        owner(ref);
        ReadView view = store().view();
        try {
            OwnedRange range = RangeMachine.rangeIn(view, ref.range()).filter(there -> there.ref().equals(ref))
                    .orElseThrow(() -> NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + ref.range() + " is changing"));
            return new Opened(range, view, range.covered().with(self, view.applied().stamp()));
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
    }

    private OwnedRange owner(RangeRef ref) {
        OwnedRange range = machine.ranges().get(ref.range());
        if (range == null) {
            Optional<String> gone = machine.transfers().whereabouts(ref);
            if (gone.isPresent()) {
                throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + ref.range() + " isn't here: " + gone.get());
            }
            throw NodeRefusal.of(raft.leadership().ready() ? ErrorCode.RANGE_MOVED : ErrorCode.NOT_READY,
                    "range " + ref.range() + " isn't here");
        }
        if (range.ref().epoch() != ref.epoch()) {
            throw NodeRefusal.of(ErrorCode.RANGE_MOVED, "range " + ref.range() + " is at epoch " + range.ref().epoch());
        }
        return range;
    }

    private GroupStore store() {
        GroupStore store = machine.storeOrNull();
        if (store == null) {
            throw NodeRefusal.of(ErrorCode.STORAGE_DAMAGED, "the replica is closed or installs a snapshot");
        }
        return store;
    }

    private ReadReply readNow(ReadRequest request) {
        OwnedRange range = owner(request.range());
        GroupStore store = store();
        if (request.terms().consistency() == ReadConsistency.SNAPSHOT) {
            return readPast(request, range, store);
        }
        for (int attempt = 0; attempt < MAX_REREADS; attempt++) {
            HybridTimestamp at = machine.lastStamp(); // before the head: a later one may lie beyond an extension that the head doesn't have
            Head head = store.head(request.key());
            if (head == null) {
                return new ReadReply(Optional.empty(), VersionVector.EMPTY, range.forgotten(request.key()));
            }
            if (head.deleted() || Expiries.isOver(head, at)) {
                return new ReadReply(Optional.empty(), head.vector(), head.vector());
            }
            Optional<LiveVersions> live = Heads.liveVersions(head, request.key(), store);
            if (live.isPresent()) {
                PolicyHistory policies = range.collection().policies();
                return new ReadReply(live.get().read(policies).map(Document::json), head.vector(), head.vector(),
                        siblings(live.get(), policies));
            }
        }
        throw NodeRefusal.of(ErrorCode.OVERLOADED, "the document changes faster than it can be read");
    }

    private static ReadReply readPast(ReadRequest request, OwnedRange range, GroupStore store) {
        try (ReadView view = store.view()) {
            LiveVersions then = PastStates.at(request.terms().token().highest(), view).of(request.key());
            VersionVector seen = then.isEmpty() ? range.forgotten(request.key()) : then.vector();
            Optional<byte[]> json = Expiry.read(then, range.collection().policies(), range.collection().ttl(),
                    request.terms().token().highest()).map(Document::json);
            return new ReadReply(json, then.vector(), seen, siblings(then, range.collection().policies()));
        }
    }

    private static List<Version> siblings(LiveVersions live, PolicyHistory policies) {
        return Siblings.are(live, policies) ? live.versions().stream().map(LiveVersion::version).toList() : List.of();
    }

    private ScanReply scanNow(ScanRequest request) {
        Opened opened = open(request.range());
        try (ReadView view = opened.view()) {
            OwnedRange range = opened.range();
            // The range was read before the view: what it says is covered is in the view.
            VersionVector covered = range.covered().with(self, view.applied().stamp());
            Optional<KeyRange> interval = range.keys().intersect(request.interval());
            List<ScanReply.Row> rows = new ArrayList<>();
            if (interval.isEmpty()) {
                return new ScanReply(rows, false, Optional.empty(), VersionVector.EMPTY, covered, view.applied().stamp());
            }
            PastStates past = request.terms().consistency() == ReadConsistency.SNAPSHOT
                    ? PastStates.at(request.terms().token().highest(), view)
                    : null;
            VersionVector[] seen = {range.forgotten(interval.get())};
            DocumentKey[] last = {new DocumentKey(interval.get().start())};
            int[] keys = {0};
            boolean[] more = {false};
            long[] bytes = {0};
            view.scanHeads(interval.get(), request.after().orElse(null), (key, head) -> {
                if (rows.size() >= request.maxDocuments() || bytes[0] >= request.maxBytes() || keys[0] >= request.maxKeys()) {
                    more[0] = true;
                    return false;
                }
                keys[0]++;
                last[0] = key;
                if (past != null && past.isOlderThan(head)) {
                    LiveVersions then = past.of(key);
                    if (!then.isEmpty()) {
                        seen[0] = seen[0].join(then.vector());
                        bytes[0] += row(key, then, range, request, rows);
                    }
                    return true;
                }
                if (request.beyond().filter(known -> known.covers(head.vector())).isPresent()) {
                    return true;
                }
                seen[0] = seen[0].join(head.vector());
                HybridTimestamp at = past == null ? view.applied().stamp() : request.terms().token().highest();
                if (!head.deleted() && !Expiries.isOver(head, at)) {
                    byte[] json = request.countOnly() ? new byte[0] : document(view, key, head, range).json();
                    rows.add(ScanReply.Row.live(key, json, head.vector()));
                    bytes[0] += json.length;
                } else if (request.deletes()) {
                    rows.add(ScanReply.Row.deleted(key, head.vector()));
                }
                return true;
            });
            Optional<DocumentKey> upTo = more[0] && keys[0] > 0 ? Optional.of(last[0]) : Optional.empty();
            return new ScanReply(rows, more[0], upTo, seen[0], covered, view.applied().stamp());
        }
    }

    /** @return its bytes */
    private static int row(DocumentKey key, LiveVersions then, OwnedRange range, ScanRequest request, List<ScanReply.Row> rows) {
        Optional<byte[]> json = Expiry.read(then, range.collection().policies(), range.collection().ttl(),
                request.terms().token().highest()).map(Document::json);
        if (json.isPresent()) {
            byte[] body = request.countOnly() ? new byte[0] : json.get();
            rows.add(ScanReply.Row.live(key, body, then.vector()));
            return body.length;
        } else if (request.deletes()) {
            rows.add(ScanReply.Row.deleted(key, then.vector()));
        }
        return 0;
    }

    /** The document of a head that isn't deleted, as a reader sees it. @param view that the head is from */
    public static Document document(Reads view, DocumentKey key, Head head, OwnedRange range) {
        LiveVersions live = Heads.liveVersions(head, key, view)
                .orElseThrow(() -> new IllegalStateException("a view holds the head of " + key + " without its versions"));
        return live.read(range.collection().policies())
                .orElseThrow(() -> new IllegalStateException("a head says live, its versions deleted"));
    }
}
