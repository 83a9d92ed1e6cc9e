package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.spi.LocalProposer;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.head.Head;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A region of one group with one replica: its log is a list, its clock a field. Keys have one range unless the test says otherwise. */
final class RegionReplica implements AutoCloseable {
    static final CollectionDefinition COLLECTION = new CollectionDefinition(1, "db", "things", PartitionStrategy.single(FieldPath.of("id")),
            MergePolicyDefinition.DEFAULT, 1);
    static final KeyRange ALL = KeyRange.collection(1);
    private static final Mutation DELETE = new Mutation.Delete();

    final RegionIncarnation self;
    final int group;
    final RangeRef range;
    final List<byte[]> log = new ArrayList<>(); // entry i has index i + 1
    long millis = 1_000;
    RangeMachine machine;
    private final SharedEngine engine;
    private final Path base;
    private Path directory;
    private int generation;

    RegionReplica(int number, Path base, SharedEngine engine) {
        this(number, number, base, engine);
    }

    /** One of several groups of a region. */
    RegionReplica(int number, int group, Path base, SharedEngine engine) {
        this.self = new RegionIncarnation(number);
        this.group = group;
        this.range = new RangeRef(10L * number, 1); // ranges have ids of their own in each region
        this.engine = engine;
        this.base = base;
        this.directory = base.resolve("region" + number + "-group" + group);
        this.machine = opened(directory);
    }

