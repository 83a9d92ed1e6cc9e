package io.aviladb.benchmarks.micro;

import io.aviladb.benchmarks.cluster.Folder;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.storage.Applied;
import io.aviladb.storage.Batch;
import io.aviladb.storage.GroupStore;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import io.aviladb.storage.head.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A look at a document's head, of 100,000: in the head table, and in the column family behind it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Thread)
public class HeadBenchmark {
    private static final int HEADS = 100_000;
    private static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("id"));

    private final Folder folder;
    private final SharedEngine engine;
    private final GroupStore store;
    private final ReadView view;
    private final DocumentKey[] keys = new DocumentKey[HEADS];
    private final SplittableRandom random = new SplittableRandom(5);

    public HeadBenchmark() {
        folder = Unchecked.get(() -> Folder.in(Path.of("target/data")));
        engine = SharedEngine.create(EngineOptions.DEFAULT);
        store = Unchecked.get(() -> GroupStore.open(folder.path().resolve("db"), engine));
        for (int i = 0; i < HEADS; i++) {
            String id = "d" + i;
            keys[i] = DocumentKey.of(7, STRATEGY, List.of(new JsonString(id)), id);
        }
        for (int from = 0; from < HEADS; from += 1_000) {
            HybridTimestamp stamp = HybridTimestamp.ofMillis(from + 1);
            try (Batch batch = store.begin()) {
                for (int i = from; i < from + 1_000; i++) {
                    batch.putHead(keys[i], Head.of(new Version(stamp, new RegionIncarnation(1)), false, 0, 1_024));
                }
                batch.commit(new Applied(1, from + 1, stamp));
            }
        }
        store.flush();
        view = store.view();
    }

    @TearDown
    public void close() throws IOException {
        view.close();
        store.close();
        engine.close();
        folder.close();
    }

    private DocumentKey key() {
        return keys[random.nextInt(HEADS)];
    }

    @Benchmark
    public @Nullable Head inHeadTable() {
        return store.head(key());
    }

    @Benchmark
    public @Nullable Head inColumnFamily() {
        return view.head(key());
    }
}
