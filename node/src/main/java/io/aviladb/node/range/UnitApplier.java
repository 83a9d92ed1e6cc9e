package io.aviladb.node.range;

import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.crdt.conflict.Siblings;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.document.Mutator;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.replication.feed.FeedRow;
import io.aviladb.storage.Batch;
import io.aviladb.storage.head.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies one unit: answered from its operation's row, refused as a whole, or done as a whole under one stamp. Total: every refusal is an
 * answer. Deterministic: looks at the entry and the store, never at a clock.
 */
final class UnitApplier {
    /** How long an operation's answer is kept after it was first sent. */
    static final Duration ANSWERS_KEPT = Duration.ofHours(24);

    private static final byte[] NO_OPERATION = {};

    private final RegionIncarnation self;
    private final int group;

    UnitApplier(RegionIncarnation self, int group) {
        this.self = self;
        this.group = group;
    }

    /** @param last the stamp before this unit; equal where the unit took none */
    record Result(UnitAnswer answer, HybridTimestamp last) {}

    /** A write that is possible, and what it makes of its document. */
    private record Effect(DocumentKey key, OwnedRange owner, @Nullable Head before, LiveVersion after, VersionVector vector) {}

    Result apply(WriteUnit unit, Map<Long, OwnedRange> ranges, HybridTimestamp last, HybridTimestamp reading, LogPosition at, Batch batch) {
        List<OwnedRange> owners = new ArrayList<>(unit.writes().size());
        Set<DocumentKey> keys = unit.writes().size() == 1 ? null : new HashSet<>();
        for (int i = 0; i < unit.writes().size(); i++) {
            RangeRef ref = unit.ranges().get(i);
            OwnedRange owner = ranges.get(ref.range());
            DocumentKey key = unit.writes().get(i).key();
            if (owner == null || owner.ref().epoch() != ref.epoch() || !owner.keys().contains(key)) {
                return new Result(new UnitAnswer.Refused(ErrorCode.RANGE_MOVED,
                        "range " + ref.range() + " at epoch " + ref.epoch() + " isn't in group " + group,
                        i, VersionVector.EMPTY), last);
            }
            if (keys != null && !keys.add(key)) {
                return new Result(new UnitAnswer.Refused(ErrorCode.MALFORMED_REQUEST, "an atomic batch names each document once", i,
                        VersionVector.EMPTY), last);
            }
            owners.add(owner);
        }
        OperationId operation = unit.operation();
        byte[] rowKey = operation == null ? NO_OPERATION : operation.rowKey();
        UnitAnswer known = operation == null ? null : replay(unit, operation, rowKey, last.max(reading), batch);
        if (known != null) {
            return new Result(known, last);
        }
        // One look for each document: a unit names it once, so nothing that it does itself changes a head before its turn.
        List<@Nullable Head> heads = new ArrayList<>(unit.writes().size());
        unit.writes().forEach(write -> heads.add(batch.head(write.key())));
        HybridTimestamp stamp = stamp(unit, owners, heads, last, reading);
        Version version = new Version(stamp, self);
        List<Effect> effects = new ArrayList<>(unit.writes().size());
        for (int i = 0; i < unit.writes().size(); i++) {
            DocumentWrite write = unit.writes().get(i);
            Head head = heads.get(i);
            try {
                effects.add(evaluate(write, owners.get(i), head, version, batch));
            } catch (AvilaError refused) {
                VersionVector seen = head == null ? owners.get(i).forgotten(write.key()) : head.vector();
                UnitAnswer answer = new UnitAnswer.Refused(refused.code(), refused.detail(), i, seen);
                return refuse(unit, rowKey, answer, stamp, last, ranges.values(), batch);
            }
        }
        return new Result(commit(unit, rowKey, effects, version, at, ranges.values(), batch), stamp);
    }