    private RangeMachine opened(Path where) {
        try {
            RangeMachine fresh = new RangeMachine(self, group, engine);
            fresh.open(where);
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void activate(List<RegionIncarnation> regions) {
        apply(new GroupEntry.Activate(range, KeyRange.collection(COLLECTION.id()), COLLECTION, regions));
    }

    /** Appends to the log and applies, under the clock's present reading. */
    Object apply(GroupEntry entry) {
        byte[] bytes = GroupEntry.encode(HybridTimestamp.ofMillis(millis), entry);
        log.add(bytes);
        return machine.apply(new LogPosition(1, log.size()), bytes, null);
    }

    HybridTimestamp tick() {
        apply(new GroupEntry.Tick());
        return machine.lastStamp();
    }

    LocalProposer.Outcome deliver(LinkBatch batch) {
        return (LocalProposer.Outcome) apply(new GroupEntry.Pulled(batch));
    }

    /** Closes and opens the same files. */
    void restart() {
        machine.close();
        machine = opened(directory);
    }

    /** The state of now, to come back to. */
    Path checkpoint() {
        try {
            Path copy = base.resolve("region" + self.number() + "-group" + group + "-" + ++generation);
            machine.checkpoint(copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was not yet in files is lost: the state goes back to the checkpoint, and the log is applied again from there. */
    void crashTo(Path checkpoint) {
        machine.close();
        directory = checkpoint;
        machine = opened(checkpoint);
        for (long index = store().applied().index() + 1; index <= log.size(); index++) {
            machine.apply(new LogPosition(1, index), log.get((int) index - 1), null);
        }
    }

    GroupStore store() {
        return Objects.requireNonNull(machine.storeOrNull());
    }

    OwnedRange owned() {
        return Objects.requireNonNull(machine.ranges().get(range.range()));
    }

    /** What all ranges have covered. */
    VersionVector covered() {
        return machine.ranges().values().stream().map(OwnedRange::covered).reduce(VersionVector::meet).orElseThrow().with(self,
                machine.lastStamp());
    }

    /** Ranges by their keys. */
    List<OwnedRange> inOrder() {
        return machine.ranges().values().stream().sorted((a, b) -> Arrays.compareUnsigned(a.keys().start(), b.keys().start())).toList();
    }

    /** The owner of the key. */
    OwnedRange owner(DocumentKey key) {
        return machine.ranges().values().stream().filter(range -> range.keys().contains(key)).findFirst().orElseThrow();
    }

    RangeChange split(DocumentKey at, long child) {
        return (RangeChange) apply(new GroupEntry.Split(owner(at).ref(), at.bytes(), child));
    }

    /** The two ranges that meet at the key. */
    RangeChange merge(DocumentKey at) {
        OwnedRange right = owner(at);
        OwnedRange left = inOrder().stream().filter(range -> range.keys().touches(right.keys())).findFirst().orElseThrow();
        return (RangeChange) apply(new GroupEntry.Merge(left.ref(), right.ref()));
    }

    UnitAnswer write(@Nullable OperationId operation, VersionVector token, DocumentWrite... writes) {
        return write(Arrays.stream(writes).map(write -> owner(write.key()).ref()).toList(), operation, token, writes);
    }

    /** @param refs as the router's map has them */
    UnitAnswer write(List<RangeRef> refs, @Nullable OperationId operation, VersionVector token, DocumentWrite... writes) {
        WriteUnit unit = new WriteUnit(refs, List.of(writes), operation, token);
        return (UnitAnswer) ((List<?>) apply(new GroupEntry.Writes(List.of(unit)))).get(0);
    }

    UnitAnswer write(DocumentWrite... writes) {
        return write(null, VersionVector.EMPTY, writes);
    }

    UnitAnswer.Committed commit(DocumentWrite... writes) {
        return (UnitAnswer.Committed) write(writes);
    }

    static DocumentKey key(String id) {
        return DocumentKey.of(COLLECTION.id(), COLLECTION.strategy(), List.of(JsonParser.parse(utf8('"' + id + '"'))), id);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static DocumentWrite put(String id, String json) {
        return new DocumentWrite(key(id), Precondition.NONE, new Mutation.Put(utf8(json)));
    }

    static DocumentWrite insert(String id, String json) {
        return new DocumentWrite(key(id), Precondition.INSERT, new Mutation.Put(utf8(json)));
    }

    static DocumentWrite replace(String id, VersionVector base, String json) {
        return new DocumentWrite(key(id), new Precondition.Matches(base), new Mutation.Put(utf8(json)));
    }

    /** By somebody who has looked at the state with the vector. */
    static DocumentWrite resolve(String id, VersionVector seen, String json) {
        return new DocumentWrite(key(id), new Precondition.Seen(seen), new Mutation.Put(utf8(json)));
    }

    static DocumentWrite patch(String id, String field, String value) {
        return patch(id, new PatchOperation(PatchOperation.Kind.SET, FieldPath.of(field), null, JsonParser.parse(utf8(value))));
    }

    static DocumentWrite increment(String id, long by) {
        return patch(id, new PatchOperation(PatchOperation.Kind.INC, FieldPath.of("n"), null, JsonParser.parse(utf8(Long.toString(by)))));
    }

    static DocumentWrite patch(String id, PatchOperation operation) {
        return new DocumentWrite(key(id), Precondition.PRESENT, new Mutation.Patch(List.of(operation)));
    }

    static DocumentWrite delete(String id) {
        return new DocumentWrite(key(id), Precondition.PRESENT, DELETE);
    }

    @Nullable
    Head head(String id) {
        return store().head(key(id));
    }

    /** What a reader here sees; empty for a 404. */
    Optional<String> read(String id) {
        Head head = head(id);
        if (head == null) {
            return Optional.empty();
        }
        LiveVersions live = Heads.liveVersions(head, key(id), store()).orElseThrow();
        Optional<String> seen = live.read(owner(key(id)).collection().policies()).map(Document::json)
                .map(json -> new String(json, StandardCharsets.UTF_8));
        if (seen.isPresent() == head.deleted()) {
            throw new AssertionError("the head of " + id + " says deleted=" + head.deleted() + ", its versions say " + seen);
        }
        return seen;
    }

    /** The records of conflicts, in the order of keys. */
    Map<ConflictId, Conflict> conflicts() {
        Map<ConflictId, Conflict> all = new LinkedHashMap<>();
        store().scanConflicts(ALL, null, (id, row) -> {
            all.put(id, ConflictRecord.decode(row).conflict());
            return true;
        });
        return all;
    }

    List<Version> versions(String id) {
        List<Version> all = new ArrayList<>();
        store().scanVersions(key(id), HybridTimestamp.MAX, (key, version, body) -> all.add(version));
        return all;
    }

    @Override
    public void close() {
        machine.close();
    }
}
