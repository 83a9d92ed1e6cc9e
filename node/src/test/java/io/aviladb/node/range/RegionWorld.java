package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.time.CutGrid;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.Siblings;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Three regions under a random schedule of one seed, and a model beside them: every acknowledged version as it was written, never forgotten.
 * What all regions show in the end is what the join of those versions shows.
 */
final class RegionWorld implements AutoCloseable {
    private static final List<String> COUNTERS = List.of("c0", "c1");
    private static final List<String> DOCUMENTS = List.of("d0", "d1", "d2", "d3", "d4");
    private static final List<String> BOUNDS = List.of("a", "c0", "c1", "d1", "d2", "d3", "d4", "d5", "i", "i5", "z");

    private final Random random;
    private final Regions regions;
    private final Map<RegionReplica, CollectorPlan> plans = new HashMap<>();
    private final List<LinkBatch> delivered = new ArrayList<>(); // what may come again
    private final List<Sent> sent = new ArrayList<>();
    private final Map<RegionReplica, VersionVector> coveredBefore = new HashMap<>();
    private final Map<String, VersionVector> keyCoveredBefore = new HashMap<>();
    private final Map<RegionReplica, Path> checkpoints = new HashMap<>();
    private boolean trimmedByForce;
    private long pastRead;
    private long sequence;
    private long children = 1_000; // numbers of ranges that splits have made
    private final Map<RegionReplica, List<List<OwnedRange>>> maps = new HashMap<>(); // what routers may still believe
    private final List<WorldScanner> scanners;
    private final IndexSchedule indexes;
    private final PolicySchedule policies;

    // The model.
    private final TreeMap<DocumentKey, List<LiveVersion>> written = new TreeMap<>();
    private final Map<String, Long> counted = new HashMap<>();
    private final Set<String> inserted = new HashSet<>();

    private record Sent(RegionReplica region, OperationId operation, DocumentWrite[] writes, UnitAnswer answer) {}

    RegionWorld(long seed, Path directory, SharedEngine engine) {
        this(seed, directory, engine, false);
    }

    /** @param changing whether merge policies change meanwhile */
    RegionWorld(long seed, Path directory, SharedEngine engine, boolean changing) {
        random = new Random(seed);
        policies = new PolicySchedule(seed, changing);
        indexes = new IndexSchedule(seed);
        regions = Regions.of(3, directory, engine);
        for (RegionReplica region : regions.all) {
            region.millis = 1_000 + random.nextInt(400); // clocks differ
            plan(region);
        }
        for (String id : COUNTERS) {
            send(regions.get(1), RegionReplica.insert(id, "{\"n\":0}"));
        }
        regions.settle();
        scanners = regions.all.stream().map(region -> new WorldScanner(region, () -> map(region))).toList();
    }

