package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.link.StoreFeed;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.spi.FeedView;
import io.aviladb.replication.spi.LocalProposer;
import io.aviladb.storage.engine.Family;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What travels with a range, who serves it at which step, and what steps that come late do. */
class RangeTransferTest {
    private static final RangeChange DONE = new RangeChange.Done();

    @TempDir
    Path directory;

    private SharedEngine engine;
    private RegionReplica old;
    private RegionReplica next;
    private RegionReplica b; // another region, which follows both groups
    private TransferOf transfer;

    @BeforeEach
    void open() {
        engine = Regions.engine();
        old = new RegionReplica(1, 1, directory, engine);
        next = new RegionReplica(1, 2, directory, engine);
        b = new RegionReplica(2, 3, directory, engine);
        List<RegionIncarnation> regions = List.of(old.self, b.self);
        old.activate(regions);
        b.activate(regions);
        for (String id : List.of("k", "m", "p")) {
            old.commit(RegionReplica.put(id, "{\"x\":1}"));
        }
        old.split(RegionReplica.key("m"), 77);
        transfer = new TransferOf(1, old, next, old.owner(RegionReplica.key("m")));
    }

    @AfterEach
    void close() {
        Stream.of(old, next, b).forEach(RegionReplica::close);
        engine.close();
    }

    private RegionLink follow(RegionReplica source) {
        return new RegionLink(b, source);
    }

