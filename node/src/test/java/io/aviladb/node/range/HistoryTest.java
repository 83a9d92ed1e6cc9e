package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.ConflictId;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.proto.node.ReadTerms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica tells of versions and conflicts. */
class HistoryTest {
    @TempDir
    Path directory;

    private Regions regions;
    private RegionReplica a;
    private RegionReplica b;
    private UnitAnswer.Committed first;
    private UnitAnswer.Committed older;
    private UnitAnswer.Committed newer;

    @BeforeEach
    void twoRegionsWriteOneField() {
        regions = Regions.of(2, directory);
        a = regions.get(1);
        b = regions.get(2);
        first = a.commit(RegionReplica.put("k", "{\"x\":0}"));
        regions.settle();
        b.millis = 1_200;
        older = b.commit(RegionReplica.patch("k", "x", "1"));
        a.millis = 1_300;
        newer = a.commit(RegionReplica.patch("k", "x", "2"));
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private static HistoryReply ask(RegionReplica region, HistoryRequest request) {
        GroupReader reader = new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {},
                Runnable::run);
        return reader.history(request).join();
    }

    private static ReadTerms terms() {
        return new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);
    }

    private static HistoryReply.Conflicts conflicts(RegionReplica region, Optional<ConflictId> after, HybridTimestamp since, int rows) {
        return (HistoryReply.Conflicts) ask(region,
                new HistoryRequest.Conflicts(1, region.range, RegionReplica.ALL, after, since, rows, 1 << 20, terms()));
    }

    private static HistoryReply.Versions versions(RegionReplica region, Optional<Version> only) {
        return (HistoryReply.Versions) ask(region,
                new HistoryRequest.Versions(1, region.range, RegionReplica.key("k"), only, terms()));
    }

    private static boolean settled(RegionReplica region) {
        return conflicts(region, Optional.empty(), HybridTimestamp.ZERO, 10).rows().get(0).settled();
    }

    private void forget() {
        for (RegionReplica region : regions.all) {
            CollectorPlan plan = new CollectorPlan(region.machine, region.self, 0, 3_600_000);
            for (int pass = 0; pass < 3; pass++) {
                plan.next(region.millis + 5_000).forEach(region::apply); // clocks differ by less
            }
        }
    }

    @Test
    void aConflictIsSettledByAWriteThatHasSeenBothAndNotByBecomingStable() {
        regions.settle();
        assertThat(settled(a)).isFalse();
        regions.settle();
        forget();
        assertThat(a.versions("k")).as("one body is left").hasSize(1);
        assertThat(settled(a)).isFalse();
        assertThat(settled(b)).isFalse();
        b.commit(RegionReplica.patch("k", "y", "1"));
        assertThat(settled(b)).isTrue();
        regions.settle();
        assertThat(settled(a)).isTrue();
    }

    @Test
    void versionsComeNewestFirstAndSayWhichLive() {
        regions.settle();
        HistoryReply.Versions all = versions(a, Optional.empty());
        assertThat(all.rows()).extracting(HistoryReply.Row::version).containsExactly(newer.version(), older.version(), first.version());
        assertThat(all.rows()).extracting(HistoryReply.Row::live).containsExactly(true, true, false);
        assertThat(all.rows()).allMatch(row -> row.json().length == 0 && row.sizeBytes() == 7);
        assertThat(versions(b, Optional.empty()).rows()).extracting(HistoryReply.Row::version)
                .containsExactly(newer.version(), older.version(), first.version());
    }

    @Test
    void aLostSideCanBeReadAfterItsVersionIsGone() {
        regions.settle();
        regions.settle();
        forget();
        HistoryReply.Versions lost = versions(a, Optional.of(older.version()));
        assertThat(lost.rows()).singleElement().satisfies(row -> {
            assertThat(new String(row.json(), StandardCharsets.UTF_8)).isEqualTo("{\"x\":1}");
            assertThat(row.live()).isFalse();
        });
        HistoryReply.Versions gone = versions(a, Optional.of(first.version()));
        assertThat(gone.rows()).isEmpty();
        assertThat(gone.vector().covers(first.version())).as("it was there").isTrue();
    }

    private static UnitAnswer restore(RegionReplica region, VersionVector seen, String json) {
        return region.write(new DocumentWrite(RegionReplica.key("k"), new Precondition.Seen(seen),
                new Mutation.Put(json.getBytes(StandardCharsets.UTF_8))));
    }

    private static ErrorCode refusal(UnitAnswer answer) {
        return ((UnitAnswer.Refused) answer).code();
    }

    @Test
    void aLoserThatIsRestoredStandsInEveryRegionAndOnlyOnce() {
        regions.settle();
        VersionVector state = Objects.requireNonNull(a.head("k")).vector();
        String lost = new String(versions(a, Optional.of(older.version())).rows().get(0).json(), StandardCharsets.UTF_8);
        assertThat(restore(a, state, lost)).isInstanceOf(UnitAnswer.Committed.class);
        assertThat(refusal(restore(a, state, lost))).as("somebody was faster").isEqualTo(ErrorCode.PRECONDITION_FAILED);
        regions.settle();
        regions.all.forEach(region -> assertThat(region.read("k")).hasValue("{\"x\":1}"));
        regions.all.forEach(region -> assertThat(settled(region)).isTrue());
        assertThat(conflicts(a, Optional.empty(), HybridTimestamp.ZERO, 10).rows()).as("a resolution makes no conflict").hasSize(1);
    }

    @Test
    void aDocumentThatIsDeletedOrForgottenIsRestoredToo() {
        a.commit(RegionReplica.delete("k"));
        VersionVector deleted = Objects.requireNonNull(a.head("k")).vector();
        assertThat(refusal(restore(a, VersionVector.EMPTY, "{\"x\":7}"))).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        assertThat(restore(a, deleted, "{\"x\":7}")).isInstanceOf(UnitAnswer.Committed.class);
        assertThat(a.read("k")).hasValue("{\"x\":7}");
        a.commit(RegionReplica.delete("k"));
        regions.settle();
        regions.settle();
        forget();
        assertThat(a.head("k")).isNull();
        assertThat(restore(a, VersionVector.EMPTY, "{\"x\":8}")).isInstanceOf(UnitAnswer.Committed.class);
        regions.settle();
        assertThat(b.read("k")).hasValue("{\"x\":8}");
    }

    @Test
    void conflictsComeByPagesAndFromATimeOn() {
        a.commit(RegionReplica.put("l", "{\"x\":1}"));
        b.commit(RegionReplica.put("l", "{\"x\":2}"));
        regions.settle();
        HistoryReply.Conflicts page = conflicts(a, Optional.empty(), HybridTimestamp.ZERO, 1);
        assertThat(page.rows()).hasSize(1);
        HistoryReply.Conflicts rest = conflicts(a, page.next(), HybridTimestamp.ZERO, 1);
        assertThat(rest.rows()).extracting(row -> row.id().key().id()).containsExactly("l");
        assertThat(rest.next()).isEmpty();
        HybridTimestamp later = a.tick();
        assertThat(conflicts(a, Optional.empty(), later, 10).rows()).isEmpty();
    }
}
