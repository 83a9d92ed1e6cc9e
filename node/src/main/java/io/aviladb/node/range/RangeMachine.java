package io.aviladb.node.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.replication.spi.LocalProposer;
import io.aviladb.storage.Applied;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.Reads;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.engine.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The state of one data group: its ranges and their documents. Entries come one at a time, in log order, on one thread; readers take the
 * immutable {@link #ranges()} and the store.
 *
 * <p>Every entry is one write to the store, with its place in the log and the last stamp given: after a crash the state is exactly that of some
 * entry.
 */
public final class RangeMachine implements ReplicatedState {
    private static final byte[] RANGE_PREFIX = "range/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRANSFERS = "transfers".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REGIONS = "regions".getBytes(StandardCharsets.US_ASCII);

    private final SharedEngine engine;
    private final RegionIncarnation self;
    private final UnitApplier units;
    private final PullApplier pulls;
    private final Collector collector;
    private final TransferApplier mover;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> cutListeners = new CopyOnWriteArrayList<>();

    /** What an entry asks of apply besides its bytes, on the replica that proposed it. */
    public record Proposed(GroupEntry.Stamped entry) {}

    private volatile @Nullable GroupStore store;
    private volatile Map<Long, OwnedRange> ranges = Map.of(); // by number, in their order; rebuilt from the store at open
    private volatile Transfers transfers = Transfers.NONE; // rebuilt from the store at open
    private volatile Set<RegionIncarnation> regions = Set.of(); // those that count for stability; durable

    public RangeMachine(RegionIncarnation self, int group, SharedEngine engine) {
        this.engine = engine;
        this.self = self;
        this.units = new UnitApplier(self, group);
        this.pulls = new PullApplier(self);
        this.collector = new Collector(self);
        this.mover = new TransferApplier(self);
    }

    @Override
    public LogPosition open(Path directory) throws IOException {
        GroupStore opened = GroupStore.open(directory, engine);
        try {
            load(opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        store = opened;
        return new LogPosition(opened.applied().term(), opened.applied().index());
    }

    private void load(GroupStore opened) {
        TreeMap<Long, OwnedRange> loaded = new TreeMap<>();
        opened.scanMeta(RANGE_PREFIX, (name, value) -> {
            OwnedRange range = OwnedRange.decode(value);
            loaded.put(range.ref().range(), range);
        });
        ranges = Collections.unmodifiableMap(loaded);
        transfers = transfersIn(opened);
        regions = Set.copyOf(regionsIn(opened));
    }

    @Override
    public Object apply(LogPosition at, byte[] bytes, @Nullable Object context) {
        GroupStore target = openStore();
        GroupEntry.Stamped stamped = context instanceof Proposed proposed ? proposed.entry() : GroupEntry.decode(bytes);
        HybridTimestamp last = target.applied().stamp();
        TreeMap<Long, OwnedRange> next = new TreeMap<>(ranges);
        Transfers moved = transfers;
        try (Batch batch = target.begin()) {
            Object answer = Boolean.TRUE;
            HybridTimestamp stamp = last;
            if (stamped.entry() instanceof GroupEntry.Writes writes) {
                List<UnitAnswer> answers = new ArrayList<>(writes.units().size());
                for (WriteUnit unit : writes.units()) {
                    UnitApplier.Result result = units.apply(unit, next, stamp, stamped.reading(), at, batch);
                    answers.add(result.answer());
                    stamp = result.last();
                }
                answer = answers;
            } else {
                stamp = last.max(TransferApplier.floor(stamped.entry())).next().max(stamped.reading());
                if (stamped.entry() instanceof GroupEntry.Transfer transfer) {
                    TransferApplier.Result result = mover.apply(transfer.step(), moved,
                            new TransferApplier.Place(next, stamp, target, batch));
                    answer = result.answer();
                    if (regions.isEmpty() && transfer.step() instanceof TransferStep.Take take
                            && moved.arriving().containsKey(take.operation())) {
                        moved.arriving().get(take.operation()).end().ifPresent(end -> know(end.regions(), batch));
                    }
                    moved = result.transfers();
                } else {
                    answer = other(stamped.entry(), next, last, stamp, target, batch);
                }
            }
            if (stamped.entry() instanceof GroupEntry.Alter || stamped.entry() instanceof GroupEntry.Drop) {
                Indexes.forget(ranges.values(), next.values(), batch);
            }
            moved = moved.trimmed(batch.feedTrimmedThrough());
            if (moved != transfers) {
                batch.putMeta(TRANSFERS, moved.encode());
            }
            moved.leaving().forEach((operation, range) -> {
                if (!range.going()) {
                    MovedRows.note(operation, range.keys(), at.index(), batch);
                }
            });
            boolean changed = writeRanges(next, batch);
            batch.commit(new Applied(at.term(), at.index(), stamp));
            if (changed) {
                boolean cut = !refs(ranges).equals(refs(next));
                transfers = moved; // before the ranges: what has left is known to have, by whoever doesn't find it
                ranges = Collections.unmodifiableMap(next); // after the commit: coverage is never claimed before its data can be read
                if (cut) {
                    cutListeners.forEach(Runnable::run);
                }
            }
            transfers = moved;
            listeners.forEach(Runnable::run);
            return answer;
        }
    }

    private Object other(GroupEntry entry, TreeMap<Long, OwnedRange> next, HybridTimestamp last, HybridTimestamp stamp, GroupStore target,
            Batch batch) {
        switch (entry) {
            case GroupEntry.Pulled pulled -> {
                LocalProposer.Outcome outcome = pulls.apply(pulled.batch(), next, last, stamp, target, batch);
                return outcome;
            }
            case GroupEntry.Tick tick -> {
                List<FeedRow.Coverage> coverage = next.values().stream().flatMap(range -> range.coverage().list().stream())
                        .map(piece -> new FeedRow.Coverage(piece.keys(), piece.value())).toList();
                batch.putFeed(stamp, 0, new FeedRow.Mark(coverage).encode());
            }
            case GroupEntry.Activate activate -> {
                // Asked for by a map that is behind, a range may have been merged into another since: a key has one owner.
                if (next.values().stream().noneMatch(range -> range.keys().intersect(activate.keys()).isPresent())
                        && transfers.allows(activate.keys(), activate.ref().epoch())) {
                    next.putIfAbsent(activate.ref().range(), OwnedRange.of(activate.ref(), activate.keys(), activate.collection()));
                }
                know(activate.regions(), batch);
            }
            case GroupEntry.Alter alter -> next.computeIfPresent(alter.ref().range(),
                    (id, range) -> range.collection().catalogVersion() < alter.collection().catalogVersion()
                            ? range.withCollection(alter.collection())
                            : range);
            case GroupEntry.Drop drop -> {
                OwnedRange range = next.get(drop.ref().range());
                if (range != null && range.ref().equals(drop.ref())) {
                    next.remove(drop.ref().range());
                    Indexes.drop(range, target, batch);
                    Collector.drop(range, target, batch);
                }
            }
            case GroupEntry.Split split -> {
                return RangeCuts.split(split, next);
            }
            case GroupEntry.Merge merge -> {
                return RangeCuts.merge(merge, next);
            }
            case GroupEntry.BuildIndex build ->
                next.computeIfPresent(build.range(), (id, range) -> build.index() == Expiries.BUILD
                        ? Expiries.build(build, range, target, batch)
                        : Indexes.build(build, range, target, batch));
            case GroupEntry.Expire expire -> Expiries.expire(expire.keys(), next.values(), stamp, self, regions, batch);
            case GroupEntry.Forget forget -> collector.forget(forget, next, last, regions, target, batch);
            case GroupEntry.Collect collect -> {
                if (transfers.arriving().isEmpty()) { // what comes has nobody yet who would say what is still needed of it
                    collector.collect(collect.through(), target, batch);
                }
            }
            case GroupEntry.SweepAnswers sweep -> collector.sweepAnswers(sweep, stamp, target, batch);
            case GroupEntry.SweepConflicts sweep -> collector.sweepConflicts(sweep, stamp, target, batch);
            case GroupEntry.Transfer transfer -> throw new IllegalStateException("transfers have their own way");
            case GroupEntry.Writes writes -> throw new IllegalStateException("writes have their own way");
        }
        return Boolean.TRUE;
    }

    private void know(List<RegionIncarnation> all, Batch batch) {
        ByteWriter list = new ByteWriter();
        all.stream().sorted().forEach(region -> list.writeVarInt(region.number()));
        batch.putMeta(REGIONS, list.toByteArray());
        regions = Set.copyOf(all);
    }

    /** Writes the ranges that changed. */
    private boolean writeRanges(TreeMap<Long, OwnedRange> next, Batch batch) {
        Map<Long, OwnedRange> before = ranges;
        boolean changed = next.size() != before.size();
        for (Map.Entry<Long, OwnedRange> entry : next.entrySet()) {
            if (before.get(entry.getKey()) != entry.getValue()) { // replaced, never changed: identity tells
                batch.putMeta(rangeName(entry.getKey()), entry.getValue().encode());
                changed = true;
            }
        }
        for (Long id : before.keySet()) {
            if (!next.containsKey(id)) {
                batch.deleteMeta(rangeName(id));
            }
        }
        return changed;
    }

    private static Set<RangeRef> refs(Map<Long, OwnedRange> ranges) {
        Set<RangeRef> refs = new HashSet<>();
        ranges.values().forEach(range -> refs.add(range.ref()));
        return refs;
    }

    private static byte[] rangeName(long id) {
        return new ByteWriter(16).writeRaw(RANGE_PREFIX).writeLong(id).toByteArray();
    }

    @Override
    public void advance(LogPosition at) {
        // Nothing of the state changes; the store's position may stay behind: entries without data are applied again for nothing.
    }

    @Override
    public LogPosition checkpoint(Path directory) throws IOException {
        openStore().checkpoint(directory);
        Applied applied = GroupStore.appliedOf(directory);
        return new LogPosition(applied.term(), applied.index());
    }

    @Override
    public void verify() throws IOException {
        openStore().verify();
    }

    @Override
    public Optional<StateFailure> failure() {
        GroupStore open = store;
        StorageException failure = open == null ? null : open.failure();
        return failure == null || failure.reason() == StorageException.Reason.CLOSED
                ? Optional.empty()
                : Optional.of(new StateFailure(failure.reason() == StorageException.Reason.DAMAGED, failure));
    }

    @Override
    public void close() {
        GroupStore open = store;
        store = null;
        if (open != null) {
            open.close();
        }
    }

    private GroupStore openStore() {
        GroupStore open = store;
        if (open == null) {
            throw new IllegalStateException("the group's state isn't open");
        }
        return open;
    }

    /** Absent while the replica is closed or installs a snapshot: nothing may be served. */
    public @Nullable GroupStore storeOrNull() {
        return store;
    }

    /** The range as it is in the view, so that what it says of its indexes holds there. Blocks on the disk. */
    public static Optional<OwnedRange> rangeIn(ReadView view, long id) {
        byte[] row = view.meta(rangeName(id));
        return row == null ? Optional.empty() : Optional.of(OwnedRange.decode(row));
    }

    /** Ranges that come and go, as the view has them. Blocks on the disk. */
    static Transfers transfersIn(Reads view) {
        byte[] row = view.meta(TRANSFERS);
        return row == null ? Transfers.NONE : Transfers.decode(row);
    }

    static List<RegionIncarnation> regionsIn(Reads view) {
        List<RegionIncarnation> known = new ArrayList<>();
        byte[] list = view.meta(REGIONS);
        if (list != null) {
            ByteReader in = new ByteReader(list);
            while (in.remaining() > 0) {
                known.add(new RegionIncarnation(in.readVarInt()));
            }
        }
        return known;
    }

    /** What the group speaks for in the view, each part up to a stamp: of what it owns without end. Blocks on the disk. */
    public static List<Map.Entry<KeyRange, HybridTimestamp>> spokenFor(Reads view) {
        List<Map.Entry<KeyRange, HybridTimestamp>> parts = new ArrayList<>();
        view.scanMeta(RANGE_PREFIX, (name, value) -> parts.add(Map.entry(OwnedRange.keysOf(value), HybridTimestamp.MAX)));
        transfersIn(view).readable().forEach(part -> parts.add(Map.entry(part.keys(), part.value())));
        parts.sort((a, b) -> Arrays.compareUnsigned(a.getKey().start(), b.getKey().start()));
        return parts;
    }

    /** The feed of the interval begins above this in the view. Blocks on the disk. */
    public static HybridTimestamp feedFrom(Reads view, KeyRange interval) {
        return transfersIn(view).feedFrom().together(interval, HybridTimestamp::max).orElse(HybridTimestamp.ZERO)
                .max(view.feedTrimmedThrough());
    }

    public Transfers transfers() {
        return transfers;
    }

    public Map<Long, OwnedRange> ranges() {
        return ranges;
    }

    public Set<RegionIncarnation> regions() {
        return regions;
    }

    public HybridTimestamp lastStamp() {
        GroupStore open = store;
        return open == null ? HybridTimestamp.ZERO : open.applied().stamp();
    }

    Collector collector() {
        return collector;
    }

    /** Runs on the apply thread after the group has got, cut, united or lost ranges: hand over, never block. */
    public void onCut(Runnable listener) {
        cutListeners.add(listener);
    }

    /** Runs on the apply thread after each entry: hand over, never block. */
    public AutoCloseable onApplied(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
