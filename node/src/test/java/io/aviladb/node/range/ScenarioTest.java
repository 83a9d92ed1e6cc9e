package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.LocalProposer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios that a group's state machine has to come out of, by their numbers; regions A, B and C are 1, 2 and 3. */
class ScenarioTest {
    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private RegionReplica c;

    @BeforeEach
    void open() {
        regions = Regions.of(3, directory);
        a = regions.get(1);
        b = regions.get(2);
        c = regions.get(3);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private static void collect(RegionReplica region) {
        CollectorPlan plan = new CollectorPlan(region.machine, region.self, 0, 3_600_000);
        for (int pass = 0; pass < 3; pass++) {
            plan.next(region.millis + 5_000).forEach(region::apply); // clocks differ by less
        }
    }

    private void allShow(String id, String json) {
        regions.all.forEach(region -> assertThat(region.read(id)).as("region %s", region.self).hasValue(json));
    }

    private static ErrorCode refusal(UnitAnswer answer) {
        return ((UnitAnswer.Refused) answer).code();
    }

    @Test
    void s1_aPatchFromARegionWithASlowClockWins() {
        b.millis = 1_300;
        b.commit(RegionReplica.put("k", "{\"x\":1}"));
        regions.link(1, 2).catchUp();
        a.millis = 1_010;
        UnitAnswer.Committed patch = a.commit(RegionReplica.patch("k", "x", "2"));
        assertThat(patch.version().stamp()).isGreaterThan(patch.documents().get(0).vector().at(b.self));
        regions.settle();
        allShow("k", "{\"x\":2}");
    }

    @Test
    void s4_aBatchHasOneStampAndAPulledCutEndsBetweenUnits() {
        String body = "{\"x\":\"" + "y".repeat(150_000) + "\"}";
        for (int unit = 0; unit < 4; unit++) {
            a.millis += 200;
            a.commit(RegionReplica.put("p" + unit, body), RegionReplica.put("q" + unit, body), RegionReplica.put("r" + unit, body));
        }
        RegionLink link = regions.link(2, 1);
        List<LinkBatch> frames = link.frames(link.cursor(), 8);
        assertThat(frames).hasSizeGreaterThan(1);
        for (LinkBatch frame : frames) {
            link.deliver(frame);
            for (int unit = 0; unit < 4; unit++) {
                boolean first = b.read("p" + unit).isPresent();
                assertThat(List.of(b.read("q" + unit).isPresent(), b.read("r" + unit).isPresent())).containsOnly(first);
            }
        }
        assertThat(b.read("r3")).hasValue(body);
    }

    @Test
    void s5_aTombstoneStaysUntilWhatWasWrittenBeforeItArrivesHasArrived() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        regions.settle();
        b.millis = 1_100;
        b.commit(RegionReplica.delete("k"));
        a.millis = 1_050;
        a.commit(RegionReplica.patch("k", "x", "2")); // older than the delete, and not yet at B
        for (RegionReplica other : List.of(a, c)) {
            regions.link(other.self.number(), 2).catchUp(); // both have the delete now
        }
        collect(b);
        assertThat(b.head("k")).as("acknowledged is not arrived").isNotNull();
        regions.settle();
        regions.all.forEach(ScenarioTest::collect);
        regions.all.forEach(region -> assertThat(region.read("k")).isEmpty());
        regions.all.forEach(region -> assertThat(region.head("k")).as("forgotten in the end").isNull());
    }

    @Test
    void s6_anOldBatchDoesNotBringBackWhatWasForgotten() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        LinkBatch old = regions.link(2, 1).pull().orElseThrow();
        regions.settle();
        b.commit(RegionReplica.delete("k"));
        regions.settle();
        regions.all.forEach(ScenarioTest::collect);
        assertThat(b.head("k")).isNull();
        assertThat(b.deliver(old)).isEqualTo(LocalProposer.Outcome.STALE);
        assertThat(b.head("k")).isNull();