    private void plan(RegionReplica region) {
        plans.put(region, new CollectorPlan(region.machine, region.self, random.nextInt(100), 3_600_000));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    void step() {
        RegionReplica region = any(regions.all);
        region.millis += random.nextInt(40) - 4;
        int dice = random.nextInt(100);
        if (dice < 38) {
            write(region);
        } else if (dice < 48) {
            retry();
        } else if (dice < 62) {
            any(regions.links).pull();
        } else if (dice < 78) {
            deliver(any(regions.links));
        } else if (dice < 82) {
            any(regions.links).reconnect();
        } else if (dice < 90) {
            region.tick();
        } else if (dice < 94) {
            collect(region);
        } else if (dice < 97) {
            cut(region);
        } else {
            accident(region);
        }
        indexes.step(region);
        policies.step(region);
        scanners.forEach(scanner -> scanner.step(random));
        checkRanges();
        checkCoverage();
        checkConflicts(region);
        checkPast(any(regions.all));
    }

    /** Whatever live version overwrites another's value, the region has a record of it. */
    private void checkConflicts(RegionReplica region) {
        Set<ConflictId> recorded = region.conflicts().keySet();
        for (DocumentKey key : written.keySet()) {
            Head head = region.head(key.id());
            if (head == null || head.live().size() == 1) {
                continue;
            }
            List<LiveVersion> live = Heads.liveVersions(head, key, region.store()).orElseThrow().versions();
            for (int i = 1; i < live.size(); i++) {
                for (LiveVersion older : live.subList(0, i)) {
                    Conflict conflict = new Conflict(older, live.get(i));
                    if (conflict.overwrites(policies.all())) {
                        assertThat(recorded).as("NothingIsOverwrittenWithoutARecord")
                                .contains(new ConflictId(key, older.version(), live.get(i).version()));
                    }
                }
            }
        }
    }

    /** A region that can tell a state of the past tells what the join of all that was written up to then shows. */
    private void checkPast(RegionReplica region) {
        HybridTimestamp newest = region.machine.lastStamp();
        for (RegionReplica other : regions.all) {
            newest = other == region ? newest : newest.min(region.covered().at(other.self));
        }
        long back = random.nextInt(5) * CutGrid.MILLIS << HybridTimestamp.COUNTER_BITS;
        HybridTimestamp cut = new HybridTimestamp(Math.max(0, CutGrid.upTo(newest).bits() - back));
        try (ReadView view = region.store().view()) {
            if (cut.compareTo(Horizon.of(view)) < 0) {
                return;
            }
            pastRead++;
            PastStates past = PastStates.at(cut, view);
            written.forEach((key, versions) -> {
                List<LiveVersion> then = versions.stream().filter(version -> version.version().stamp().compareTo(cut) <= 0).toList();
                assertThat(past.of(key).read(policies.all())
                        .map(document -> new String(document.json(), StandardCharsets.UTF_8)))
                        .as("APastStateIsTheJoinOfAllUpToTheCut: %s at %s in region %s", key.id(), cut, region.self)
                        .isEqualTo(LiveVersions.of(then).read(policies.all())
                                .map(document -> new String(document.json(), StandardCharsets.UTF_8)));
                Head head = view.head(key);
                assertThat(head != null || past.of(key).read(policies.all()).isEmpty())
                        .as("WhatAPastStateShowsHasAHead: %s at %s", key.id(), cut).isTrue();
            });
        }
    }

    /** How often a state of the past could be read. */
    long pastRead() {
        return pastRead;
    }

    /** A range splits, or two become one. */
    private void cut(RegionReplica region) {
        List<OwnedRange> before = region.inOrder();
        maps.computeIfAbsent(region, r -> new ArrayList<>()).add(before);
        if (before.size() == 1 || before.size() < 6 && random.nextBoolean()) {
            DocumentKey at = RegionReplica.key(any(BOUNDS));
            OwnedRange owner = region.owner(at);
            GroupEntry.Split split = new GroupEntry.Split(owner.ref(), at.bytes(), ++children);
            boolean possible = owner.keys().isInside(at.bytes());
            assertThat(region.apply(split) instanceof RangeChange.Done).as("ASplitNeedsKeysOnBothSides").isEqualTo(possible);
            again(region, split, possible);
        } else {
            OwnedRange left = before.get(random.nextInt(before.size() - 1));
            OwnedRange right = before.get(before.indexOf(left) + 1);
            GroupEntry.Merge merge = new GroupEntry.Merge(left.ref(), right.ref());
            assertThat(region.apply(merge)).isEqualTo(new RangeChange.Done());
            again(region, merge, true);
            assertThat(region.apply(
                    new GroupEntry.Activate(right.ref(), right.keys(), RegionReplica.COLLECTION, List.copyOf(region.machine.regions()))))
                    .as("a map that is behind").isEqualTo(Boolean.TRUE);
        }
    }

    /** The controller asks again where it heard no answer. */
    private void again(RegionReplica region, GroupEntry entry, boolean done) {
        if (random.nextBoolean()) {
            List<OwnedRange> once = region.inOrder();
            assertThat(region.apply(entry) instanceof RangeChange.Done).as("AskedAgainTheAnswerIsTheSame").isEqualTo(done);
            assertThat(region.inOrder()).as("AskedAgainNothingChanges").isEqualTo(once);
        }
    }

    private void checkRanges() {
        for (RegionReplica region : regions.all) {
            KeyRange all = region.inOrder().stream().map(OwnedRange::keys).reduce(KeyRange::followedBy).orElseThrow();
            assertThat(all).as("EachKeyHasOneOwner").isEqualTo(RegionReplica.ALL);
        }
    }

    private void accident(RegionReplica region) {
        int dice = random.nextInt(100);
        if (dice < 10) {
            region.restart();
            plan(region);
        } else if (dice < 16) {
            checkpoints.put(region, region.checkpoint());
        } else if (dice < 30) {
            Path checkpoint = checkpoints.remove(region);
            if (checkpoint != null) {
                byte[] before = region.store().stateHash(RegionReplica.ALL);
                List<OwnedRange> ranges = region.inOrder();
                region.crashTo(checkpoint);
                plan(region);
                assertThat(region.inOrder()).as("ReplayLeadsToTheSameRanges").isEqualTo(ranges);
                assertThat(region.store().stateHash(RegionReplica.ALL)).as("ReplayLeadsToTheSameState").isEqualTo(before);
            }
        } else if (dice < 45) {
            region.apply(new GroupEntry.Collect(region.machine.lastStamp())); // as after the longest absence: cursors fall out of the feed
            trimmedByForce = true;
        } else if (dice < 75) {
            RegionLink link = any(regions.links);
            policies.catchUp(link.target, link.source); // what names a policy that isn't known yet would wait for ever
            link.catchUp();
        } else if (dice < 80) {
            long day = UnitApplier.ANSWERS_KEPT.toMillis() - 2_000 + random.nextInt(4_000);
            regions.all.forEach(any -> any.millis += day); // clocks still differ by what they did
            trimmedByForce = true; // no region is waited for so long
        }
    }

    private void collect(RegionReplica region) {
        for (GroupEntry entry : Objects.requireNonNull(plans.get(region)).next(region.millis)) {
            if (random.nextInt(5) > 0) { // a proposal may fail
                region.apply(entry);
            }
        }
    }

    private void deliver(RegionLink link) {
        if (random.nextInt(4) == 0 && !delivered.isEmpty()) {
            LinkBatch old = any(delivered);
            regions.links.stream().filter(l -> l.source.self.equals(old.source()) && l.target == link.target).findFirst()
                    .ifPresent(l -> l.target.deliver(old));
        } else if (!link.inFlight.isEmpty()) {
            LinkBatch batch = random.nextInt(3) == 0 ? any(link.inFlight) : link.inFlight.get(0);
            if (random.nextInt(10) == 0) {
                link.inFlight.remove(batch); // lost: the stream goes on behind a gap
                return;
            }
            link.deliver(batch);
            delivered.add(batch);
        }
    }

    /** What a router believes: as it is, or as it was some time ago. */
    private List<OwnedRange> map(RegionReplica region) {
        List<List<OwnedRange>> past = maps.getOrDefault(region, List.of());
        return past.isEmpty() || random.nextInt(3) > 0 ? region.inOrder() : any(past);
    }

    /** As a router does: by its map first, by a newer one where that is refused, under the same id. */
    private UnitAnswer routed(RegionReplica region, OperationId operation, VersionVector token, DocumentWrite... writes) {
        List<OwnedRange> believed = map(region);
        List<RangeRef> refs = Arrays.stream(writes).map(write -> believed.stream().filter(range -> range.keys().contains(write.key()))
                .findFirst().orElseThrow().ref()).toList();
        List<RangeRef> now = Arrays.stream(writes).map(write -> region.owner(write.key()).ref()).toList();
        UnitAnswer answer = region.write(refs, operation, token, writes);
        boolean moved = answer instanceof UnitAnswer.Refused refused && refused.code() == ErrorCode.RANGE_MOVED;
        assertThat(moved).as("AnOldEpochIsRefused %s, now %s: %s", refs, now, answer).isEqualTo(!refs.equals(now));
        return moved ? region.write(now, operation, token, writes) : answer;
    }

    private void write(RegionReplica region) {
        int writes = random.nextInt(5) == 0 ? 2 + random.nextInt(2) : 1;
        List<DocumentWrite> unit = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < writes; i++) {
            int dice = random.nextInt(10);
            String id = dice < 3 ? any(COUNTERS) : dice < 9 ? any(DOCUMENTS) : "i" + sequence + "-" + i;
            if (ids.add(id)) {
                unit.add(one(region, id));
            }
        }
        send(region, unit.toArray(new DocumentWrite[0]));
    }

