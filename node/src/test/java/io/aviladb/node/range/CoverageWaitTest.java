package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that goes to another region waits there, with its writes as with its reads, for what it has seen (S42). */
class CoverageWaitTest {
    private static final long TIMEOUT_MILLIS = 1_000;

    @TempDir
    Path directory;

    private final List<Runnable> timers = new ArrayList<>();
    private final Scheduler scheduler = (delay, task) -> {
        assertThat(delay).isEqualTo(Duration.ofMillis(TIMEOUT_MILLIS));
        timers.add(task);
        return () -> timers.remove(task);
    };
    private Regions regions;
    private RegionReplica a;
    private RegionReplica c;
    private GroupReader reader;
    private int wantedTicks;

    /** Has no other replica to ask. */
    private static final class ConfirmedLeader extends LeaderAlone {
        @Override
        public CompletableFuture<Long> confirmReadIndex() {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletableFuture<Void> awaitApplied(long index) {
            return CompletableFuture.completedFuture(null);
        }
    }

    @BeforeEach
    void open() {
        regions = Regions.of(3, directory);
        a = regions.get(1);
        c = regions.get(3);
        reader = new GroupReader(new ConfirmedLeader(), c.machine, c.self, () -> wantedTicks++, scheduler, Runnable::run);
    }

    @AfterEach
    void close() {
        regions.close();
    }

    @Test
    void s42_theDeleteOfASessionWaitsForItsWriteElsewhere() throws Exception {
        UnitAnswer.Committed written = a.commit(RegionReplica.put("k", "{\"x\":1}"));
        VersionVector token = VersionVector.of(written.version());
        CompletableFuture<Void> covered = reader.covered(List.of(c.range), token, TIMEOUT_MILLIS);
        assertThat(covered).isNotDone();
        assertThat(wantedTicks).isEqualTo(1);
        c.tick();
        assertThat(covered).as("its own time is not A's").isNotDone();

        regions.link(3, 1).catchUp();
        covered.get(10, TimeUnit.SECONDS);
        assertThat(timers).isEmpty();
        assertThat(c.write(null, token, RegionReplica.delete("k"))).isInstanceOf(UnitAnswer.Committed.class);
        regions.settle();
        regions.all.forEach(region -> assertThat(region.read("k")).isEmpty());
    }

    @Test
    void whatDoesNotComeInTimeIsRefusedWithItsName() {
        UnitAnswer.Committed written = a.commit(RegionReplica.put("k", "{\"x\":1}"));
        CompletableFuture<Void> covered = reader.covered(List.of(c.range), VersionVector.of(written.version()), TIMEOUT_MILLIS);
        List.copyOf(timers).forEach(Runnable::run);
        assertThatThrownBy(() -> covered.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class).cause()
                .isInstanceOfSatisfying(NodeRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SESSION_NOT_REACHED));
    }

    @Test
    void aBoundedReadHasAllThatAnyRegionWroteUpToTheBound() throws Exception {
        int[] marks = {0};
        reader.onMarksWanted(() -> marks[0]++);
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
        VersionVector bound = VersionVector.EMPTY;
        for (RegionReplica region : regions.all) {
            bound = bound.with(region.self, a.machine.lastStamp());
        }
        CompletableFuture<ReadReply> read = reader.read(read(bound));
        assertThat(read).as("B and C have said nothing, A's write is not here").isNotDone();
        assertThat(marks[0]).isEqualTo(1);
        regions.get(2).millis = a.millis;
        regions.get(2).tick();
        c.millis = a.millis;
        regions.settle();
        assertThat(read.get(10, TimeUnit.SECONDS).json()).isPresent();

        VersionVector later = bound.with(a.self, a.machine.lastStamp().next());
        CompletableFuture<ReadReply> late = reader.read(read(later));
        List.copyOf(timers).forEach(Runnable::run);
        assertThatThrownBy(() -> late.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class).cause()
                .isInstanceOfSatisfying(NodeRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.STALENESS_NOT_MET));
    }

    private ReadRequest read(VersionVector bound) {
        return new ReadRequest(101, c.range, RegionReplica.key("k"), new ReadTerms(ReadConsistency.BOUNDED, bound, TIMEOUT_MILLIS));
    }

    @Test
    void aTokenOfThisRegionAloneDoesNotWait() {
        UnitAnswer.Committed written = c.commit(RegionReplica.put("k", "{\"x\":1}"));
        assertThat(reader.covered(List.of(c.range), VersionVector.of(written.version()), TIMEOUT_MILLIS)).isCompleted();
        assertThat(reader.isCoveredNow(List.of(c.range), VersionVector.of(a.self, a.machine.lastStamp().next()))).isFalse();
    }
}