    /**
     * The stored answer, or why there can't be one; null where the operation is new here.
     *
     * @param now in the log's time, which doesn't go back with a leader's clock: no answer that was swept may be missed
     */
    private @Nullable UnitAnswer replay(WriteUnit unit, OperationId operation, byte[] rowKey, HybridTimestamp now, Batch batch) {
        int found = 0;
        OperationRecord first = null;
        for (DocumentWrite write : unit.writes()) {
            byte[] row = batch.dedup(write.key(), rowKey);
            if (row != null) {
                found++;
                first = OperationRecord.decode(row);
                if (!first.isOf(operation)) {
                    return new UnitAnswer.Refused(ErrorCode.IDEMPOTENCY_MISMATCH, "the operation's id was used for another request", 0,
                            VersionVector.EMPTY);
                }
            }
        }
        if (first != null && found == unit.writes().size()) {
            return first.answer();
        }
        if (found > 0) {
            return new UnitAnswer.Refused(ErrorCode.INDETERMINATE, "only some of the operation's rows are here", 0, VersionVector.EMPTY);
        }
        if (UsedKeys.isUsedOtherwise(unit, operation, batch)) {
            return new UnitAnswer.Refused(ErrorCode.IDEMPOTENCY_MISMATCH, "the operation's id was used for another document", 0,
                    VersionVector.EMPTY);
        }
        if (!operation.region().equals(self)) {
            return new UnitAnswer.Refused(ErrorCode.INDETERMINATE,
                    "the operation was first sent to region " + operation.region() + ", and its answer hasn't come from there", 0,
                    VersionVector.EMPTY);
        }
        if (operation.firstSent().millis() + ANSWERS_KEPT.toMillis() <= now.millis()) {
            return new UnitAnswer.Refused(ErrorCode.INDETERMINATE,
                    "the operation was first sent more than 24 h ago; its answer is no longer kept", 0,
                    VersionVector.EMPTY);
        }
        return null;
    }

    /** Invariant: the stamp exceeds the last one, the session's token, and every stamp in the documents' vectors. */
    private static HybridTimestamp stamp(WriteUnit unit, List<OwnedRange> owners, List<@Nullable Head> heads, HybridTimestamp last,
            HybridTimestamp reading) {
        HybridTimestamp floor = last.max(unit.token().highest());
        for (int i = 0; i < unit.writes().size(); i++) {
            Head head = heads.get(i);
            floor = floor.max(head == null ? owners.get(i).forgotten(unit.writes().get(i).key()).highest() : head.vector().highest());
        }
        return floor.next().max(reading);
    }

