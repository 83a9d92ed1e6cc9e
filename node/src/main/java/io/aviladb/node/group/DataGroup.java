package io.aviladb.node.group;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.range.CollectorPlan;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.IndexBuilder;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.RangeLoads;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.node.range.WriteBatcher;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.spi.LocalProposer;
import io.aviladb.storage.GroupStore;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** One data group's replica here. What only a leader does, {@link #upkeep} does when this replica leads. */
public final class DataGroup implements LocalProposer {
    /** A tick follows writes after this time, so that other regions and sessions aren't kept waiting. */
    private static final long BUSY_TICK_MILLIS = 1_000;
    private static final long IDLE_TICK_MILLIS = 5_000;
    /** Ticks that somebody waits for come at most so often. */
    private static final long WANTED_TICK_MILLIS = 20;
    private static final long COLLECT_MILLIS = 500;
    /** Feed waits for a region that doesn't pull; longer absence is answered by a re-base. */
    private static final long MAX_FEED_MILLIS = 6L * 3_600_000;

    private final RaftGroup raft;
    private final RangeMachine machine;
    private final WriteBatcher batcher;
    private final GroupReader reader;
    private final HybridLogicalClock clock;
    private final CollectorPlan plan;
    private final IndexBuilder indexes;
    private final RangeLoads loads = new RangeLoads();
    private final AtomicLong dataEntries = new AtomicLong(); // since start: what makes a tick worth it
    private volatile boolean tickWanted;
    private long lastTickMillis; // owned by the upkeep thread, as are the following
    private long lastCollectMillis;
    private long entriesAtTick;

    /**
     * @param reads where the store is read for requests
     * @param nanoTime monotonic, for the deadlines of writes
     */
    public DataGroup(RaftGroup raft, RangeMachine machine, RegionIncarnation self, HybridLogicalClock clock, Scheduler scheduler,
            Executor reads, long retentionMillis, LongSupplier nanoTime) {
        this.raft = raft;
        this.machine = machine;
        this.clock = clock;
        this.batcher = new WriteBatcher(raft, clock, nanoTime);
        this.reader = new GroupReader(raft, machine, self, this::wantTick, scheduler, reads);
        this.indexes = new IndexBuilder(machine);
        this.plan = new CollectorPlan(machine, self, retentionMillis, MAX_FEED_MILLIS);
    }

    public GroupDescriptor descriptor() {
        return raft.descriptor();
    }

    public RaftGroup raft() {
        return raft;
    }

    public RangeMachine machine() {
        return machine;
    }

    public GroupReader reader() {
        return reader;
    }

    public WriteBatcher batcher() {
        dataEntries.incrementAndGet();
        return batcher;
    }

    public boolean leads() {
        return raft.leadership().ready() && machine.storeOrNull() != null;
    }

    /** Somebody waits until the group is closed beyond now. */
    public void wantTick() {
        tickWanted = true;
    }

    public CompletableFuture<Object> propose(GroupEntry entry) {
        GroupEntry.Stamped stamped = new GroupEntry.Stamped(clock.now(), entry);
        return raft.propose(GroupEntry.encode(stamped.reading(), entry), new RangeMachine.Proposed(stamped));
    }

    @Override
    public CompletableFuture<Outcome> propose(LinkBatch batch) {
        if (!batch.changes().isEmpty()) {
            dataEntries.incrementAndGet();
        }
        return propose(new GroupEntry.Pulled(batch)).thenApply(answer -> (Outcome) answer);
    }

    /** Called every few milliseconds by one thread. */
    public void upkeep(long nowMillis) {
        loads.roll(nowMillis, machine.ranges().values());
        batcher.expire(); // also here, where the replica no longer leads: its proposals may hang
        if (!leads()) {
            return;
        }
        long entries = dataEntries.get();
        long since = nowMillis - lastTickMillis;
        boolean due = tickWanted && since >= WANTED_TICK_MILLIS || entries != entriesAtTick && since >= BUSY_TICK_MILLIS
                || since >= IDLE_TICK_MILLIS
                || since < 0;
        if (due) {
            tickWanted = false;
            lastTickMillis = nowMillis;
            entriesAtTick = entries;
            var unused = propose(new GroupEntry.Tick()).exceptionally(failure -> false);
        }
        indexes.next(this::propose);
        if (nowMillis - lastCollectMillis >= COLLECT_MILLIS) {
            lastCollectMillis = nowMillis;
            collect(nowMillis);
        }
    }

    private void collect(long nowMillis) {
        for (GroupEntry entry : plan.next(nowMillis)) {
            var unused = propose(entry).exceptionally(failure -> false); // looked at again next time
        }
    }

    /** What each range takes and is asked. */
    public List<NodeStatus.Range> measure() {
        GroupStore store = machine.storeOrNull();
        return store == null ? List.of() : machine.ranges().values().stream().map(range -> {
            RangeLoads.Load load = loads.of(range);
            return new NodeStatus.Range(range.ref(), store.approximateSize(range.keys()), load.opsPerSecond(), load.middle(),
                    load.hottest().stream().map(hot -> new NodeStatus.HotKey(hot.key(), hot.share())).toList(),
                    range.collection().indexes().list().stream().map(index -> built(range, index.id(), store)).toList());
        }).toList();
    }

    private static NodeStatus.Index built(OwnedRange range, int index, GroupStore store) {
        return range.builds().next(index).map(at -> {
            KeyRange whole = range.keys();
            long size = store.approximateSize(whole);
            double done = size == 0 || Arrays.equals(at, whole.start())
                    ? 0
                    : (double) store.approximateSize(new KeyRange(whole.start(), at)) / size;
            return new NodeStatus.Index(index, false, Math.min(done, 1));
        }).orElseGet(() -> new NodeStatus.Index(index, true, 1));
    }

    public RangeLoads loads() {
        return loads;
    }

    /** The group writes nothing more at or below this. */
    public HybridTimestamp closed() {
        return machine.lastStamp();
    }
}
