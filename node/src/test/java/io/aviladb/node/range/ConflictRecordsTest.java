package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.replication.feed.LinkBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a region overwrites is recorded, in the entry that does it, alike in all regions; regions A, B and C are 1, 2 and 3. */
class ConflictRecordsTest {
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
        a.commit(RegionReplica.put("k", "{\"x\":0,\"y\":0,\"n\":0}"));
        regions.settle();
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private static ConflictId id(UnitAnswer.Committed older, UnitAnswer.Committed newer) {
        return new ConflictId(RegionReplica.key("k"), older.version(), newer.version());
    }

    private void allHave(ConflictId... ids) {
        for (RegionReplica region : regions.all) {
            assertThat(region.conflicts().keySet()).as("region %s", region.self).containsExactlyInAnyOrder(ids);
        }
    }

    @Test
    void regionsThatWroteOneFieldUnderACutRecordTheSameConflict() {
        b.millis = 1_100;
        UnitAnswer.Committed first = b.commit(RegionReplica.patch("k", "x", "1"));
        a.millis = 1_200;
        UnitAnswer.Committed second = a.commit(RegionReplica.patch("k", "x", "2"));
        regions.settle();
        allHave(id(first, second));
        assertThat(a.conflicts()).isEqualTo(b.conflicts());
        assertThat(c.conflicts()).as("a region that wrote nothing").isEqualTo(a.conflicts());
        assertThat(new String(a.conflicts().values().iterator().next().older().json(), StandardCharsets.UTF_8)).contains("\"x\":1");
    }

    @Test
    void aRunOfWritesIsOneConflictOfItsLastOnes() {
        b.millis = 1_040;
        b.commit(RegionReplica.patch("k", "x", "1"));
        b.millis = 1_350;
        UnitAnswer.Committed second = b.commit(RegionReplica.patch("k", "x", "2"));
        a.millis = 1_190;
        a.commit(RegionReplica.patch("k", "x", "3"));
        a.millis = 1_500;
        UnitAnswer.Committed last = a.commit(RegionReplica.put("k", "{\"x\":4}"));
        regions.settle();
        allHave(id(second, last));
    }

    @Test
    void aRegionThatHearsOfTheMergeBeforeItsPartsRecordsItToo() {
        b.millis = 1_100;
        UnitAnswer.Committed mine = b.commit(RegionReplica.patch("k", "x", "1"));
        a.millis = 1_200;
        UnitAnswer.Committed yours = a.commit(RegionReplica.patch("k", "x", "2"));
        regions.link(2, 1).catchUp();
        b.millis = 1_350;
        b.commit(RegionReplica.patch("k", "x", "3")); // has seen both
        regions.link(3, 2).catchUp();
        assertThat(c.conflicts()).as("one side has not come yet").isEmpty();
        regions.settle();
        allHave(id(mine, yours));
    }

    @Test
    void threeRegionsMakeThreeConflicts() {
        UnitAnswer.Committed one = a.commit(RegionReplica.patch("k", "x", "1"));
        b.millis = 1_200;
        UnitAnswer.Committed two = b.commit(RegionReplica.patch("k", "x", "2"));
        c.millis = 1_300;
        UnitAnswer.Committed three = c.commit(RegionReplica.delete("k"));
        regions.settle();
        allHave(id(one, two), id(one, three), id(two, three));
    }

    @Test
    void whatLosesNothingIsNoConflict() {
        a.commit(RegionReplica.patch("k", "x", "1"));
        b.commit(RegionReplica.patch("k", "y", "1"));
        c.commit(RegionReplica.increment("k", 1));
        b.commit(RegionReplica.increment("k", 1));
        regions.settle();
        assertThat(a.read("k")).hasValue("{\"x\":1,\"y\":1,\"n\":2}");
        allHave();
    }

    @Test
    void aBatchThatComesAgainMakesNoSecondRecord() {
        a.commit(RegionReplica.patch("k", "x", "1"));
        b.commit(RegionReplica.patch("k", "x", "2"));
        LinkBatch batch = regions.link(1, 2).pull().orElseThrow();
        a.deliver(batch);
        byte[] once = a.store().stateHash(RegionReplica.ALL);
        assertThat(a.conflicts()).hasSize(1);
        a.deliver(batch);
        assertThat(a.store().stateHash(RegionReplica.ALL)).isEqualTo(once);
    }

    @Test
    void recordsSurviveARestartAndTravelWithASnapshotAndReplayMakesTheSame() {
        Path before = a.checkpoint();
        a.commit(RegionReplica.patch("k", "x", "1"));
        b.commit(RegionReplica.patch("k", "x", "2"));
        regions.settle();
        Map<ConflictId, ?> records = a.conflicts();
        assertThat(records).hasSize(1);
        byte[] hash = a.store().stateHash(RegionReplica.ALL);
        a.restart();
        assertThat(a.conflicts()).isEqualTo(records);
        a.crashTo(before);
        assertThat(a.store().stateHash(RegionReplica.ALL)).isEqualTo(hash);
        a.crashTo(a.checkpoint());
        assertThat(a.conflicts()).isEqualTo(records);
    }

    @Test
    void recordsOutliveTheirVersionsAndGoBeyondTheHorizon() {
        a.commit(RegionReplica.patch("k", "x", "1"));
        b.millis = 1_100;
        b.commit(RegionReplica.delete("k"));
        regions.settle();
        CollectorPlan plan = new CollectorPlan(a.machine, a.self, 0, 3_600_000);
        plan.next(b.millis).forEach(a::apply);
        assertThat(a.head("k")).as("deleted and forgotten").isNull();
        assertThat(a.conflicts()).hasSize(1);
        a.apply(new GroupEntry.SweepConflicts(new byte[0], 10, HybridTimestamp.MAX));
        assertThat(a.conflicts()).as("a leader with a wrong clock").hasSize(1);
        a.millis += Duration.ofDays(7).toMillis() + 10_000;
        a.tick();
        List<GroupEntry> entries = plan.next(a.millis);
        assertThat(entries).anyMatch(GroupEntry.SweepConflicts.class::isInstance);
        entries.forEach(a::apply);
        assertThat(a.conflicts()).isEmpty();
        assertThat(plan.next(a.millis)).noneMatch(GroupEntry.SweepConflicts.class::isInstance);
    }

    @Test
    void aDocumentKeepsItsNewestConflictsOnly() {
        for (int i = 0; i < ConflictRecorder.MAX_PER_DOCUMENT + 6; i++) {
            a.commit(RegionReplica.patch("k", "x", "" + i));
            b.commit(RegionReplica.patch("k", "x", "-" + (i + 1)));
            regions.settle();
            regions.all.forEach(region -> region.millis += 1_000);
        }
        assertThat(a.conflicts()).hasSize(ConflictRecorder.MAX_PER_DOCUMENT);
        assertThat(a.conflicts().keySet()).isEqualTo(b.conflicts().keySet());
    }

    @Test
    void aRangeThatIsDroppedTakesItsRecordsAlong() {
        a.commit(RegionReplica.patch("k", "x", "1"));
        b.commit(RegionReplica.patch("k", "x", "2"));
        regions.settle();
        a.apply(new GroupEntry.Drop(a.range));
        assertThat(a.conflicts()).isEmpty();
    }
}
