package io.aviladb.router.fake;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.StateDigest;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.MemberReply;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.proto.node.StatusRequest;
import io.aviladb.proto.node.StreamRequest;
import io.aviladb.proto.node.TermReply;
import io.aviladb.proto.node.TermRequest;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteReply;
import io.aviladb.proto.node.WriteRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A node of a {@link FakeCluster}: refuses what it doesn't lead, and fails as a test tells it to. */
public final class FakeNode implements NodeApi {
    private final FakeCluster cluster;
    private final NodeId self;
    private final Queue<CompletableFuture<Topology>> polls = new ConcurrentLinkedQueue<>();
    /** Whether the node can't be reached. */
    public volatile boolean down;
    /** Whether refusals name the leader. */
    public volatile boolean givesHints = true;
    /** What the next writes fail with, before they are applied. */
    public final Queue<Throwable> failBefore = new ConcurrentLinkedQueue<>();
    /** What the next writes fail with, after they were applied. */
    public final Queue<Throwable> failAfter = new ConcurrentLinkedQueue<>();
    /** Writes wait for this, where it is set. */
    public volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    public final AtomicInteger writes = new AtomicInteger();
    public final AtomicInteger reads = new AtomicInteger();
    public final AtomicInteger fragments = new AtomicInteger();
    /** What the next fragments fail with. */
    public final Queue<Throwable> failFragments = new ConcurrentLinkedQueue<>();
    /** Documents of which this node's replicas, and nobody else's, have something else. */
    public final Map<DocumentKey, FakeStore.Row> damaged = new ConcurrentHashMap<>();
    public final AtomicInteger rangeRequests = new AtomicInteger();
    public final AtomicInteger confirms = new AtomicInteger();

    FakeNode(FakeCluster cluster, NodeId self) {
        this.cluster = cluster;
        this.self = self;
    }

    private FakeCluster.FakeRegion region() {
        return cluster.region(self.region().name());
    }

