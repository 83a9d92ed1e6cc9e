package io.aviladb.router.fake;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.UnconfirmedReply;
import io.aviladb.proto.node.UnconfirmedRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A region's documents: enough of apply for a router's tests. Knows set, unset and inc at the top level of a document. */
public final class FakeStore {
    /** A document's state; one without JSON is deleted. */
    public record Row(byte[] json, VersionVector vector) {}

    private record Remembered(byte[] digest, UnitAnswer answer) {}

    public final TreeMap<DocumentKey, Row> rows = new TreeMap<>();
    /** Of documents that somebody must resolve. */
    public final TreeMap<DocumentKey, List<Version>> siblings = new TreeMap<>();
    /** Records of conflicts, by their rows' keys. */
    public final TreeMap<byte[], HistoryReply.Conflict> conflicts = new TreeMap<>(Arrays::compareUnsigned);
    /** What each range says of its deleted documents. */
    public volatile HistoryReply.Tombstones tombstones = new HistoryReply.Tombstones(0, true, 0, HybridTimestamp.ZERO, List.of());
    /** Versions that are kept, the newest first, with their bodies. */
    public final Map<DocumentKey, List<HistoryReply.Row>> versions = new HashMap<>();
    private final TreeMap<DocumentKey, List<Row>> history = new TreeMap<>();
    private final Map<String, Remembered> operations = new HashMap<>();
    private final RegionIncarnation region;
    private long clock = HybridTimestamp.ofMillis(1_700_000_000_000L).bits();
    private long index;

    FakeStore(RegionIncarnation region) {
        this.region = region;
    }

    /** Of other regions' writes these have arrived; all where nothing is said. */
    public volatile @Nullable VersionVector covered;

    synchronized boolean hasReached(VersionVector token) {
        VersionVector arrived = covered;
        return arrived == null || arrived.with(region, new HybridTimestamp(clock)).covers(token);
    }

    /** Of other regions nothing has arrived where nothing is said: regions don't replicate. */
    synchronized VersionVector covered() {
        VersionVector arrived = covered;
        return (arrived == null ? VersionVector.EMPTY : arrived).with(region, new HybridTimestamp(clock));
    }

    public synchronized Version next() {
        return new Version(new HybridTimestamp(++clock), region);
    }

    /** States before this are gone. */
    public volatile HybridTimestamp horizon = HybridTimestamp.ZERO;

    /** What is written from now on lies above the stamp. */
    public synchronized void close(HybridTimestamp through) {
        clock = Math.max(clock, through.bits());
    }

    /** Has what the other has, as if all had been replicated. */
    public synchronized void copyFrom(FakeStore other) {
        other.rows.forEach(this::put);
        clock = Math.max(clock, other.closed().bits());
    }

    /** The document is this from now on, and was for snapshots. */
    public synchronized void put(DocumentKey key, Row row) {
        rows.put(key, row);
        history.put(key, new ArrayList<>(List.of(row)));
    }

    /** The document has never been. */
    public synchronized void forget(DocumentKey key) {
        rows.remove(key);
        history.remove(key);
    }

    /** The documents as a read sees them. */
    synchronized TreeMap<DocumentKey, Row> seen(ReadTerms terms) {
        if (terms.consistency() != ReadConsistency.SNAPSHOT) {
            return rows;
        }
        TreeMap<DocumentKey, Row> then = new TreeMap<>();
        history.forEach((key, all) -> all.stream().filter(row -> row.vector.highest().compareTo(terms.token().highest()) <= 0)
                .reduce((older, newer) -> newer).filter(row -> row.json.length > 0).ifPresent(row -> then.put(key, row)));
        return then;
    }

    public synchronized HybridTimestamp closed() {
        return new HybridTimestamp(clock);
    }

    /** Own writes of the part above its stamp, by a clock that stands 5 s after the store's beginning. */
    synchronized UnconfirmedReply.Unconfirmed above(UnconfirmedRequest.Part part) {
        List<HybridTimestamp> stamps = rows.entrySet().stream().filter(row -> part.keys().contains(row.getKey()))
                .map(row -> row.getValue().vector().at(region)).filter(stamp -> stamp.compareTo(part.after()) > 0).sorted().toList();
        return stamps.isEmpty()
                ? new UnconfirmedReply.Unconfirmed(0, HybridTimestamp.ZERO, 0, true)
                : new UnconfirmedReply.Unconfirmed(stamps.size(), stamps.get(0), 1_700_000_005_000L - stamps.get(0).millis(), true);
    }

