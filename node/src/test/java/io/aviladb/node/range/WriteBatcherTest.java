package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.time.Clock;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteBatcherTest {
    private static final int SMALL = 100;
    private static final int LARGE = 40_000;
    private static final long PATIENCE_MILLIS = 1_000;

    private final List<Entry> log = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final WriteBatcher batcher = new WriteBatcher(new LeaderAlone() {
        @Override
        public CompletableFuture<Object> propose(byte[] bytes, @Nullable Object context) {
            Entry entry = new Entry(((GroupEntry.Writes) GroupEntry.decode(bytes).entry()).units(), new CompletableFuture<>());
            log.add(entry);
            return entry.applied();
        }
    }, new HybridLogicalClock(Clock.system()), nanos::get);

    /** What was proposed, and when it will have been applied. */
    private record Entry(List<WriteUnit> units, CompletableFuture<Object> applied) {
        /** Each unit is answered by its own id, so that mixed up answers are seen. */
        void apply() {
            applied.complete(units.stream().map(unit -> answer(unit.writes().get(0).key().id())).toList());
        }
    }

    private static UnitAnswer answer(String id) {
        return new UnitAnswer.Refused(ErrorCode.DOCUMENT_EXISTS, id, 0, VersionVector.EMPTY);
    }

    private CompletableFuture<UnitAnswer> write(String id, int bytes) {
        DocumentKey key = DocumentKey.of(1, PartitionStrategy.single(FieldPath.of("p")), List.of(new JsonString("p")), id);
        return batcher.submit(new WriteUnit(List.of(new RangeRef(1, 1)),
                List.of(new DocumentWrite(key, Precondition.NONE, new Mutation.Put(new byte[bytes]))), null, VersionVector.EMPTY),
                PATIENCE_MILLIS);
    }

    private List<Integer> sizes() {
        return log.stream().map(entry -> entry.units().size()).toList();
    }

    @Test
    void aWriteAloneIsProposedAtOnce() {
        write("a", SMALL);
        assertThat(sizes()).containsExactly(1);
    }

    @Test
    void writesGatherBesideAnEntryAndGoTogetherWhenItIsDone() {
        write("a", SMALL);
        CompletableFuture<UnitAnswer> b = write("b", SMALL);
        CompletableFuture<UnitAnswer> c = write("c", SMALL);
        assertThat(sizes()).as("two small writes aren't worth an entry of their own").containsExactly(1);
        log.get(0).apply();
        assertThat(sizes()).containsExactly(1, 2);
        log.get(1).apply();
        assertThat(b).isCompletedWithValue(answer("b"));
        assertThat(c).isCompletedWithValue(answer("c"));
    }

    @Test
    void whatFillsAnEntryDoesNotWaitButForAThird() {
        write("a", SMALL);
        write("b", LARGE);
        assertThat(sizes()).containsExactly(1);
        write("c", LARGE);
        assertThat(sizes()).as("a second entry goes beside the first").containsExactly(1, 2);
        write("d", LARGE);
        write("e", LARGE);
        assertThat(sizes()).as("a third does not").containsExactly(1, 2);
    }

    @Test
    void aWriteWhoseTimeIsOverIsIndeterminateAndTheOthersAreNot() {
        CompletableFuture<UnitAnswer> early = write("a", SMALL);
        nanos.addAndGet(PATIENCE_MILLIS * 500_000);
        CompletableFuture<UnitAnswer> late = write("b", SMALL);
        batcher.expire();
        assertThat(early).isNotDone();
        nanos.addAndGet(PATIENCE_MILLIS * 500_000);
        batcher.expire();
        assertThat(early).isCompletedWithValueMatching(
                answer -> answer instanceof UnitAnswer.Refused refused && refused.code() == ErrorCode.INDETERMINATE);
        assertThat(late).isNotDone();
        log.get(0).apply();
        log.get(1).apply();
        assertThat(late).isCompletedWithValue(answer("b"));
    }
}