    private <A> CompletableFuture<A> answer(Supplier<A> work) {
        if (down) {
            return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.REGION_UNREACHABLE, self + " is down"));
        }
        try {
            return CompletableFuture.completedFuture(work.get());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void mustLead(int group) {
        NodeId leader = region().leaders.get(group);
        if (!self.equals(leader)) {
            throw NodeRefusal.notLeader(group, givesHints ? Optional.ofNullable(leader) : Optional.empty());
        }
    }

    @Override
    public CompletableFuture<WriteReply> write(WriteRequest request) {
        writes.incrementAndGet();
        return gate.thenCompose(open -> answer(() -> {
            mustLead(request.group());
            Throwable before = failBefore.poll();
            if (before instanceof RuntimeException e) {
                throw e;
            }
            List<UnitAnswer> answers = new ArrayList<>();
            request.units().forEach(unit -> {
                unit.ranges().forEach(ref -> cluster.checkRange(region(), ref));
                answers.add(region().store.apply(request.group(), unit));
            });
            Throwable after = failAfter.poll();
            if (after instanceof RuntimeException e) {
                throw e;
            }
            return new WriteReply(answers);
        }));
    }

    private void serves(int group, RangeRef range, ReadTerms terms) {
        reads.incrementAndGet();
        boolean bounded = terms.consistency() == ReadConsistency.BOUNDED;
        boolean isThere = bounded && region().store.hasReached(terms.token());
        if (terms.consistency() != ReadConsistency.EVENTUAL && !isThere) {
            mustLead(group);
        }
        if (terms.consistency() == ReadConsistency.SNAPSHOT) {
            region().store.close(terms.token().highest());
            if (!region().store.hasReached(terms.token())) {
                throw NodeRefusal.of(ErrorCode.SNAPSHOT_NOT_REACHED, "not all up to " + terms.token() + " is here");
            }
            if (terms.token().highest().compareTo(region().store.horizon) < 0) {
                throw NodeRefusal.of(ErrorCode.SNAPSHOT_TOO_OLD, "gone");
            }
        }
        if (bounded && !isThere) {
            throw NodeRefusal.of(ErrorCode.STALENESS_NOT_MET, "not all up to " + terms.token() + " is here");
        }
        if (terms.consistency() == ReadConsistency.SESSION && !region().store.hasReached(terms.token())) {
            throw NodeRefusal.of(ErrorCode.SESSION_NOT_REACHED, "not all of " + terms.token() + " is here");
        }
        cluster.checkRange(region(), range);
    }

    @Override
    public CompletableFuture<ReadReply> read(ReadRequest request) {
        return answer(() -> {
            serves(request.group(), request.range(), request.terms());
            synchronized (region().store) {
                FakeStore.Row row = region().store.seen(request.terms()).get(request.key());
                return row == null
                        ? new ReadReply(Optional.empty(), VersionVector.EMPTY, VersionVector.EMPTY)
                        : new ReadReply(Optional.of(row.json()), row.vector(), row.vector(),
                                region().store.siblings.getOrDefault(request.key(), List.of()));
            }
        });
    }

    @Override
    public CompletableFuture<ScanReply> scan(ScanRequest request) {
        return answer(() -> {
            serves(request.group(), request.range(), request.terms());
            List<ScanReply.Row> rows = new ArrayList<>();
            boolean more = false;
            int bytes = 0;
            int keys = 0;
            DocumentKey last = new DocumentKey(request.interval().start());
            VersionVector covered = region().store.covered();
            synchronized (region().store) {
                for (Map.Entry<DocumentKey, FakeStore.Row> entry : region().store.seen(request.terms()).entrySet()) {
                    DocumentKey key = entry.getKey();
                    boolean wanted = request.interval().contains(key)
                            && (request.after().isEmpty() || key.compareTo(request.after().get()) > 0);
                    if (!wanted) {
                        continue;
                    }
                    boolean known = request.beyond().filter(beyond -> beyond.covers(entry.getValue().vector())).isPresent();
                    bytes += known ? 0 : entry.getValue().json().length;
                    boolean full = !rows.isEmpty() && (rows.size() >= request.maxDocuments() || bytes > request.maxBytes());
                    if (full || request.maxDocuments() == 0 || keys >= request.maxKeys()) {
                        more = true;
                        break;
                    }
                    keys++;
                    last = key;
                    if (known) {
                        continue;
                    }
                    FakeStore.Row row = entry.getValue();
                    if (row.json().length > 0) {
                        rows.add(ScanReply.Row.live(key, request.countOnly() ? new byte[0] : row.json(), row.vector()));
                    } else if (request.deletes()) {
                        rows.add(ScanReply.Row.deleted(key, row.vector()));
                    }
                }
            }
            return new ScanReply(rows, more, more && keys > 0 ? Optional.of(last) : Optional.empty(), VersionVector.EMPTY, covered,
                    region().store.closed());
        });
    }

    @Override
    public CompletableFuture<HistoryReply> history(HistoryRequest request) {
        return answer(() -> {
            if (request instanceof HistoryRequest.Digest) { // any replica that has reached the cut
                region().store.close(request.terms().token().highest());
                cluster.checkRange(region(), request.range());
            } else {
                serves(request.group(), request.range(), request.terms());
            }
            synchronized (region().store) {
                return switch (request) {
                    case HistoryRequest.Conflicts conflicts -> conflicts(conflicts);
                    case HistoryRequest.Versions versions -> versions(versions);
                    case HistoryRequest.Tombstones tombstones -> region().store.tombstones;
                    case HistoryRequest.Digest digest -> digest(digest);
                };
            }
        });
    }

    private HistoryReply digest(HistoryRequest.Digest request) {
        TreeMap<DocumentKey, FakeStore.Row> rows = new TreeMap<>(region().store.seen(request.terms()));
        rows.keySet().removeIf(key -> !request.interval().contains(key));
        damaged.forEach((key, row) -> rows.computeIfPresent(key, (there, right) -> row));
        StateDigest sum = StateDigest.EMPTY;
        List<HistoryReply.DocumentDigest> each = new ArrayList<>();
        for (Map.Entry<DocumentKey, FakeStore.Row> row : rows.entrySet()) {
            if (each.size() == request.maxKeys()) {
                return new HistoryReply.Digest(sum, Optional.of(each.getLast().key()), each);
            }
            StateDigest one = StateDigest.of(row.getKey().bytes(), row.getValue().json(), row.getValue().vector());
            sum = sum.plus(one);
            each.add(new HistoryReply.DocumentDigest(row.getKey(), one));
        }
        return new HistoryReply.Digest(sum, Optional.empty(), request.each() ? each : List.of());
    }

    private HistoryReply conflicts(HistoryRequest.Conflicts request) {
        byte[] after = request.after().map(ConflictId::encode).orElse(new byte[0]);
        List<HistoryReply.Conflict> rows = region().store.conflicts.tailMap(after, false).values().stream()
                .filter(row -> request.interval().contains(row.id().key()))
                .filter(row -> ConflictRecord.recordedAtOf(row.record()).compareTo(request.since()) >= 0).toList();
        boolean more = rows.size() > request.maxRows();
        List<HistoryReply.Conflict> page = more ? rows.subList(0, request.maxRows()) : rows;
        return new HistoryReply.Conflicts(page, more ? Optional.of(page.getLast().id()) : Optional.empty());
    }

    private HistoryReply versions(HistoryRequest.Versions request) {
        FakeStore.Row head = region().store.rows.get(request.key());
        List<HistoryReply.Row> rows = region().store.versions.getOrDefault(request.key(), List.of()).stream()
                .filter(row -> request.only().isEmpty() || request.only().get().equals(row.version())).toList();
        return new HistoryReply.Versions(head == null ? VersionVector.EMPTY : head.vector(), head != null, rows, false);
    }

    @Override
    public CompletableFuture<DefineReply> define(DefineRequest request) {
        if (request instanceof DefineRequest.Confirm) {
            confirms.incrementAndGet();
        }
        return answer(() -> {
            NodeId leader = new NodeId(cluster.regions.keySet().iterator().next(), 1);
            if (!self.equals(leader)) {
                throw NodeRefusal.notLeader(FakeCluster.CATALOG, Optional.of(leader));
            }
            return new DefineReply(cluster.define(request));
        });
    }

    @Override
    public CompletableFuture<MemberReply> members(MemberRequest request) {
        return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.NOT_IMPLEMENTED, "this fake's nodes stay"));
    }

    @Override
    public CompletableFuture<RangeReply> ranges(RangeRequest request) {
        rangeRequests.incrementAndGet();
        return answer(() -> {
            if (self.ordinal() != 1) {
                throw NodeRefusal.notLeader(FakeCluster.CONTROLLER,
                        givesHints ? Optional.of(new NodeId(self.region(), 1)) : Optional.empty());
            }
            RangeReply reply = cluster.ranges(region(), request);
            if (failAfter.poll() instanceof RuntimeException lost) {
                throw lost;
            }
            return reply;
        });
    }

    @Override
    public CompletableFuture<Topology> topology(TopologyRequest request) {
        if (!down && request.waitMillis() > 0 && request.known() == cluster.version) {
            CompletableFuture<Topology> poll = new CompletableFuture<>();
            polls.add(poll);
            poll.orTimeout(request.waitMillis(), TimeUnit.MILLISECONDS);
            return poll;
        }
        return answer(() -> cluster.topology(self));
    }

    void publish() {
        Queue<CompletableFuture<Topology>> waiting = new ArrayDeque<>();
        for (CompletableFuture<Topology> poll = polls.poll(); poll != null; poll = polls.poll()) {
            waiting.add(poll);
        }
        waiting.forEach(poll -> {
            if (down) {
                poll.completeExceptionally(NodeRefusal.of(ErrorCode.REGION_UNREACHABLE, "down"));
            } else {
                poll.complete(cluster.topology(self));
            }
        });
    }

    /** The node can't be reached from now on. */
    public void goDown() {
        down = true;
        publish();
    }

    @Override
    public CompletableFuture<NodeStatus> status(StatusRequest request) {
        return answer(() -> new NodeStatus(self,
                region().leaders.entrySet().stream()
                        .map(entry -> new NodeStatus.Group(entry.getKey(), Topology.GroupKind.DATA, Optional.of(entry.getValue()),
                                entry.getValue().equals(self), 1, 10, HybridTimestamp.ofMillis(5), 1, true, 0))
                        .toList(),
                cluster.regions.keySet().stream().filter(other -> !other.equals(self.region()))
                        .map(other -> new NodeStatus.Link(other, self.region(), 1, 2, 40, 3, "streaming", 0, 0)).toList(),
                false, 1L << 30, request.sizes() ? region().measured(self) : List.of()));
    }

    @Override
    public CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request) {
        return answer(() -> {
            mustLead(request.group());
            FakeCluster.FakeRegion region = region();
            List<UnconfirmedReply.Coverage> coverage = region.ranges.stream().filter(range -> range.group() == request.group())
                    .map(range -> new UnconfirmedReply.Coverage(range.keys(), cluster.arrived(region),
                            region.acknowledged.entrySet().stream()
                                    .map(said -> new UnconfirmedReply.Acknowledged(said.getKey(), said.getValue())).toList()))
                    .toList();
            return new UnconfirmedReply(region.store.closed(), coverage, request.parts().stream().map(region.store::above).toList());
        });
    }

    @Override
    public CompletableFuture<TermReply> currentTerm(TermRequest request) {
        return answer(() -> new TermReply(1, 0, -1, true));
    }

    @Override
    public CompletableFuture<JoinReply> join(JoinRequest request) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("routers don't join"));
    }

    @Override
    public CompletableFuture<FaultSet> setFaults(FaultSet faults) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("routers don't set faults"));
    }

    @Override
    public NodeStream open(StreamRequest request, NodeStream.Receiver receiver) {
        try {
            if (down) {
                throw NodeRefusal.of(ErrorCode.REGION_UNREACHABLE, self + " is down");
            } else if (request.kind() != StreamRequest.Kind.QUERY) {
                throw new UnsupportedOperationException("routers open no other streams");
            }
            FragmentRequest asked = FragmentRequest.decode(request.payload());
            serves(request.group(), asked.range(), asked.terms());
            fragments.incrementAndGet();
            if (failFragments.poll() instanceof RuntimeException e) {
                throw e;
            }
            Topology.Range range = cluster.range(region(), asked.range());
            return new FakeFragment(region().store, cluster.strategy(range.collection()), range.keys(), asked, receiver);
        } catch (RuntimeException e) {
            receiver.onError(e);
            return new NodeStream() {
                @Override
                public void request(int frames) {
                    // Nothing follows a refusal.
                }

                @Override
                public void cancel() {
                    // Nothing to end.
                }
            };
        }
    }
}