    private static Effect evaluate(DocumentWrite write, OwnedRange owner, @Nullable Head head, Version version, Batch batch) {
        boolean over = Expiries.isOver(head, version.stamp());
        boolean exists = head != null && !head.deleted() && !over;
        switch (write.precondition()) {
            case Precondition.None none -> {
            }
            case Precondition.Insert insert -> {
                if (exists) {
                    throw new AvilaError(ErrorCode.DOCUMENT_EXISTS, "the id '" + write.key().id() + "' is taken in its partition");
                }
            }
            case Precondition.Absent absent -> {
                if (exists) {
                    throw new AvilaError(ErrorCode.PRECONDITION_FAILED, "the document exists");
                }
            }
            case Precondition.Present present -> {
                if (!exists) {
                    throw new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND, "there is no document '" + write.key().id() + "'");
                }
            }
            case Precondition.Matches matches -> {
                if (!exists || head == null || !head.vector().equals(matches.vector())) {
                    throw new AvilaError(ErrorCode.PRECONDITION_FAILED, exists ? "the document has changed since" : "the document is gone");
                }
            }
            case Precondition.Seen state -> {
                if (!state.vector().equals(head == null ? VersionVector.EMPTY : head.vector())) {
                    throw new AvilaError(ErrorCode.PRECONDITION_FAILED, "the document has changed since");
                }
            }
        }
        if (over && (write.mutation() instanceof Mutation.Patch || write.mutation() instanceof Mutation.MergePatch)) {
            throw new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND, "the document '" + write.key().id() + "' has expired");
        }
        VersionVector seen = head == null ? owner.forgotten(write.key()) : head.vector();
        LiveVersions before = head == null ? LiveVersions.EMPTY : Heads.liveVersions(head, write.key(), batch);
        boolean resolves = write.precondition() instanceof Precondition.Seen;
        if (!over && !resolves && owner.collection().mergePolicy().rule() == Rule.MANUAL
                && Siblings.are(before, owner.collection().policies())) {
            throw new AvilaError(ErrorCode.DOCUMENT_IN_CONFLICT, "versions " + before.versions().stream()
                    .map(live -> live.version().toString()).collect(Collectors.joining(", ")) + " stand side by side");
        }
        boolean onBase = !over && write.mutation() instanceof Mutation.Put
                && (resolves || write.precondition() instanceof Precondition.Matches);
        LiveVersion after = Mutator.apply(before, seen, write.mutation(), onBase, version, owner.collection().policies());
        SchemaChecks.check(after, over ? LiveVersions.EMPTY : before, owner.collection());
        return new Effect(write.key(), owner, head, after, seen.join(after.vector()));
    }

    private UnitAnswer commit(WriteUnit unit, byte[] rowKey, List<Effect> effects, Version version, LogPosition at,
            Collection<OwnedRange> ranges, Batch batch) {
        List<UnitAnswer.DocumentAnswer> documents = new ArrayList<>(effects.size());
        OperationId operation = unit.operation();
        for (int i = 0; i < effects.size(); i++) {
            Effect effect = effects.get(i);
            LiveVersion after = effect.after();
            if (Indexes.has(effect.owner())) {
                Indexes.changed(effect.key(), Indexes.document(effect.before(), effect.key(), effect.owner(), batch),
                        LiveVersions.of(after).read(effect.owner().collection().policies()), effect.owner().collection(), batch);
            }
            batch.putVersion(effect.key(), version, after.encode());
            batch.putHead(effect.key(),
                    new Head(effect.vector(), List.of(version), after.isDelete(), Expiries.of(LiveVersions.of(after), effect.owner()),
                            after.sizeBytes()));
            batch.putFeed(version.stamp(), i, new FeedRow.Own(effect.key(), rowKey, effect.before() == null && !after.isDelete()).encode());
            documents.add(new UnitAnswer.DocumentAnswer(effect.vector(), effect.before() == null || effect.before().deleted()
                    || Expiries.isOver(effect.before(), version.stamp()),
                    after.sizeBytes()));
        }
        UnitAnswer answer = new UnitAnswer.Committed(version, group, at.term(), at.index(), documents);
        if (operation != null) {
            putRows(unit, operation, rowKey, answer, ranges, batch);
        }
        return answer;
    }

    private static Result refuse(WriteUnit unit, byte[] rowKey, UnitAnswer answer, HybridTimestamp stamp, HybridTimestamp last,
            Collection<OwnedRange> ranges, Batch batch) {
        OperationId operation = unit.operation();
        if (operation == null) {
            return new Result(answer, last);
        }
        putRows(unit, operation, rowKey, answer, ranges, batch); // a refusal is an outcome: a retry gets the same, whatever has become of the condition
        for (int i = 0; i < unit.writes().size(); i++) {
            batch.putFeed(stamp, i, new FeedRow.Refusal(unit.writes().get(i).key(), rowKey).encode());
        }
        return new Result(answer, stamp);
    }

    private static void putRows(WriteUnit unit, OperationId operation, byte[] rowKey, UnitAnswer answer, Collection<OwnedRange> ranges,
            Batch batch) {
        byte[] row = OperationRecord.of(operation, answer).encode();
        for (DocumentWrite write : unit.writes()) {
            batch.putDedup(write.key(), rowKey, row);
        }
        UsedKeys.add(unit, operation, row, ranges, batch);
    }

    /** The size that a merged document has for readers. */
    static int lengthOf(LiveVersions live, OwnedRange owner) {
        return live.read(owner.collection().policies()).map(Document::sizeBytes).orElse(0);
    }
}