    private DocumentWrite one(RegionReplica region, String id) {
        int value = random.nextInt(1_000);
        if (id.startsWith("i")) {
            return RegionReplica.insert(id, "{\"i\":" + value + "}");
        }
        String field = any(List.of("a", "b", "e"));
        if (id.startsWith("c")) {
            return random.nextInt(3) > 0
                    ? RegionReplica.increment(id, 1 + random.nextInt(9))
                    : RegionReplica.patch(id, field, "" + value);
        }
        Head head = region.head(id);
        if (head != null && random.nextBoolean() && areSiblings(region, RegionReplica.key(id))) {
            return RegionReplica.resolve(id, head.vector(), "{\"a\":" + value + ",\"e\":1}");
        }
        return switch (random.nextInt(8)) {
            case 0, 1 -> RegionReplica.put(id, "{\"a\":" + value + ",\"b\":{\"x\":1}}");
            case 2 -> RegionReplica.insert(id, "{\"a\":" + value + "}");
            case 3 -> RegionReplica.patch(id, field, random.nextBoolean() ? "" + value : "{\"x\":" + value + "}");
            case 4 -> RegionReplica.increment(id, 1);
            case 5 -> RegionReplica.patch(id, new PatchOperation(PatchOperation.Kind.UNSET,
                    FieldPath.of(field), null, null));
            case 6 -> RegionReplica.replace(id, head == null ? VersionVector.EMPTY : head.vector(), "{\"b\":" + value + ",\"e\":0}");
            default -> RegionReplica.delete(id);
        };
    }

