package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A region of three groups with a controller whose ranges split, merge and move, and a region that follows it, under a random schedule of one seed:
 * messages and answers are lost, come late or twice, groups crash and come back from a checkpoint, drivers are deposed, routers have old maps. Beside it
 * a model that knows what each document must be.
 */
final class TransferWorld implements AutoCloseable {
    private static final CollectionDefinition COLLECTION = new CollectionDefinition(1, "db", "things",
            PartitionStrategy.single(FieldPath.of("id")), MergePolicyDefinition.DEFAULT, 1);
    private static final List<String> COUNTERS = List.of("c0", "f1", "m2");
    private static final List<String> DOCUMENTS = List.of("a", "d", "g", "k", "p");
    private static final List<String> FOREIGN = List.of("b", "e", "n"); // written by the other region
    private static final List<String> BOUNDS = List.of("b", "d", "f", "i", "m", "p", "s");
    private static final ReadTerms ANYTHING = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);

    private final Random random;
    private final SimulatedController controller;
    private final Map<Integer, SimulatedGroup> groups = new HashMap<>();
    private final SimulatedGroup other;
    private final SimulatedFollower follower = new SimulatedFollower();
    private final Map<Integer, Reconciler> reconcilers = new HashMap<>();
    private final List<LinkBatch> inFlight = new ArrayList<>();
    private long token;

    // The model.
    private final Map<String, String> documents = new HashMap<>(); // absent where deleted
    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, HybridTimestamp> closed = new HashMap<>(); // per key: its owner writes nothing more at or below
    private final Map<String, HybridTimestamp> pulled = new HashMap<>(); // per key: how far the other region has been followed

    private static final class Sent {
        final OperationId operation;
        final String id;
        final DocumentWrite write;
        @Nullable
        UnitAnswer answer;

        Sent(OperationId operation, String id, DocumentWrite write) {
            this.operation = operation;
            this.id = id;
            this.write = write;
        }
    }

    TransferWorld(long seed, Path where, SharedEngine engine, Map<String, Integer> covered) {
        this.random = new Random(seed);
        for (int number = 101; number <= 103; number++) {
            SimulatedGroup group = new SimulatedGroup(1, number, where, engine);
            group.millis += random.nextInt(2_000); // clocks differ
            groups.put(number, group);
            reconcilers.put(number, new Reconciler());
        }
        this.other = new SimulatedGroup(2, 201, where, engine);
        this.controller = new SimulatedController(random, where.resolve("controller"), engine, this::group, covered);
        controller.apply(new ControllerEntry.Assign(1));
        other.apply(new GroupEntry.Activate(new RangeRef(1, 1), KeyRange.collection(1), COLLECTION, regions()));
        groups.values().forEach(group -> reconcile(group, controller.map()));
        groups.values().forEach(SimulatedGroup::takeCheckpoint);
        COUNTERS.forEach(id -> send(id, new Mutation.Put(utf8("{\"n\":0}")), Precondition.NONE));
    }

    private static List<RegionIncarnation> regions() {
        return List.of(new RegionIncarnation(1), new RegionIncarnation(2));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static DocumentKey key(String id) {
        return DocumentKey.of(1, COLLECTION.strategy(), List.of(new JsonString(id)), id);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private SimulatedGroup group(int number) {
        return Objects.requireNonNull(groups.get(number));
    }

    private SimulatedGroup anyGroup() {
        return group(101 + random.nextInt(3));
    }

    private void reconcile(SimulatedGroup group, RangeMap map) {
        group.millis += 1_100; // beyond the time after which a step is tried again
        Objects.requireNonNull(reconcilers.get(group.number)).dataGroup(group.data, map,
                new CatalogView(1, List.of("db"), List.of(COLLECTION)),
                regions(), group.millis);
    }

    // The schedule.

    void step() {
        groups.values().forEach(group -> group.millis += random.nextInt(8));
        other.millis += random.nextInt(8);
        controller.passes(1_000_000);
        int dice = random.nextInt(100);
        if (dice < 25) {
            write();
        } else if (dice < 36 && !sent.isEmpty()) {
            deliver(any(sent));
        } else if (dice < 56) {
            controller.drive();
        } else if (dice < 66) {
            begin();
        } else if (dice < 69) {
            controller.running().stream().filter(one -> one.move().isPresent()).findFirst()
                    .ifPresent(one -> controller.apply(new ControllerEntry.Decide(one.number(), "given up")));
        } else if (dice < 80) {
            follow();
        } else if (dice < 84) {
            anyGroup().apply(new GroupEntry.Tick());
        } else if (dice < 86) {
            anyGroup().takeCheckpoint();
        } else if (dice < 88) {
            anyGroup().crash();
        } else if (dice < 91 && controller.hasLate()) {
            controller.repeatLate();
        } else if (dice < 94) {
            reconcile(anyGroup(), random.nextBoolean() ? controller.map() : controller.anyMap());
        } else if (dice < 97) {
            anyGroup().collect();
        } else {
            foreign();
        }
        check();
    }

    private void begin() {
        List<RangeMap.Range> ranges = controller.map().ranges();
        List<RangeMap.Range> right = ranges.stream().filter(range -> ranges.stream()
                .anyMatch(left -> left.group() == range.group() && left.keys().touches(range.keys()))).toList();
        int dice = random.nextInt(10);
        if (dice < 2 && !right.isEmpty()) {
            controller.apply(new ControllerEntry.Merge(1, any(right).keys().start(), true, ++token));
        } else if (dice < 4) {
            controller.apply(new ControllerEntry.Split(1, key(any(BOUNDS)).bytes(), true, ++token));
        } else {
            controller.apply(new ControllerEntry.Transfer(1, any(ranges).ref().range(), 101 + random.nextInt(3), true, ++token));
        }
    }

    private void write() {
        String id = random.nextInt(3) == 0 ? any(COUNTERS) : any(DOCUMENTS);
        if (COUNTERS.contains(id)) {
            send(id, new Mutation.Patch(List.of(new PatchOperation(PatchOperation.Kind.INC, FieldPath.of("n"), null, JsonNumber.of(1)))),
                    Precondition.PRESENT);
        } else if (random.nextInt(4) == 0) {
            send(id, new Mutation.Delete(), Precondition.PRESENT);
        } else {
            send(id, new Mutation.Put(utf8("{\"v\":" + sent.size() + "}")), Precondition.NONE);
        }
    }

    private void foreign() {
        other.apply(new GroupEntry.Writes(List.of(new WriteUnit(List.of(new RangeRef(1, 1)),
                List.of(new DocumentWrite(key(any(FOREIGN)), Precondition.NONE,
                        new Mutation.Put(utf8("{\"w\":" + random.nextInt(99) + "}")))),
                null,
                VersionVector.EMPTY))));
    }

    private void send(String id, Mutation mutation, Precondition precondition) {
        long sequence = sent.size() + 1L;
        OperationId operation = new OperationId(new byte[16], sequence, new RegionIncarnation(1),
                ByteBuffer.allocate(16).putLong(8, sequence).array(), HybridTimestamp.ofMillis(3_000));
        Sent one = new Sent(operation, id, new DocumentWrite(key(id), precondition, mutation));
        sent.add(one);
        deliver(one);
    }

    /** As a router does: by its map first, by a newer one where that is refused, under the same id. The answer may be lost. */
    private void deliver(Sent one) {
        UnitAnswer answer = routed(one, random.nextInt(3) > 0 ? controller.map() : controller.anyMap());
        if (isMoved(answer)) {
            answer = routed(one, controller.map());
        }
        if (isMoved(answer)) {
            return; // frozen, or on its way: asked again later
        }
        UnitAnswer before = one.answer;
        if (before != null) {
            assertThat(answer.toByteArray()).as("ReplayGivesTheSameAnswer: %s", one.id).isEqualTo(before.toByteArray());
            return;
        }
        one.answer = answer;
        if (answer instanceof UnitAnswer.Committed committed) {
            HybridTimestamp stamp = committed.version().stamp();
            assertThat(stamp).as("NothingIsWrittenBelowWhatWasClosed: %s", one.id)
                    .isGreaterThan(closed.getOrDefault(one.id, HybridTimestamp.ZERO));
            effect(one);
        }
    }

    private static boolean isMoved(UnitAnswer answer) {
        return answer instanceof UnitAnswer.Refused refused && refused.code() == ErrorCode.RANGE_MOVED;
    }

    private UnitAnswer routed(Sent one, RangeMap believed) {
        RangeMap.Range range = believed.ranges().stream().filter(there -> there.keys().contains(one.write.key())).findFirst().orElseThrow();
        WriteUnit unit = new WriteUnit(List.of(range.ref()), List.of(one.write), one.operation, VersionVector.EMPTY);
        return (UnitAnswer) ((List<?>) group(range.group()).apply(new GroupEntry.Writes(List.of(unit)))).getFirst();
    }

    private void effect(Sent one) {
        if (one.write.mutation() instanceof Mutation.Delete) {
            documents.remove(one.id);
        } else if (one.write.mutation() instanceof Mutation.Put put) {
            documents.put(one.id, new String(put.json(), StandardCharsets.UTF_8));
        } else {
            String before = Objects.requireNonNull(documents.get(one.id));
            long count = Long.parseLong(before.substring(before.indexOf(':') + 1, before.length() - 1));
            documents.put(one.id, "{\"n\":" + (count + 1) + "}");
        }
    }

    /** The other region pulls from a group, or a group from it. */
    private void follow() {
        SimulatedGroup group = anyGroup();
        int dice = random.nextInt(10);
        if (dice < 4) {
            follower.pull(other, group, SimulatedFollower.keys(random.nextBoolean() ? controller.map() : controller.anyMap(), group.number))
                    .ifPresent(inFlight::add);
        } else if (dice < 7 && !inFlight.isEmpty()) {
            LinkBatch batch = any(inFlight);
            other.apply(new GroupEntry.Pulled(batch)); // it may come again
        } else {
            follower.pull(group, other, List.of(KeyRange.collection(1))).ifPresent(batch -> {
                if (random.nextInt(4) > 0) {
                    group.apply(new GroupEntry.Pulled(batch));
                }
            });
        }
    }

    // What must hold.

    private @Nullable OwnedRange ownerIn(SimulatedGroup group, DocumentKey key) {
        return group.machine.ranges().values().stream().filter(range -> range.keys().contains(key)).findFirst().orElse(null);
    }

    private void check() {
        List<String> all = new ArrayList<>(COUNTERS);
        all.addAll(DOCUMENTS);
        for (String id : all) {
            SimulatedGroup owner = null;
            for (SimulatedGroup group : groups.values()) {
                if (ownerIn(group, key(id)) != null) {
                    assertThat(owner).as("AKeyHasOneOwnerAtMost: %s", id).isNull();
                    owner = group;
                }
            }
            if (owner != null) {
                OwnedRange range = Objects.requireNonNull(ownerIn(owner, key(id)));
                closed.merge(id, owner.machine.lastStamp(), HybridTimestamp::max);
                HybridTimestamp cursor = range.cursor(other.self, KeyRange.prefix(key(id).bytes()));
                assertThat(cursor).as("CoverageOfAKeyNeverFalls: %s", id)
                        .isGreaterThanOrEqualTo(pulled.getOrDefault(id, HybridTimestamp.ZERO));
                pulled.put(id, cursor);
            }
        }
        String id = any(all);
        for (SimulatedGroup group : groups.values()) {
            OwnedRange range = ownerIn(group, key(id));
            if (range != null) {
                assertThat(read(group, range, id)).as("TheOwnerShowsWhatWasWritten: %s in group %s", id, group.number)
                        .isEqualTo(Optional.ofNullable(documents.get(id)));
            }
        }
        for (RangeMap.Range range : controller.anyMap().ranges()) { // an old map is served by nobody but the owner at its epoch
            OwnedRange there = group(range.group()).machine.ranges().get(range.ref().range());
            boolean served = group(range.group()).data.reader()
                    .read(new ReadRequest(range.group(), range.ref(), new DocumentKey(range.keys().start()), ANYTHING))
                    .handle((reply, failure) -> failure == null).join();
            assertThat(served).as("AnOldEpochIsRefused: %s", range.ref()).isEqualTo(there != null && there.ref().equals(range.ref()));
        }
    }

    private static Optional<String> read(SimulatedGroup group, OwnedRange range, String id) {
        ReadReply reply = group.data.reader().read(new ReadRequest(group.number, range.ref(), key(id), ANYTHING)).join();
        return reply.json().map(json -> new String(json, StandardCharsets.UTF_8));
    }

    /** Nothing is lost any more: operations end, what was asked is answered, links catch up. */
    void heal() {
        controller.heal();
        for (int round = 0; round < 4; round++) {
            controller.passes(1_000_000_000);
            groups.values().forEach(group -> reconcile(group, controller.map()));
            controller.drive();
        }
        assertThat(controller.running()).as("EveryOperationEnds").isEmpty();
        for (SimulatedGroup group : groups.values()) {
            List<RangeRef> mapped = controller.map().ranges().stream().filter(range -> range.group() == group.number)
                    .map(RangeMap.Range::ref)
                    .toList();
            assertThat(group.machine.ranges().values()).as("TheMapIsWhatTheGroupsHave").extracting(OwnedRange::ref)
                    .containsExactlyInAnyOrderElementsOf(mapped);
            assertThat(group.machine.transfers().leaving()).as("NothingIsLeftOfATransfer").isEmpty();
            assertThat(group.machine.transfers().arriving()).as("NothingIsLeftOfATransfer").isEmpty();
            Objects.requireNonNull(group.machine.storeOrNull()).scanHeads(KeyRange.collection(1), null, (key, head) -> {
                assertThat(ownerIn(group, key)).as("NoRowIsLeftOfARangeThatWent: %s in group %s", key.id(), group.number).isNotNull();
                return true;
            });
        }
        sent.forEach(this::deliver);
        assertThat(sent).as("EveryOperationIsAnswered").allMatch(one -> one.answer != null);
        check();
        converge();
    }

    private void converge() {
        for (int round = 0; round < 2; round++) {
            other.apply(new GroupEntry.Tick());
            for (SimulatedGroup group : groups.values()) {
                group.apply(new GroupEntry.Tick());
                follower.catchUp(other, group, SimulatedFollower.keys(controller.map(), group.number));
                follower.catchUp(group, other, List.of(KeyRange.collection(1)));
            }
        }
        OwnedRange theirs = other.machine.ranges().values().iterator().next();
        for (SimulatedGroup group : groups.values()) {
            for (OwnedRange range : group.machine.ranges().values()) {
                for (List<String> ids : List.of(COUNTERS, DOCUMENTS, FOREIGN)) {
                    for (String id : ids) {
                        if (range.keys().contains(key(id))) {
                            assertThat(read(other, theirs, id)).as("RegionsConverge: %s", id).isEqualTo(read(group, range, id));
                        }
                    }
                }
            }
        }
    }

    int fingerprint() {
        int hash = controller.map().hashCode();
        for (int number = 101; number <= 103; number++) {
            hash = 31 * hash + java.util.Arrays
                    .hashCode(Objects.requireNonNull(group(number).machine.storeOrNull()).stateHash(KeyRange.collection(1)));
        }
        return hash;
    }

    @Override
    public void close() {
        controller.close();
        groups.values().forEach(SimulatedGroup::close);
        other.close();
    }
}
