package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.LocalProposer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a split and a merge leave as it was, and what they refuse. */
class RangeCutTest {
    private static final long CHILD = 77;

    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;

    @BeforeEach
    void open() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
        for (String id : List.of("k", "m", "p")) {
            a.commit(RegionReplica.put(id, "{\"x\":1}"));
        }
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private OwnedRange child() {
        return a.owner(RegionReplica.key("m"));
    }

    @Nested
    class Split {
        @Test
        void theBoundIsTheFirstKeyOfTheChildAndTheLastKeyIsItsOwnToo() {
            assertThat(a.split(RegionReplica.key("m"), CHILD)).isEqualTo(new RangeChange.Done());
            RangeRef left = new RangeRef(a.range.range(), 2);
            RangeRef right = new RangeRef(CHILD, 2);
            assertThat(a.owner(RegionReplica.key("k")).ref()).isEqualTo(left);
            assertThat(a.owner(RegionReplica.key("m")).ref()).isEqualTo(right);
            assertThat(a.owner(RegionReplica.key("\uFFFF")).ref()).isEqualTo(right);
            assertThat(a.inOrder().stream().map(OwnedRange::keys).reduce(KeyRange::followedBy)).contains(RegionReplica.ALL);
            for (String id : List.of("k", "m", "p")) {
                assertThat(a.write(RegionReplica.patch(id, "x", "2"))).isInstanceOf(UnitAnswer.Committed.class);
            }
        }