        // Even where its beginning fits: the whole vector lies under what is covered, and nothing is left of it.
        LinkBatch again = new LinkBatch(old.source(), old.sourceGroup(), List.of(new Piece(b.range.range(),
                a.range.range(), b.owned().keys(), regions.link(2, 1).cursor())), regions.link(2, 1).cursor(), old.closed(), false,
                old.changes(), List.of(), List.of(), 0, 0);
        assertThat(b.deliver(again)).isEqualTo(LocalProposer.Outcome.APPLIED);
        assertThat(b.head("k")).isNull();
    }

    @Test
    void s6_anInsertAfterForgettingStandsAboveWhatOthersStillHold() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        regions.settle();
        b.millis = 5_000;
        b.commit(RegionReplica.delete("k"));
        regions.settle();
        collect(a); // A alone has forgotten; its clock is behind the delete
        assertThat(a.head("k")).isNull();
        a.commit(RegionReplica.insert("k", "{\"x\":3}"));
        regions.settle();
        allShow("k", "{\"x\":3}");
    }

    @Test
    void s22_theOldBatchProposedAgainDoesNotSetTheCursorBack() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        RegionLink link = regions.link(2, 1);
        LinkBatch first = link.pull().orElseThrow();
        a.commit(RegionReplica.put("k", "{\"x\":2}"));
        LinkBatch second = link.pull().orElseThrow();
        assertThat(b.deliver(second)).as("what comes too early is refused").isEqualTo(LocalProposer.Outcome.STALE);
        assertThat(b.deliver(first)).isEqualTo(LocalProposer.Outcome.APPLIED);
        assertThat(b.deliver(second)).isEqualTo(LocalProposer.Outcome.APPLIED);
        HybridTimestamp cursor = link.cursor();
        assertThat(b.deliver(first)).isEqualTo(LocalProposer.Outcome.STALE);
        assertThat(link.cursor()).isEqualTo(cursor);
        assertThat(b.read("k")).hasValue("{\"x\":2}");
    }

    @Test
    void s16_aVersionWaitsForItsPolicyAndThenAllRegionsReadItAlike() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.commit(RegionReplica.put("kept", "{\"x\":1}"));
        regions.settle();
        CollectionDefinition altered = RegionReplica.COLLECTION.withPolicy(
                new MergePolicyDefinition(MergePolicyDefinition.Rule.LWW, new TreeMap<>(), MergePolicyDefinition.Deletes.UPDATE_WINS), 2);
        a.apply(new GroupEntry.Alter(a.range, altered));
        a.commit(RegionReplica.patch("k", "x", "2"));
        b.millis += 1_000;
        b.commit(RegionReplica.delete("k")); // later, and by the old policy
        b.commit(RegionReplica.delete("kept"));
        regions.link(1, 2).catchUp();
        assertThat(a.read("k")).hasValue("{\"x\":2}");
        HybridTimestamp before = regions.link(2, 1).cursor();
        assertThat(regions.link(2, 1).pull().map(b::deliver)).hasValue(LocalProposer.Outcome.STALE);
        assertThat(regions.link(2, 1).cursor()).as("what waits is pulled again").isEqualTo(before);
        assertThat(b.read("k")).isEmpty();
        regions.link(2, 1).reconnect();
        b.apply(new GroupEntry.Alter(b.range, altered));
        c.apply(new GroupEntry.Alter(c.range, altered));
        b.restart();
        regions.settle();
        allShow("k", "{\"x\":2}");
        regions.all.forEach(region -> assertThat(region.read("kept")).as("no update was made meanwhile").isEmpty());
        regions.settle();
        regions.all.forEach(ScenarioTest::collect);
        allShow("k", "{\"x\":2}");
        regions.all.forEach(region -> assertThat(Objects.requireNonNull(region.head("k")).live()).as("one body remains").hasSize(1));
    }

    @Test
    void s25_aPullBringsTheOwnVersionThatNoLongerLives() {
        a.commit(RegionReplica.put("k", "{\"k\":1}"));
        regions.link(2, 1).catchUp();
        b.commit(RegionReplica.put("k", "{\"k\":2}"));
        regions.link(1, 2).catchUp();
        regions.link(3, 1).catchUp(); // past A's write, before B's
        assertThat(c.read("k")).hasValue("{\"k\":1}");
    }

    @Test
    void s34_aRetryAfterEverythingIsStableRunsOnce() {
        a.commit(RegionReplica.put("k", "{\"n\":0}"));
        OperationId operation = Regions.operation(1, a, "inc");
        UnitAnswer first = a.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1));
        regions.settle();
        regions.all.forEach(ScenarioTest::collect);
        regions.at(3_000);
        assertThat(a.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1))).isEqualTo(first);
        assertThat(a.read("k")).hasValue("{\"n\":1}");
    }

    @Test
    void s35_anotherRegionAnswersFromTheRowAndWithoutItDoesNotKnow() {
        a.commit(RegionReplica.put("k", "{\"n\":0}"));
        regions.settle();
        OperationId operation = Regions.operation(1, a, "inc");
        UnitAnswer first = a.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1));
        assertThat(refusal(b.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1)))).isEqualTo(ErrorCode.INDETERMINATE);
        regions.settle();
        UnitAnswer elsewhere = b.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1));
        assertThat(elsewhere.toByteArray()).isEqualTo(first.toByteArray());
        regions.settle();
        allShow("k", "{\"n\":1}");
    }

    @Test
    void s36_theSameInsertSentTwiceIsOneDocument() {
        OperationId operation = Regions.operation(1, a, "insert");
        UnitAnswer first = a.write(operation, VersionVector.EMPTY, RegionReplica.insert("derived", "{\"x\":1}"));
        UnitAnswer again = a.write(operation, VersionVector.EMPTY, RegionReplica.insert("derived", "{\"x\":1}"));
        assertThat(again.toByteArray()).isEqualTo(first.toByteArray());
        assertThat(a.versions("derived")).hasSize(1);
    }

    @Test
    void s38_whatWasRefusedStaysRefusedWhenTheConditionHasBecomeTrue() {
        OperationId operation = Regions.operation(1, a, "patch");
        UnitAnswer first = a.write(operation, VersionVector.EMPTY, RegionReplica.patch("k", "x", "2"));
        assertThat(refusal(first)).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND);
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        assertThat(a.write(operation, VersionVector.EMPTY, RegionReplica.patch("k", "x", "2")).toByteArray())
                .isEqualTo(first.toByteArray());
        OperationId otherBody = Regions.operation(1, a, "another body");
        assertThat(refusal(a.write(otherBody, VersionVector.EMPTY, RegionReplica.patch("k", "x", "3"))))
                .isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH);
        assertThat(a.read("k")).hasValue("{\"x\":1}");
    }

    @Test
    void aKeyThatWasUsedForOneDocumentIsRefusedForAnotherUntilItsAnswerGoes() {
        byte[] client = new byte[16];
        OperationId first = new OperationId(client, 0, a.self, Arrays.copyOf(new byte[]{1}, 16), HybridTimestamp.ofMillis(1_000));
        OperationId second = new OperationId(client, 0, a.self, Arrays.copyOf(new byte[]{2}, 16), HybridTimestamp.ofMillis(1_000));
        UnitAnswer answer = a.write(first, VersionVector.EMPTY, RegionReplica.insert("one", "{\"x\":1}"));
        assertThat(refusal(a.write(second, VersionVector.EMPTY, RegionReplica.insert("two", "{\"x\":2}"))))
                .isEqualTo(ErrorCode.IDEMPOTENCY_MISMATCH);
        assertThat(a.read("two")).isEmpty();
        assertThat(a.write(first, VersionVector.EMPTY, RegionReplica.insert("one", "{\"x\":1}")).toByteArray())
                .isEqualTo(answer.toByteArray());
    }

    @Test
    void s39_aVersionIsStableOnlyWhenAllThatItHasSeenIs() {
        a.commit(RegionReplica.insert("k", "{\"a\":1}"));
        regions.link(3, 1).catchUp();
        c.millis = 1_200;
        c.commit(RegionReplica.patch("k", "a", "2"));
        regions.link(2, 3).catchUp(); // C's patch is at B, A's insert is not
        b.tick();
        c.tick();
        regions.link(1, 2).catchUp();
        regions.link(1, 3).catchUp();
        collect(a);
        assertThat(a.read("k")).hasValue("{\"a\":2}");
        regions.settle();
        regions.all.forEach(ScenarioTest::collect);
        regions.settle();
        allShow("k", "{\"a\":2}");
    }

    @Test
    void s40_aSetIsForgottenAsAWhole() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        regions.settle();
        a.millis = 1_100;
        a.commit(RegionReplica.patch("k", "x", "2"));
        b.millis = 1_200;
        b.commit(RegionReplica.delete("k")); // concurrent, and later
        regions.link(1, 2).catchUp();
        assertThat(Objects.requireNonNull(a.head("k")).live()).hasSize(2);
        collect(a);
        assertThat(Objects.requireNonNull(a.head("k")).live()).as("half of it is stable at most").hasSize(2);
        regions.settle();
        regions.all.forEach(ScenarioTest::collect);
        regions.settle();
        regions.all.forEach(region -> assertThat(region.head("k")).isNull());
    }

    @Test
    void s41_aPullBringsTheNewestVersionOfEveryCellOfTheGrid() {
        b.millis = 1_040;
        b.commit(RegionReplica.put("k", "{\"x\":1}"));
        b.commit(RegionReplica.put("k", "{\"x\":2}"));
        b.millis = 1_190;
        b.commit(RegionReplica.put("k", "{\"x\":3}"));
        LinkBatch batch = regions.link(1, 2).pull().orElseThrow();
        assertThat(batch.changes()).as("as of 1,100 and as of now").hasSize(2);
        regions.link(1, 2).deliver(batch);
        assertThat(a.versions("k")).hasSize(2);
    }

    @Test
    void s54_aDuplicateThatComesAfterItsAnswerWasSweptIsNotRun() {
        a.commit(RegionReplica.put("k", "{\"n\":0}"));
        OperationId operation = Regions.operation(1, a, "inc");
        a.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1));
        long day = UnitApplier.ANSWERS_KEPT.toMillis();
        a.apply(new GroupEntry.SweepAnswers(new byte[0], 100, HybridTimestamp.ofMillis(a.millis + 2 * day))); // a leader with a wrong clock
        assertThat(a.store().dedup(RegionReplica.key("k"), operation.rowKey())).as("kept for its time").isNotNull();
        a.millis += day + 1;
        a.apply(new GroupEntry.SweepAnswers(new byte[0], 100, HybridTimestamp.ofMillis(a.millis - day)));
        assertThat(a.store().dedup(RegionReplica.key("k"), operation.rowKey())).isNull();
        a.millis -= day; // the next leader's clock is behind
        assertThat(refusal(a.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1)))).isEqualTo(ErrorCode.INDETERMINATE);
        assertThat(a.read("k")).hasValue("{\"n\":1}");
    }

    @Test
    void s55_answersOfCoalescedVersionsRide() {
        a.commit(RegionReplica.put("k", "{\"n\":0}"));
        OperationId first = Regions.operation(1, a, "inc");
        OperationId second = Regions.operation(2, a, "inc");
        UnitAnswer answer = a.write(first, VersionVector.EMPTY, RegionReplica.increment("k", 1));
        a.write(second, VersionVector.EMPTY, RegionReplica.increment("k", 1));
        LinkBatch batch = regions.link(2, 1).pull().orElseThrow();
        assertThat(batch.changes()).hasSize(1);
        assertThat(batch.rows()).hasSize(2);
        regions.link(2, 1).deliver(batch);
        assertThat(b.write(first, VersionVector.EMPTY, RegionReplica.increment("k", 1)).toByteArray()).isEqualTo(answer.toByteArray());
    }

    @Test
    void aLinkWhoseCursorWasTrimmedRebasesToTheSameDocuments() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.commit(RegionReplica.put("gone", "{\"x\":1}"));
        regions.settle();
        a.commit(RegionReplica.patch("k", "y", "1"));
        a.commit(RegionReplica.delete("gone"));
        a.commit(RegionReplica.put("new", "{\"x\":2}"));
        c.commit(RegionReplica.patch("k", "z", "1"));
        regions.link(1, 3).catchUp();
        a.commit(RegionReplica.patch("k", "w", "1")); // stands above C's patch too
        a.apply(new GroupEntry.Collect(a.machine.lastStamp()));
        LinkBatch rebase = regions.link(2, 1).pull().orElseThrow();
        assertThat(rebase.rebase()).isTrue();
        regions.link(2, 1).deliver(rebase);
        regions.settle();
        for (String id : List.of("k", "gone", "new")) {
            assertThat(b.read(id)).isEqualTo(a.read(id));
            assertThat(c.read(id)).isEqualTo(a.read(id));
        }
        assertThat(a.read("k")).isPresent();
        assertThat(b.read("gone")).isEmpty();
    }

    @Test
    void aVersionThatLivedDuringACollectionGoesWithALaterOne() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.apply(new GroupEntry.Collect(a.machine.lastStamp()));
        a.commit(RegionReplica.put("k", "{\"x\":2}"));
        assertThat(a.versions("k")).hasSize(2);
        a.apply(new GroupEntry.Collect(a.machine.lastStamp()));
        assertThat(a.versions("k")).hasSize(1);
    }

    @Test
    void whatAFailedProposalDidNotForgetIsLookedAtAgain() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        a.commit(RegionReplica.delete("k"));
        regions.settle();
        CollectorPlan plan = new CollectorPlan(a.machine, a.self, 0, 3_600_000);
        assertThat(plan.next(a.millis)).hasAtLeastOneElementOfType(GroupEntry.Forget.class); // and the proposal is lost
        assertThat(plan.next(a.millis)).hasAtLeastOneElementOfType(GroupEntry.Forget.class);
    }

    @Test
    void replicasWithDifferentFlushesAndRestartsHaveTheSameState() {
        a.commit(RegionReplica.put("k", "{\"x\":1}"), RegionReplica.put("l", "{\"n\":0}"));
        b.commit(RegionReplica.put("k", "{\"x\":2}"));
        regions.settle();
        a.commit(RegionReplica.increment("l", 2));
        a.commit(RegionReplica.delete("k"));
        regions.settle();
        collect(a);
        byte[] hash = a.store().stateHash(a.owned().keys());
        Path checkpoint = a.checkpoint();
        a.store().flush();
        a.restart();
        assertThat(a.store().stateHash(a.owned().keys())).isEqualTo(hash);
        a.commit(RegionReplica.put("after", "{\"x\":1}"));
        byte[] later = a.store().stateHash(a.owned().keys());
        OwnedRange owned = a.owned();
        a.crashTo(checkpoint);
        assertThat(a.store().stateHash(a.owned().keys())).isEqualTo(later);
        assertThat(a.owned().encode()).isEqualTo(owned.encode());
    }
}
