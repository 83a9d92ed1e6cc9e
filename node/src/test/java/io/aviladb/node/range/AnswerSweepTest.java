package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.Clock;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.group.DataGroup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers go a day after their operation was first sent, on all replicas in the same entry; a replay is answered until then, and never run. */
class AnswerSweepTest {
    private static final long DAY = UnitApplier.ANSWERS_KEPT.toMillis();

    @TempDir
    Path directory;

    private final Clock clock = new Clock() {
        @Override
        public long millis() {
            return a.millis;
        }

        @Override
        public long nanos() {
            return a.millis * 1_000_000;
        }
    };
    private Regions regions;
    private RegionReplica a;
    private CollectorPlan plan;

    @BeforeEach
    void open() {
        regions = Regions.of(1, directory);
        a = regions.get(1);
        plan = newPlan();
        a.commit(RegionReplica.put("k", "{\"n\":0}"));
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private CollectorPlan newPlan() {
        return new CollectorPlan(a.machine, a.self, 60_000, 3_600_000);
    }

    private OperationId increment(long sequence) {
        OperationId operation = Regions.operation(sequence, a, "inc");
        assertThat(replay(operation)).isInstanceOf(UnitAnswer.Committed.class);
        return operation;
    }

    private UnitAnswer replay(OperationId operation) {
        return a.write(operation, VersionVector.EMPTY, RegionReplica.increment("k", 1));
    }

    private int rows() {
        int[] rows = {0};
        a.store().scanDedup(new KeyRange(new byte[0], new byte[0]), (key, rowKey, row) -> {
            rows[0]++;
            return true;
        });
        return rows[0];
    }

    /** What the leader's upkeep does, and what it said about answers. */
    private List<GroupEntry> upkeep() {
        List<GroupEntry> entries = plan.next(a.millis);
        entries.forEach(a::apply);
        return entries.stream().filter(GroupEntry.SweepAnswers.class::isInstance).toList();
    }

    @Test
    void anAnswerIsKeptForADayAndGoesThen() {
        OperationId operation = increment(1);
        UnitAnswer answer = replay(operation);
        assertThat(upkeep()).isEmpty();
        a.millis += DAY - 60_000;
        a.tick();
        assertThat(upkeep()).isEmpty();
        assertThat(replay(operation)).isEqualTo(answer);

        a.millis += 60_001;
        a.tick();
        assertThat(upkeep()).hasSize(1);
        assertThat(rows()).isZero();
        assertThat(replay(operation)).isInstanceOfSatisfying(UnitAnswer.Refused.class,
                refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INDETERMINATE));
        assertThat(a.read("k")).hasValue("{\"n\":1}");
    }

    @Test
    void aRestartBeforeAndAfterTheSweepChangesNothing() {
        OperationId old = increment(1);
        a.millis += DAY / 2;
        OperationId young = increment(2);
        UnitAnswer youngAnswer = replay(young);
        Path checkpoint = a.checkpoint();
        a.millis += DAY / 2 + 1;
        a.tick();
        a.restart();
        plan = newPlan();
        assertThat(upkeep()).hasSize(1);
        assertThat(rows()).isEqualTo(1);

        a.restart();
        assertThat(rows()).isEqualTo(1);
        assertThat(replay(young)).isEqualTo(youngAnswer);
        assertThat(replay(old)).isInstanceOf(UnitAnswer.Refused.class);

        a.crashTo(checkpoint); // the log is applied again: a replica that lost what it had not flushed
        assertThat(rows()).isEqualTo(1);
        assertThat(replay(young)).isEqualTo(youngAnswer);
        assertThat(a.read("k")).hasValue("{\"n\":2}");
    }

    @Test
    void oneEntryTakesNoMoreThanItsShareAndOnlyWhatIsPastItsTime() {
        int more = AnswerSweep.MAX_ROWS + 500;
        for (int i = 0; i < more; i++) { // numbers of a client begin at 1
            increment(i + 1);
        }
        a.millis += DAY / 2;
        for (int i = 0; i < 100; i++) {
            increment(more + i + 1);
        }
        a.millis += DAY / 2 + 1;
        a.tick();
        assertThat(upkeep()).hasSize(1);
        assertThat(rows()).isEqualTo(600);
        assertThat(upkeep()).hasSize(1);
        assertThat(rows()).isEqualTo(100);
        assertThat(upkeep()).isEmpty();
        assertThat(rows()).isEqualTo(100);
    }

    @Test
    void answersBehindManyThatStayAreFound() {
        long start = a.millis;
        a.millis = start + DAY / 2;
        for (int i = 0; i < AnswerSweep.MAX_ROWS + 10; i++) {
            increment(i + 1);
        }
        OperationId old = new OperationId(new byte[16], AnswerSweep.MAX_ROWS + 1_000_000, a.self, new byte[16],
                HybridTimestamp.ofMillis(start));
        replay(old);
        int all = rows();
        a.millis = start + DAY + 1;
        a.tick();
        assertThat(upkeep()).as("the first look meets young ones only").isEmpty();
        assertThat(upkeep()).hasSize(1);
        assertThat(rows()).isEqualTo(all - 1);
    }

    @Test
    void theLeadersUpkeepProposesIt() {
        increment(1);
        a.millis += DAY + 1;
        DataGroup group = new DataGroup(new Inline(true), a.machine, a.self, new HybridLogicalClock(clock),
                (delay, task) -> () -> {}, Runnable::run, 60_000, System::nanoTime);
        group.upkeep(a.millis); // the tick moves the log's time
        group.upkeep(a.millis + 1_000);
        assertThat(rows()).isZero();
    }

    @Test
    void whoDoesNotLeadProposesNothing() {
        increment(1);
        a.millis += DAY + 1;
        a.tick();
        DataGroup group = new DataGroup(new Inline(false), a.machine, a.self, new HybridLogicalClock(clock),
                (delay, task) -> () -> {}, Runnable::run, 60_000, System::nanoTime);
        group.upkeep(a.millis);
        assertThat(rows()).isEqualTo(1);
    }

    /** A group of one: what is proposed is applied. */
    private final class Inline extends LeaderAlone {
        private final boolean leads;

        Inline(boolean leads) {
            this.leads = leads;
        }

        @Override
        public CompletableFuture<Object> propose(byte[] entry, @Nullable Object context) {
            return CompletableFuture.completedFuture(a.apply(GroupEntry.decode(entry).entry()));
        }

        @Override
        public Leadership leadership() {
            return new Leadership(1, leads, Optional.empty());
        }
    }
}