        @Test
        void writesAtTheOldEpochAreRefusedAndLeaveNothing() {
            RangeRef old = a.range;
            a.split(RegionReplica.key("m"), CHILD);
            OperationId operation = Regions.operation(1, a, "late");
            for (String id : List.of("k", "m")) {
                UnitAnswer late = a.write(List.of(old), operation, VersionVector.EMPTY, RegionReplica.put(id, "{\"x\":9}"));
                assertThat(late).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RANGE_MOVED));
                assertThat(a.read(id)).contains("{\"x\":1}");
                assertThat(a.store().dedup(RegionReplica.key(id), operation.rowKey())).isNull();
            }
        }

        @Test
        void aWriteOfTheParentIsAnsweredFromItsRowByTheChild() {
            OperationId operation = Regions.operation(1, a, "once");
            UnitAnswer first = a.write(operation, VersionVector.EMPTY, RegionReplica.increment("m", 5));
            a.split(RegionReplica.key("m"), CHILD);
            assertThat(a.write(operation, VersionVector.EMPTY, RegionReplica.increment("m", 5)).toByteArray())
                    .isEqualTo(first.toByteArray());
            assertThat(a.read("m")).contains("{\"x\":1,\"n\":5}");
        }

        @Test
        void atABoundOutsideOrUnderANumberThatIsTakenNothingChanges() {
            a.split(RegionReplica.key("m"), CHILD);
            List<OwnedRange> before = a.inOrder();
            RangeRef left = before.getFirst().ref();
            List<GroupEntry> wrong = List.of(new GroupEntry.Split(child().ref(), RegionReplica.key("m").bytes(), 78),
                    new GroupEntry.Split(left, RegionReplica.key("p").bytes(), 78),
                    new GroupEntry.Split(left, RegionReplica.key("c").bytes(), CHILD),
                    new GroupEntry.Split(new RangeRef(999, 1), RegionReplica.key("c").bytes(), 78));
            for (GroupEntry entry : wrong) {
                assertThat(a.apply(entry)).isInstanceOf(RangeChange.Refused.class);
                assertThat(a.inOrder()).isEqualTo(before);
            }
        }

        @Test
        void theSplitSurvivesARestart() {
            a.split(RegionReplica.key("m"), CHILD);
            List<OwnedRange> before = a.inOrder();
            a.restart();
            assertThat(a.inOrder()).isEqualTo(before);
        }

        @Test
        void aBatchPulledForTheParentWaitsForItsPieces() {
            LinkBatch pulled = regions.link(2, 1).pull().orElseThrow();
            b.split(RegionReplica.key("m"), CHILD);
            assertThat(b.deliver(pulled)).isEqualTo(LocalProposer.Outcome.STALE);
            assertThat(b.read("k")).as("none of its keys came under another range's name").isEmpty();
            assertThat(b.read("p")).isEmpty();
            regions.settle();
            for (String id : List.of("k", "m", "p")) {
                assertThat(b.read(id)).isEqualTo(a.read(id)).isPresent();
            }
        }

        @Test
        void theSourceSplitsAndNoRowIsMissedOrAskedForTwice() {
            regions.settle();
            int applied = b.log.size();
            a.split(RegionReplica.key("m"), CHILD);
            a.commit(RegionReplica.put("k", "{\"x\":2}"));
            a.commit(RegionReplica.put("p", "{\"x\":2}"));
            LinkBatch batch = regions.link(2, 1).pull().orElseThrow();
            assertThat(batch.changes()).hasSize(2);
            assertThat(b.deliver(batch)).isEqualTo(LocalProposer.Outcome.APPLIED);
            assertThat(b.log).hasSize(applied + 1);
            assertThat(b.read("k")).contains("{\"x\":2}");
            assertThat(b.read("p")).contains("{\"x\":2}");
        }
    }

    @Nested
    class Merge {
        @BeforeEach
        void split() {
            a.split(RegionReplica.key("m"), CHILD);
        }

        @Test
        void theLeftRangeHasAllKeysAtAnEpochBeyondBoth() {
            a.split(RegionReplica.key("p"), 78); // the child is at 3 now, the left range at 2
            assertThat(a.merge(RegionReplica.key("m"))).isEqualTo(new RangeChange.Done());
            assertThat(a.owner(RegionReplica.key("k"))).isEqualTo(a.owner(RegionReplica.key("m")));
            assertThat(a.owner(RegionReplica.key("m")).ref()).isEqualTo(new RangeRef(a.range.range(), 4));
            assertThat(a.owner(RegionReplica.key("p")).ref()).isEqualTo(new RangeRef(78, 3));
        }

        @Test
        void writesUnderTheRightRangesNameAreRefused() {
            RangeRef right = child().ref();
            a.merge(RegionReplica.key("m"));
            assertThat(a.write(List.of(right), null, VersionVector.EMPTY, RegionReplica.put("m", "{}")))
                    .isInstanceOf(UnitAnswer.Refused.class);
        }

        @Test
        void aMapThatIsBehindCannotGiveTheRightRangeBack() {
            OwnedRange right = child();
            a.merge(RegionReplica.key("m"));
            List<OwnedRange> merged = a.inOrder();
            a.apply(new GroupEntry.Activate(right.ref(), right.keys(), RegionReplica.COLLECTION, List.copyOf(a.machine.regions())));
            a.apply(new GroupEntry.Drop(right.ref()));
            a.apply(new GroupEntry.Drop(new RangeRef(a.range.range(), 2)));
            assertThat(a.inOrder()).isEqualTo(merged);
            assertThat(a.read("p")).isPresent();
        }

        @Test
        void rangesThatAreNoNeighboursStayTwo() {
            a.split(RegionReplica.key("p"), 78);
            List<OwnedRange> three = a.inOrder();
            assertThat(a.apply(new GroupEntry.Merge(three.get(0).ref(), three.get(2).ref()))).isInstanceOf(RangeChange.Refused.class);
            assertThat(a.apply(new GroupEntry.Merge(three.get(1).ref(), three.get(0).ref()))).isInstanceOf(RangeChange.Refused.class);
            assertThat(a.inOrder()).isEqualTo(three);
        }

        /** One part has forgotten a delete at a stamp that the other part hasn't pulled yet: what is still to come there is no old news. */
        @Test
        void mergeWhileAPartIsBehindLosesNothing() {
            regions.settle();
            b.split(RegionReplica.key("m"), CHILD);
            b.split(RegionReplica.key("p"), 78);
            UnitAnswer.Committed late = a.commit(RegionReplica.put("n", "{\"x\":1}")); // in b: range 77
            a.millis += 10;
            a.commit(RegionReplica.put("q", "{\"x\":1}")); // in b: range 78
            a.commit(RegionReplica.delete("q"));
            HalfLink half = new HalfLink(regions.link(2, 1), List.of(78L));
            half.catchUp();
            OwnedRange ahead = b.owner(RegionReplica.key("q")).withForgotten(VersionVector.of(a.self, a.machine.lastStamp()));
            assertThat(ahead.forgotten(RegionReplica.key("q")).covers(VersionVector.of(late.version()))).isTrue();
            OwnedRange merged = b.owner(RegionReplica.key("n")).unitedWith(ahead, new RangeRef(CHILD, 9));
            assertThat(merged.forgotten(RegionReplica.key("q"))).isEqualTo(ahead.forgotten(RegionReplica.key("q")));
            assertThat(merged.forgotten(RegionReplica.key("n")).covers(VersionVector.of(late.version())))
                    .as("what q's part has forgotten says nothing of n").isFalse();
            b.merge(RegionReplica.key("p"));
            assertThat(b.read("n")).isEmpty();
            regions.settle();
            assertThat(b.read("n")).contains("{\"x\":1}");
            assertThat(b.read("q")).isEmpty();
        }

        /** S19: the stream of before the merge goes on for both parts from where the one behind stood. */
        @Test
        void aBatchForBothPartsSetsNoCursorBack() {
            regions.settle();
            b.split(RegionReplica.key("m"), CHILD);
            a.commit(RegionReplica.put("q", "{\"x\":1}"));
            HybridTimestamp middle = a.machine.lastStamp();
            a.millis += 1_000;
            a.commit(RegionReplica.put("q", "{\"x\":2}"));
            new HalfLink(regions.link(2, 1), List.of(CHILD)).catchUp();
            KeyRange right = b.owner(RegionReplica.key("q")).keys();
            b.merge(RegionReplica.key("m"));
            OwnedRange whole = b.owner(RegionReplica.key("q"));
            HybridTimestamp reached = whole.cursor(a.self, right);
            Piece both = new Piece(whole.ref().range(), 1, whole.keys(), whole.cursor(a.self, whole.keys()));
            LinkBatch batch = new LinkBatch(a.self, 1, List.of(both), middle, middle, false, List.of(), List.of(), List.of(), 0, 0);
            assertThat(b.deliver(batch)).isEqualTo(LocalProposer.Outcome.APPLIED);
            OwnedRange after = b.owner(RegionReplica.key("q"));
            assertThat(after.cursor(a.self, whole.keys())).isEqualTo(middle);
            assertThat(after.cursor(a.self, right)).isEqualTo(reached).isGreaterThan(middle);
        }

        @Test
        void eachPartKeepsItsCursorAndItsMarks() {
            regions.settle();
            b.split(RegionReplica.key("m"), CHILD);
            a.commit(RegionReplica.put("q", "{\"x\":1}"));
            new HalfLink(regions.link(2, 1), List.of(CHILD)).catchUp();
            OwnedRange left = b.owner(RegionReplica.key("k"));
            OwnedRange right = b.owner(RegionReplica.key("q"));
            assertThat(right.covered().at(a.self)).isGreaterThan(left.covered().at(a.self));
            b.merge(RegionReplica.key("m"));
            OwnedRange merged = b.owner(RegionReplica.key("k"));
            assertThat(merged.covered(left.keys())).isEqualTo(left.covered());
            assertThat(merged.covered(right.keys())).isEqualTo(right.covered());
            assertThat(merged.covered()).isEqualTo(left.covered().meet(right.covered()));
            assertThat(merged.coverage().list()).as("a mark tells each part's own").hasSize(2);
        }
    }

    /** Brings some of the target's ranges up to date, and no other. */
    private record HalfLink(RegionLink link, List<Long> ranges) {
        void catchUp() {
            link.inFlight.clear();
            link.reconnect();
            for (var batch = link.pullOf(ranges); batch.isPresent(); batch = link.pullOf(ranges)) {
                link.deliver(batch.get());
                link.reconnect();
            }
        }
    }
}