    private List<String> rows(RegionReplica group) {
        List<String> rows = new ArrayList<>();
        for (Family family : MovedRows.FAMILIES) {
            MovedRows.scan(family, transfer.keys, new byte[0], group.store(), (key, value) -> {
                rows.add(family + " " + HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value));
                return true;
            });
        }
        return rows;
    }

    private static void assertMoved(UnitAnswer answer) {
        assertThat(answer).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RANGE_MOVED));
    }

    @Nested
    class WhatTravels {
        @Test
        void everyRowOfTheRangeAndNoOther() {
            OperationId operation = Regions.operation(1, old, "once");
            old.write(operation, VersionVector.EMPTY, RegionReplica.increment("m", 5));
            old.commit(RegionReplica.delete("p"));
            List<String> before = rows(old);
            assertThat(before).hasSizeGreaterThan(6);
            transfer.maxBytes = 60; // a piece holds a row or two
            transfer.whole();
            assertThat(rows(next)).isEqualTo(before);
            assertThat(rows(old)).isEmpty();
            assertThat(next.read("m")).contains("{\"x\":1,\"n\":5}");
            assertThat(next.read("p")).isEmpty();
            assertThat(next.head("k")).isNull();
            assertThat(old.read("k")).contains("{\"x\":1}");
        }

        @Test
        void whatChangesWhileItIsCopiedComesToo() {
            transfer.export();
            transfer.receive();
            transfer.maxBytes = 1;
            transfer.bring(transfer.next()); // the first row is there, and changes behind the copy
            old.commit(RegionReplica.put("m", "{\"x\":2}"));
            old.commit(RegionReplica.delete("p"));
            old.commit(RegionReplica.put("q", "{\"x\":3}"));
            transfer.copy();
            old.commit(RegionReplica.patch("m", "x", "4"));
            transfer.freeze();
            List<String> before = rows(old);
            transfer.copy();
            transfer.take();
            assertThat(rows(next)).isEqualTo(before);
            assertThat(next.read("m")).contains("{\"x\":4}");
            assertThat(next.read("p")).isEmpty();
            assertThat(next.read("q")).contains("{\"x\":3}");
        }

        @Test
        void anOperationIsAnsweredFromItsRowByTheNewOwner() {
            OperationId operation = Regions.operation(1, old, "once");
            UnitAnswer first = old.write(operation, VersionVector.EMPTY, RegionReplica.increment("m", 5));
            OperationId refused = Regions.operation(2, old, "refused");
            UnitAnswer refusal = old.write(refused, VersionVector.EMPTY, RegionReplica.insert("m", "{}"));
            transfer.whole();
            assertThat(next.write(operation, VersionVector.EMPTY, RegionReplica.increment("m", 5)).toByteArray())
                    .isEqualTo(first.toByteArray());
            assertThat(next.write(refused, VersionVector.EMPTY, RegionReplica.insert("m", "{}")).toByteArray())
                    .isEqualTo(refusal.toByteArray());
            assertThat(next.read("m")).contains("{\"x\":1,\"n\":5}");
        }

        @Test
        void theCursorsOfLinksGoOnWhereTheyStood() {
            b.commit(RegionReplica.put("s", "{\"b\":1}"));
            RegionLink back = new RegionLink(old, b);
            back.catchUp();
            HybridTimestamp cursor = old.owner(RegionReplica.key("s")).cursor(b.self, transfer.keys);
            assertThat(cursor).isNotEqualTo(HybridTimestamp.ZERO);
            transfer.whole();
            assertThat(next.owner(RegionReplica.key("s")).cursor(b.self, transfer.keys)).isEqualTo(cursor);
            b.commit(RegionReplica.put("s", "{\"b\":2}"));
            LinkBatch batch = new RegionLink(next, b).pull().orElseThrow();
            assertThat(batch.changes()).hasSize(1);
            assertThat(next.deliver(batch)).isEqualTo(LocalProposer.Outcome.APPLIED);
            assertThat(next.read("s")).contains("{\"b\":2}");
        }

        @Test
        void whatWasForgottenStaysOldNews() {
            old.commit(RegionReplica.put("s", "{\"x\":1}"));
            follow(old).catchUp();
            old.commit(RegionReplica.delete("s"));
            follow(old).catchUp();
            b.tick();
            new RegionLink(old, b).catchUp();
            old.apply(new GroupEntry.Forget(List.of(RegionReplica.key("s")), HybridTimestamp.MAX));
            assertThat(old.head("s")).as("the delete was stable").isNull();
            VersionVector forgotten = old.owner(RegionReplica.key("s")).forgotten(RegionReplica.key("s"));
            assertThat(forgotten.size()).isPositive();
            transfer.whole();
            assertThat(next.owner(RegionReplica.key("s")).forgotten(RegionReplica.key("s"))).isEqualTo(forgotten);
            UnitAnswer.Committed again = next.commit(RegionReplica.insert("s", "{\"x\":2}"));
            assertThat(again.version().stamp()).isGreaterThan(forgotten.highest());
        }

        @Test
        void anotherRegionGoesOnFromItsCursorAndMissesNothing() {
            follow(old).catchUp();
            old.commit(RegionReplica.put("m", "{\"x\":2}"));
            old.commit(RegionReplica.put("q", "{\"x\":2}"));
            transfer.whole();
            next.commit(RegionReplica.put("p", "{\"x\":3}"));
            follow(old).catchUp();
            assertThat(b.read("m")).contains("{\"x\":1}");
            LinkBatch batch = follow(next).pull().orElseThrow();
            assertThat(batch.rebase()).as("the feed came along").isFalse();
            follow(next).catchUp();
            for (String id : List.of("m", "p", "q")) {
                assertThat(b.read(id)).as(id).isEqualTo(next.read(id)).isPresent();
            }
        }

        @Test
        void anotherRegionThatIsBehindTheFeedScansTheRange() {
            follow(old).catchUp();
            old.commit(RegionReplica.put("m", "{\"x\":2}"));
            old.apply(new GroupEntry.Collect(old.machine.lastStamp()));
            transfer.whole();
            assertThat(follow(next).pull().orElseThrow().rebase()).as("rows below the old feed's beginning never came").isTrue();
            follow(next).catchUp();
            assertThat(b.read("m")).contains("{\"x\":2}");
        }

        @Test
        void rowsOfTwoGroupsWithOneStampStandSideBySide() {
            old.millis = next.millis = 50_000;
            next.apply(new GroupEntry.Activate(new RangeRef(500, 1),
                    new KeyRange(RegionReplica.key("a").bytes(), RegionReplica.key("b").bytes()),
                    RegionReplica.COLLECTION, List.of(old.self, b.self)));
            HybridTimestamp here = next.commit(RegionReplica.put("a", "{}")).version().stamp();
            HybridTimestamp there = HybridTimestamp.ZERO;
            old.millis = here.millis();
            while (there.compareTo(here) < 0) {
                there = old.commit(RegionReplica.put("m", "{\"x\":2}")).version().stamp();
            }
            assertThat(there).isEqualTo(here);
            transfer.whole();
            List<HybridTimestamp> stamps = new ArrayList<>();
            next.store().scanFeed(HybridTimestamp.ZERO, HybridTimestamp.MAX, (stamp, position, row) -> {
                if (stamp.equals(here)) {
                    stamps.add(stamp);
                }
                return true;
            });
            assertThat(stamps).hasSize(2);
        }
    }

    @Nested
    class WhoServes {
        @Test
        void nobodyWhileItIsFrozenAndTheNewOneAfterItHasTaken() {
            RangeRef ref = transfer.range;
            transfer.export();
            transfer.receive();
            transfer.copy();
            assertThat(old.write(RegionReplica.put("m", "{\"x\":2}"))).isInstanceOf(UnitAnswer.Committed.class);
            transfer.freeze();
            assertMoved(old.write(List.of(ref), null, VersionVector.EMPTY, RegionReplica.put("m", "{\"x\":9}")));
            transfer.copy();
            RangeRef moved = TransferStep.moved(ref);
            assertMoved(next.write(List.of(moved), null, VersionVector.EMPTY, RegionReplica.put("m", "{\"x\":9}")));
            assertThat(transfer.take()).isEqualTo(DONE);
            assertThat(next.owner(RegionReplica.key("m")).ref()).isEqualTo(moved);
            assertMoved(old.write(List.of(ref), null, VersionVector.EMPTY, RegionReplica.put("m", "{\"x\":9}")));
            assertMoved(next.write(List.of(ref), null, VersionVector.EMPTY, RegionReplica.put("m", "{\"x\":9}")));
            assertThat(next.read("m")).contains("{\"x\":2}");
            assertThat(next.write(RegionReplica.put("m", "{\"x\":3}"))).isInstanceOf(UnitAnswer.Committed.class);
        }

        /** S23: a replica of the old group that has applied a session's stamp has applied the freeze too, and serves nothing of the range. */
        @Test
        void theNewOwnerWritesAboveTheStampOfTheFreeze() {
            old.millis = 9_000;
            next.millis = 2_000; // its clock is behind
            transfer.whole();
            HybridTimestamp freeze = HybridTimestamp.ofMillis(9_000);
            assertThat(next.commit(RegionReplica.put("m", "{\"x\":2}")).version().stamp()).isGreaterThan(freeze);
            assertThat(next.commit(RegionReplica.put("new", "{\"x\":2}")).version().stamp()).isGreaterThan(freeze);
        }

        @Test
        void theOldOwnerSpeaksForTheRangeUpToTheFreezeAndThenNoMore() {
            StoreFeed feed = new StoreFeed(old.machine, () -> {});
            transfer.export();
            transfer.receive();
            transfer.copy();
            transfer.freeze();
            HybridTimestamp frozenAt = old.machine.lastStamp();
            old.tick();
            try (FeedView view = feed.view()) {
                assertThat(view.speaksThrough(transfer.keys)).contains(frozenAt);
                assertThat(view.speaksThrough(RegionReplica.ALL)).contains(frozenAt);
            }
            transfer.copy();
            transfer.take();
            transfer.leave();
            try (FeedView view = feed.view()) {
                assertThat(view.speaksThrough(transfer.keys)).isEmpty();
            }
            try (FeedView view = new StoreFeed(next.machine, () -> {}).view()) {
                assertThat(view.speaksThrough(transfer.keys)).contains(HybridTimestamp.MAX);
            }
        }

        /** S21: neither the batch nor the range's keys are lost. */
        @Test
        void aBatchThatWasPulledBeforeTheFreezeIsPulledAgainByTheNewOwner() {
            b.commit(RegionReplica.put("s", "{\"b\":1}"));
            LinkBatch pulled = new RegionLink(old, b).pullOf(List.of(transfer.range.range())).orElseThrow();
            transfer.export();
            transfer.receive();
            transfer.copy();
            transfer.freeze();
            assertThat(old.deliver(pulled)).isEqualTo(LocalProposer.Outcome.STALE);
            transfer.copy();
            transfer.take();
            transfer.leave();
            assertThat(old.deliver(pulled)).isEqualTo(LocalProposer.Outcome.STALE);
            new RegionLink(next, b).catchUp();
            assertThat(next.read("s")).contains("{\"b\":1}");
        }

        @Test
        void aMapThatIsBehindNeverBringsTheRangeBack() {
            transfer.whole();
            old.apply(new GroupEntry.Activate(transfer.range, transfer.keys, RegionReplica.COLLECTION, List.of(old.self)));
            old.apply(new GroupEntry.Activate(TransferStep.moved(transfer.range), transfer.keys, RegionReplica.COLLECTION,
                    List.of(old.self)));
            assertThat(old.machine.ranges()).doesNotContainKey(transfer.range.range());
            assertThat(old.machine.transfers().whereabouts(transfer.range)).contains("it went to group 2 at epoch 3");
        }

        @Test
        void itComesBackAndServes() {
            transfer.whole();
            next.commit(RegionReplica.put("m", "{\"x\":5}"));
            TransferOf back = new TransferOf(2, next, old, next.owner(RegionReplica.key("m")));
            back.whole();
            assertThat(old.read("m")).contains("{\"x\":5}");
            assertThat(old.owner(RegionReplica.key("m")).ref().epoch()).isEqualTo(transfer.range.epoch() + 2);
            assertThat(old.write(RegionReplica.put("m", "{\"x\":6}"))).isInstanceOf(UnitAnswer.Committed.class);
            assertThat(old.machine.transfers().whereabouts(transfer.range)).isEmpty();
        }
    }

    @Nested
    class GivenUp {
        @Test
        void aFrozenRangeComesBackAtAnEpochThatNoStepHasNamed() {
            transfer.export();
            transfer.receive();
            transfer.copy();
            List<String> before = rows(old);
            transfer.freeze();
            transfer.copy();
            assertThat(transfer.unfreeze()).isEqualTo(DONE);
            assertThat(transfer.discard()).isEqualTo(DONE);
            assertThat(old.owner(RegionReplica.key("m")).ref()).isEqualTo(TransferStep.kept(transfer.range));
            assertThat(rows(old)).isEqualTo(before);
            assertThat(rows(next)).isEmpty();
            assertThat(old.write(RegionReplica.put("m", "{\"x\":2}"))).isInstanceOf(UnitAnswer.Committed.class);
            follow(old).catchUp();
            assertThat(b.read("m")).as("followers go on").contains("{\"x\":2}");
        }

        @Test
        void stepsThatComeLateDoNothing() {
            transfer.export();
            transfer.receive();
            transfer.copy();
            TransferStep.Import piece = transfer.next();
            transfer.unfreeze();
            transfer.discard();
            List<OwnedRange> ranges = old.inOrder();
            assertThat(transfer.export()).isInstanceOfSatisfying(RangeChange.Refused.class,
                    refused -> assertThat(refused.forever()).isTrue());
            assertThat(transfer.freeze()).isInstanceOf(RangeChange.Refused.class);
            assertThat(transfer.bring(piece)).isInstanceOf(RangeChange.Refused.class);
            assertThat(transfer.take()).isInstanceOf(RangeChange.Refused.class);
            assertThat(transfer.unfreeze()).isEqualTo(DONE);
            assertThat(transfer.leave()).isEqualTo(DONE);
            assertThat(old.inOrder()).isEqualTo(ranges);
            assertThat(next.machine.ranges()).isEmpty();
            assertThat(rows(old)).isNotEmpty();
        }
    }

    @Nested
    class Again {
        @Test
        void eachStepTakenTwiceIsTakenOnce() {
            assertThat(List.of(transfer.export(), transfer.export())).containsOnly(DONE);
            assertThat(List.of(transfer.receive(), transfer.receive())).containsOnly(DONE);
            TransferStep.Import piece = transfer.next();
            assertThat(transfer.bring(piece)).isEqualTo(DONE);
            assertThat(transfer.bring(piece)).as("the copy stands behind it").isInstanceOf(RangeChange.Refused.class);
            assertThat(List.of(transfer.freeze(), transfer.freeze())).containsOnly(DONE);
            assertThat(transfer.take()).as("not all is here").isInstanceOf(RangeChange.Refused.class);
            transfer.copy();
            assertThat(List.of(transfer.take(), transfer.take())).containsOnly(DONE);
            assertThat(List.of(transfer.leave(), transfer.leave())).containsOnly(DONE);
            assertThat(next.read("m")).contains("{\"x\":1}");
        }

        @Test
        void aRestartAfterEachStepChangesNothing() {
            List<Runnable> steps = List.of(transfer::export, transfer::receive, transfer::copy, transfer::freeze, transfer::copy,
                    transfer::take, transfer::leave);
            for (Runnable step : steps) {
                step.run();
                for (RegionReplica group : List.of(old, next)) {
                    Transfers before = group.machine.transfers();
                    List<OwnedRange> ranges = group.inOrder();
                    group.restart();
                    assertThat(group.machine.transfers().encode()).isEqualTo(before.encode());
                    assertThat(group.inOrder()).isEqualTo(ranges);
                }
            }
            assertThat(next.read("p")).contains("{\"x\":1}");
        }

        @Test
        void notesOfTheCopyGoWithIt() {
            transfer.export();
            transfer.receive();
            old.commit(RegionReplica.put("m", "{\"x\":2}"));
            List<byte[]> notes = new ArrayList<>();
            old.store().scanMeta(MovedRows.changes(1).toByteArray(), (name, value) -> notes.add(name));
            assertThat(notes).isNotEmpty();
            transfer.copy();
            transfer.freeze();
            transfer.copy();
            transfer.take();
            transfer.leave();
            notes.clear();
            old.store().scanMeta(MovedRows.changes(1).toByteArray(), (name, value) -> notes.add(name));
            assertThat(notes).isEmpty();
        }
    }
}