    private void send(RegionReplica region, DocumentWrite... writes) {
        OperationId operation = Regions.operation(++sequence, region, "unit " + sequence);
        VersionVector token = random.nextBoolean() ? VersionVector.EMPTY : region.covered();
        UnitAnswer answer = routed(region, operation, token, writes);
        sent.add(new Sent(region, operation, writes, answer));
        if (!(answer instanceof UnitAnswer.Committed committed)) {
            return;
        }
        HybridTimestamp stamp = committed.version().stamp();
        assertThat(stamp).as("StampAboveToken").isGreaterThan(token.highest());
        for (int i = 0; i < writes.length; i++) {
            DocumentKey key = writes[i].key();
            committed.documents().get(i).vector().forEach((writer, seen) -> {
                if (!writer.equals(region.self)) {
                    assertThat(stamp).as("StampAboveVector").isGreaterThan(seen);
                }
            });
            written.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(LiveVersion.decode(Objects.requireNonNull(region.store().version(key, committed.version()))));
            if (key.id().startsWith("c") && writes[i].mutation() instanceof Mutation.Patch patch
                    && patch.operations().get(0).kind() == PatchOperation.Kind.INC) {
                counted.merge(key.id(), Long.parseLong(Objects.requireNonNull(patch.operations().get(0).value()).toString()), Long::sum);
            }
            if (key.id().startsWith("i")) {
                inserted.add(key.id());
            }
        }
    }

    private void retry() {
        Sent earlier = any(sent);
        RegionReplica region = any(regions.all);
        UnitAnswer again = routed(region, earlier.operation(), VersionVector.EMPTY, earlier.writes());
        long now = Math.max(region.millis, region.machine.lastStamp().millis()); // the log's time
        boolean old = earlier.operation().firstSent().millis() + UnitApplier.ANSWERS_KEPT.toMillis() <= now;
        boolean unknownHere = (old || region != earlier.region()) && again instanceof UnitAnswer.Refused refused
                && refused.code() == ErrorCode.INDETERMINATE;
        if (!unknownHere) {
            assertThat(again.toByteArray()).as("ReplayGivesTheSameAnswer").isEqualTo(earlier.answer().toByteArray());
        }
    }

    private void checkCoverage() {
        for (RegionReplica region : regions.all) {
            VersionVector now = region.covered();
            VersionVector before = coveredBefore.put(region, now);
            assertThat(before == null || now.covers(before)).as("CoverageAndClosedNeverFall: " + before + " then " + now).isTrue();
            for (String bound : BOUNDS) {
                DocumentKey key = RegionReplica.key(bound);
                VersionVector here = region.owner(key).coverage().at(key).orElseThrow();
                VersionVector earlier = keyCoveredBefore.put(region.self + bound, here);
                assertThat(earlier == null || here.covers(earlier)).as("CoverageOfAKeyNeverFalls: %s then %s", earlier, here).isTrue();
            }
        }
    }