    public synchronized UnitAnswer apply(int group, WriteUnit unit) {
        OperationId operation = unit.operation();
        String name = operation == null ? "" : HexFormat.of().formatHex(operation.rowKey());
        Remembered before = operations.get(name);
        if (operation != null && before != null) {
            return Arrays.equals(before.digest, operation.digest())
                    ? before.answer
                    : new UnitAnswer.Refused(ErrorCode.IDEMPOTENCY_MISMATCH, "another body", 0, VersionVector.EMPTY);
        }
        UnitAnswer answer = run(group, unit);
        if (operation != null) {
            operations.put(name, new Remembered(operation.digest(), answer));
        }
        return answer;
    }

    private UnitAnswer run(int group, WriteUnit unit) {
        Version version = next();
        Map<DocumentKey, @Nullable Row> changes = new HashMap<>();
        List<UnitAnswer.DocumentAnswer> answers = new ArrayList<>();
        for (int i = 0; i < unit.writes().size(); i++) {
            DocumentWrite write = unit.writes().get(i);
            Row row = rows.get(write.key());
            ErrorCode refusal = refusal(write.precondition(), row);
            if (refusal != null) {
                return new UnitAnswer.Refused(refusal, refusal.explanation(), i, row == null ? VersionVector.EMPTY : row.vector);
            }
            VersionVector vector = (row == null ? VersionVector.EMPTY : row.vector).join(VersionVector.of(version));
            byte[] json = mutate(write.mutation(), row);
            changes.put(write.key(), json == null ? null : new Row(json, vector));
            answers.add(new UnitAnswer.DocumentAnswer(vector, row == null, json == null ? 0 : json.length));
        }
        changes.forEach((key, row) -> {
            if (row == null) {
                rows.remove(key);
            } else {
                rows.put(key, row);
                history.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
            }
        });
        return new UnitAnswer.Committed(version, group, 1, ++index, answers);
    }

    private static @Nullable ErrorCode refusal(Precondition precondition, @Nullable Row row) {
        return switch (precondition) {
            case Precondition.None none -> null;
            case Precondition.Insert insert -> row == null ? null : ErrorCode.DOCUMENT_EXISTS;
            case Precondition.Absent absent -> row == null ? null : ErrorCode.PRECONDITION_FAILED;
            case Precondition.Present present -> row != null ? null : ErrorCode.DOCUMENT_NOT_FOUND;
            case Precondition.Seen seen ->
                seen.vector().equals(row == null ? VersionVector.EMPTY : row.vector) ? null : ErrorCode.PRECONDITION_FAILED;
            case Precondition.Matches matches ->
                row != null && row.vector.equals(matches.vector()) ? null : ErrorCode.PRECONDITION_FAILED;
        };
    }

    private static byte @Nullable [] mutate(Mutation mutation, @Nullable Row row) {
        return switch (mutation) {
            case Mutation.Put put -> put.json();
            case Mutation.Delete delete -> null;
            case Mutation.MergePatch merge -> {
                JsonObject document = parse(row);
                for (Map.Entry<String, JsonValue> member : ((JsonObject) JsonParser.parse(merge.json())).members().entrySet()) {
                    document = document.with(member.getKey(), member.getValue());
                }
                yield document.toJsonBytes();
            }
            case Mutation.Patch patch -> {
                JsonObject document = parse(row);
                for (PatchOperation operation : patch.operations()) {
                    String member = operation.path().last();
                    JsonValue value = operation.kind() == PatchOperation.Kind.INC
                            ? sum(document.getOrNull(member), operation.value())
                            : operation.value();
                    document = value == null ? document.without(member) : document.with(member, value);
                }
                yield document.toJsonBytes();
            }
        };
    }

    private static JsonValue sum(@Nullable JsonValue old, @Nullable JsonValue amount) {
        long before = old instanceof JsonNumber number ? number.toLong().orElseThrow() : 0;
        return JsonNumber.of(before + (amount instanceof JsonNumber number ? number.toLong().orElseThrow() : 0));
    }

    private static JsonObject parse(@Nullable Row row) {
        return row == null ? JsonObject.EMPTY : (JsonObject) JsonParser.parse(row.json);
    }
}
