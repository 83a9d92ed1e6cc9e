package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.query.index.IndexKeys;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a transfer make of a group. Total: a step that doesn't fit is refused and changes nothing, so that messages may be lost, come
 * twice, or come long after their transfer.
 *
 * <p>Invariants: a frozen range takes no write. A range that comes has no reader before its step {@code Take}. The epoch of a range rises whether it
 * goes or stays, so that no step of one transfer fits another.
 */
final class TransferApplier {
    /** Rows that one entry deletes. */
    static final int MAX_ROWS = 20_000;

    private final RegionIncarnation self;

    TransferApplier(RegionIncarnation self) {
        this.self = self;
    }

    /** What a step is applied to. @param ranges changed in place */
    record Place(Map<Long, OwnedRange> ranges, HybridTimestamp stamp, GroupStore store, Batch batch) {}

    record Result(RangeChange answer, Transfers transfers) {
        static Result done(Transfers transfers) {
            return new Result(new RangeChange.Done(), transfers);
        }

        static Result refused(String why, boolean forever, Transfers transfers) {
            return new Result(new RangeChange.Refused(why, forever), transfers);
        }
    }

    /**
     * The stamp that the entry's own has to exceed: whoever gets a range rises above all that the old owner gave, before it serves. Else a
     * session could be shown an older state by a replica of the old owner that has applied more than the session's token names.
     */
    static HybridTimestamp floor(GroupEntry entry) {
        return entry instanceof GroupEntry.Transfer transfer && transfer.step() instanceof TransferStep.Import imported
                ? imported.chunk().end().map(RangeChunk.End::frozenAt).orElse(HybridTimestamp.ZERO)
                : HybridTimestamp.ZERO;
    }

    Result apply(TransferStep step, Transfers before, Place at) {
        return switch (step) {
            case TransferStep.Export export -> export(export, before, at);
            case TransferStep.Freeze freeze -> freeze(freeze, before, at);
            case TransferStep.Unfreeze unfreeze -> unfreeze(unfreeze, before, at);
            case TransferStep.Leave leave -> leave(leave, before, at);
            case TransferStep.Receive receive -> receive(receive, before, at);
            case TransferStep.Import imported -> imported(imported, before, at);
            case TransferStep.Take take -> take(take, before, at);
            case TransferStep.Discard discard -> discard(discard, before, at);
        };
    }

    private static Result export(TransferStep.Export step, Transfers before, Place at) {
        if (before.leaving().containsKey(step.operation())) {
            return Result.done(before);
        }
        OwnedRange range = at.ranges().get(step.range().range());
        if (range == null || !range.ref().equals(step.range())) {
            return notHere(step.range(), range, before);
        }
        return Result
                .done(before.withLeaving(step.operation(), new Transfers.Leaving(step.range(), range.keys(), Optional.empty(), false)));
    }

    private static Result freeze(TransferStep.Freeze step, Transfers before, Place at) {
        Transfers.Leaving leaving = before.leaving().get(step.operation());
        if (leaving != null && leaving.frozen().isPresent()) {
            return Result.done(before);
        }
        OwnedRange range = at.ranges().get(step.range().range());
        if (leaving == null || range == null || !range.ref().equals(step.range())) {
            return notHere(step.range(), range, before);
        }
        at.ranges().remove(step.range().range());
        return Result.done(before.withLeaving(step.operation(), new Transfers.Leaving(step.range(), range.keys(),
                Optional.of(new Transfers.Frozen(range, at.stamp())), false)));
    }

    private static Result unfreeze(TransferStep.Unfreeze step, Transfers before, Place at) {
        Transfers.Leaving leaving = before.leaving().get(step.operation());
        OwnedRange range = leaving == null
                ? at.ranges().get(step.range().range())
                : leaving.frozen().map(Transfers.Frozen::owned).orElse(at.ranges().get(step.range().range()));
        if (range != null && range.ref().equals(step.range())) {
            at.ranges().put(step.range().range(), range.part(TransferStep.kept(step.range()), range.keys()));
        }
        at.batch().deleteMetas(MovedRows.changes(step.operation()).toByteArray());
        return Result.done(before.withoutLeaving(step.operation()));
    }

    private static Result leave(TransferStep.Leave step, Transfers before, Place at) {
        Transfers.Leaving leaving = before.leaving().get(step.operation());
        if (leaving == null) {
            return Result.done(before);
        }
        if (leaving.frozen().isEmpty() && at.ranges().containsKey(step.range().range())) {
            return Result.refused("range " + step.range() + " isn't frozen", false, before);
        }
        at.batch().deleteMetas(MovedRows.changes(step.operation()).toByteArray());
        if (!MovedRows.clear(leaving.keys(), MAX_ROWS, at.store(), at.batch())) {
            Transfers going = before.withLeaving(step.operation(),
                    new Transfers.Leaving(leaving.range(), leaving.keys(), leaving.frozen(), true));
            return Result.refused("rows are left", false, going);
        }
        return Result.done(before.withoutLeaving(step.operation()).withGone(leaving.keys(),
                new Transfers.Gone(step.range().range(), TransferStep.moved(step.range()).epoch(), step.group())));
    }

    private static Result receive(TransferStep.Receive step, Transfers before, Place at) {
        Transfers.Arriving known = before.arriving().get(step.operation());
        if (known != null && known.clean()) {
            return Result.done(before);
        }
        boolean owned = at.ranges().values().stream().anyMatch(range -> range.keys().intersect(step.keys()).isPresent());
        long next = TransferStep.moved(step.range()).epoch();
        if (known == null && (owned || !before.allows(step.keys(), next))) {
            boolean past = before.gone().list().stream()
                    .anyMatch(piece -> piece.value().epoch() >= next && piece.keys().intersect(step.keys()).isPresent());
            return Result.refused("keys of range " + step.range() + " are here, or have been since", owned || past, before);
        }
        boolean clean = MovedRows.clear(step.keys(), MAX_ROWS, at.store(), at.batch());
        Transfers after = before.withArriving(step.operation(),
                new Transfers.Arriving(step.range(), step.keys(), clean, new byte[0], Optional.empty()));
        return clean ? Result.done(after) : Result.refused("rows of an earlier stay are left", false, after);
    }