    /** Links heal, nobody writes any more, collectors do their work. */
    void heal() {
        regions.all.forEach(policies::finish);
        regions.links.forEach(RegionLink::reconnect);
        for (int round = 0; round < 3; round++) {
            regions.all.forEach(region -> region.millis += 1_000);
            regions.settle();
            for (RegionReplica region : regions.all) {
                for (int pass = 0; pass < 3; pass++) {
                    for (GroupEntry entry : Objects.requireNonNull(plans.get(region)).next(region.millis)) {
                        region.apply(entry);
                        checkPast(region);
                    }
                }
            }
        }
        regions.settle();
        regions.all.forEach(this::checkPast);
    }

    /** A day later: nothing of an operation is left, and nothing else has changed. */
    void checkADayLater() {
        List<byte[]> before = regions.all.stream().map(region -> region.store().stateHash(RegionReplica.ALL)).toList();
        regions.all.forEach(region -> region.millis += 2 * UnitApplier.ANSWERS_KEPT.toMillis());
        for (RegionReplica region : regions.all) {
            region.tick();
            for (int pass = 0; pass < 3; pass++) {
                Objects.requireNonNull(plans.get(region)).next(region.millis).forEach(region::apply);
            }
            region.store().scanDedup(RegionReplica.ALL, (key, rowKey, row) -> {
                throw new AssertionError("AnswersGoADayLater: " + key.id() + " in region " + region.self);
            });
            assertThat(region.store().stateHash(RegionReplica.ALL)).as("ASweepTakesAnswersOnly")
                    .isEqualTo(before.get(regions.all.indexOf(region)));
        }
    }

    void checkEnd() {
        regions.all.forEach(indexes::finish);
        written.forEach((key, versions) -> {
            String expected = LiveVersions.of(versions).read(policies.all())
                    .map(document -> new String(document.json(), StandardCharsets.UTF_8)).orElse(null);
            for (RegionReplica region : regions.all) {
                assertThat(region.read(key.id()).orElse(null))
                        .as("RegionsShowTheJoinOfAllAcknowledged: %s in region %s", key.id(), region.self).isEqualTo(expected);
            }
        });
        for (RegionReplica region : regions.all) {
            for (String id : COUNTERS) {
                assertThat(number(region.read(id))).as("CounterIsTheSumOfAcknowledged").isEqualTo(counted.getOrDefault(id, 0L));
            }
            for (String id : inserted) {
                assertThat(region.read(id)).as("NoAcknowledgedInsertLost").isPresent();
            }
            checkNothingLeft(region);
        }
    }

    private void checkNothingLeft(RegionReplica region) {
        written.keySet().forEach(key -> {
            Head head = region.head(key.id());
            assertThat(region.versions(key.id()))
                    .as("SupersededVersionsGo: %s in region %s, head %s, trimmed %s", key.id(), region.self, head,
                            region.store().feedTrimmedThrough())
                    .hasSizeLessThanOrEqualTo(head == null ? 0 : head.live().size());
            if (!trimmedByForce && !areSiblings(region, key)) {
                assertThat(head == null || !Collector.isForgettable(head, version -> region.store().version(key, version)))
                        .as("StableSetsAreForgotten: %s", head).isTrue();
            }
        });
    }

    private boolean areSiblings(RegionReplica region, DocumentKey key) {
        Head head = region.head(key.id());
        return head != null && Siblings.are(Heads.liveVersions(head, key, region.store()).orElseThrow(), policies.all());
    }

    private static long number(Optional<String> json) {
        String text = json.orElseThrow();
        int at = text.indexOf("\"n\":") + 4;
        return Long.parseLong(
                text.substring(at, text.substring(at).indexOf(',') < 0 ? text.length() - 1 : at + text.substring(at).indexOf(',')));
    }

    /** Of all regions: their documents, versions and logs. */
    int fingerprint() {
        int hash = 1;
        for (RegionReplica region : regions.all) {
            hash = 31 * hash + Arrays.hashCode(region.store().stateHash(RegionReplica.ALL));
            for (byte[] entry : region.log) {
                hash = 31 * hash + Arrays.hashCode(entry);
            }
        }
        return hash;
    }

    @Override
    public void close() {
        regions.close();
    }
}
