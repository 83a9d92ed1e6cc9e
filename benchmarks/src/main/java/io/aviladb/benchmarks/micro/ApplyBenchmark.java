package io.aviladb.benchmarks.micro;

import io.aviladb.benchmarks.cluster.Folder;
import io.aviladb.benchmarks.load.Documents;
import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
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
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Applying one entry of 64 inserts of 1 KB, each with its operation: with the units at hand as on the leader, and from bytes as on followers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ApplyBenchmark {
    private static final int UNITS = 64;
    private static final int COLLECTION = 7;
    private static final RegionIncarnation SELF = new RegionIncarnation(1);
    private static final RangeRef RANGE = new RangeRef(1, 1);
    private static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("id"));

    private final Documents documents = new Documents();
    private final Folder folder;
    private final SharedEngine engine;
    private final RangeMachine machine;
    private long written;
    private long index = 1;
    private GroupEntry.Stamped entry;
    private byte[] bytes;

    public ApplyBenchmark() {
        folder = Unchecked.get(() -> Folder.in(Path.of("target/data")));
        engine = SharedEngine.create(EngineOptions.DEFAULT);
        machine = new RangeMachine(SELF, 101, engine);
        Unchecked.get(() -> machine.open(folder.path().resolve("db")));
        CollectionDefinition collection = new CollectionDefinition(COLLECTION, "benchmark", "benchmark", STRATEGY,
                MergePolicyDefinition.DEFAULT, 1);
        GroupEntry activate = new GroupEntry.Activate(RANGE, KeyRange.collection(COLLECTION), collection, List.of(SELF));
        machine.apply(new LogPosition(1, index), GroupEntry.encode(reading(), activate), null);
        entry = entry();
        bytes = encoded(entry);
    }

    private HybridTimestamp reading() {
        return HybridTimestamp.ofMillis(1_800_000_000_000L + index);
    }

    private static byte[] encoded(GroupEntry.Stamped entry) {
        return GroupEntry.encode(entry.reading(), entry.entry());
    }

    private GroupEntry.Stamped entry() {
        List<WriteUnit> units = new ArrayList<>();
        for (int i = 0; i < UNITS; i++) {
            String id = Documents.id(written);
            DocumentKey key = DocumentKey.of(COLLECTION, STRATEGY, List.of(new JsonString(id)), id);
            OperationId operation = new OperationId(new byte[16], written, SELF, new byte[16], reading());
            units.add(new WriteUnit(List.of(RANGE),
                    List.of(new DocumentWrite(key, Precondition.INSERT, new Mutation.Put(documents.json(written)))), operation,
                    VersionVector.EMPTY));
            written++;
        }
        return new GroupEntry.Stamped(reading(), new GroupEntry.Writes(units));
    }

    /** New keys for each entry. An invocation takes far longer than the clock's resolution. */
    @Setup(Level.Invocation)
    public void nextEntry() {
        index++;
        entry = entry();
        bytes = encoded(entry);
    }

    @TearDown
    public void close() throws IOException {
        machine.close();
        engine.close();
        folder.close();
    }

    @Benchmark
    public Object onTheLeader() {
        return machine.apply(new LogPosition(1, index), bytes, new RangeMachine.Proposed(entry));
    }

    @Benchmark
    public Object onAFollower() {
        return machine.apply(new LogPosition(1, index), bytes, null);
    }
}