    private Result imported(TransferStep.Import step, Transfers before, Place at) {
        Transfers.Arriving arriving = before.arriving().get(step.operation());
        if (arriving == null || !arriving.clean() || arriving.end().isPresent()
                || !Arrays.equals(arriving.position(), step.from())) {
            return Result.refused("the copy stands elsewhere", false, before);
        }
        RangeChunk chunk = step.chunk();
        for (RangeChunk.RowChange change : chunk.rows()) {
            byte[] value = change.value();
            if (value == null) {
                at.batch().deleteRow(change.row());
            } else {
                at.batch().putRow(change.row(), value);
            }
        }
        putFeed(chunk, at);
        return Result.done(before.withArriving(step.operation(),
                new Transfers.Arriving(arriving.range(), arriving.keys(), true, chunk.to(), chunk.end())));
    }

    /** Rows keep their stamps, so that whoever follows the range goes on where it stood. */
    private void putFeed(RangeChunk chunk, Place at) {
        HybridTimestamp trimmed = at.batch().feedTrimmedThrough();
        int late = 0;
        for (RangeChunk.FeedCopy copy : chunk.feed()) {
            if (copy.stamp().isAfter(trimmed)) {
                at.batch().putFeed(copy.stamp(), copy.position(), copy.row());
                continue;
            }
            // The feed here begins later: only the collector still needs to hear of the document.
            switch (FeedRow.decode(copy.row())) {
                case FeedRow.Own own -> {
                    if (!own.first()) {
                        at.batch().putFeed(at.stamp(), late++,
                                new FeedRow.Merged(own.key(), new Version(copy.stamp(), self), false).encode());
                    }
                }
                case FeedRow.Merged merged -> {
                    if (!merged.first()) {
                        at.batch().putFeed(at.stamp(), late++, copy.row());
                    }
                }
                case FeedRow.Refusal refusal -> {
                }
                case FeedRow.Mark mark -> throw new IllegalStateException("a mark is its own group's");
            }
        }
    }

    private static Result take(TransferStep.Take step, Transfers before, Place at) {
        Transfers.Arriving arriving = before.arriving().get(step.operation());
        RangeRef next = TransferStep.moved(step.range());
        OwnedRange here = at.ranges().get(next.range());
        if (arriving == null) {
            return here != null && here.ref().epoch() >= next.epoch()
                    ? Result.done(before)
                    : Result.refused("no copy of range " + step.range() + " is here", false, before);
        }
        RangeChunk.End end = arriving.end().orElse(null);
        if (end == null || here != null) {
            return Result.refused("the copy of range " + step.range() + " isn't whole", false, before);
        }
        OwnedRange moved = end.owned().part(next, arriving.keys());
        // An index that the group has dropped already has no entries left here, whatever the old owner knew.
        OwnedRange owned = at.ranges().values().stream().map(OwnedRange::collection)
                .filter(known -> known.id() == moved.collection().id() && known.catalogVersion() > moved.collection().catalogVersion())
                .max(Comparator.comparingLong(CollectionDefinition::catalogVersion)).map(moved::withCollection).orElse(moved);
        at.ranges().put(next.range(), owned);
        Horizon.raise(end.horizon(), at.batch());
        dropUnknownIndexes(owned, at);
        return Result.done(before.withoutArriving(step.operation()).back(arriving.keys()).withFeedFrom(arriving.keys(), end.feedFrom()));
    }

    /** Entries of an index that was dropped while the range was copied. */
    private static void dropUnknownIndexes(OwnedRange owned, Place at) {
        int collection = owned.collection().id();
        KeyRange rest = KeyRange.collection(collection);
        for (Optional<byte[]> first = firstEntry(rest, at); first.isPresent(); first = firstEntry(rest, at)) {
            int index = new ByteReader(first.get(), 4, 4).readInt();
            KeyRange all = IndexKeys.all(collection, index);
            if (at.ranges().values().stream().filter(range -> range.collection().id() == collection)
                    .noneMatch(range -> range.collection().indexes().find(index).isPresent())) {
                at.batch().deleteIndexEntries(all);
            }
            Optional<KeyRange> behind = rest.after(all);
            if (behind.isEmpty()) {
                return;
            }
            rest = behind.get();
        }
    }

    private static Optional<byte[]> firstEntry(KeyRange interval, Place at) {
        byte[][] found = {null};
        at.store().scanIndex(interval, entry -> {
            found[0] = entry;
            return false;
        });
        return Optional.ofNullable(found[0]);
    }

    private static Result discard(TransferStep.Discard step, Transfers before, Place at) {
        Transfers.Arriving arriving = before.arriving().get(step.operation());
        if (arriving == null) {
            return Result.done(before);
        }
        if (!MovedRows.clear(arriving.keys(), MAX_ROWS, at.store(), at.batch())) {
            return Result.refused("rows are left", false, before.withArriving(step.operation(),
                    new Transfers.Arriving(arriving.range(), arriving.keys(), false, new byte[0], Optional.empty())));
        }
        return Result.done(before.withoutArriving(step.operation()));
    }

    private static Result notHere(RangeRef ref, @Nullable OwnedRange range, Transfers before) {
        return Result.refused("range " + ref + " isn't here, or has another shape", range != null && range.ref().epoch() > ref.epoch(),
                before);
    }
}
