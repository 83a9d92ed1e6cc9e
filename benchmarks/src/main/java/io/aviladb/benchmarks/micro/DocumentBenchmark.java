package io.aviladb.benchmarks.micro;

import io.aviladb.benchmarks.load.Documents;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the edge does with a document before anything else: JSON to its stored form, and its key. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class DocumentBenchmark {
    private final byte[] json = new Documents().json(4_711);
    private final PartitionStrategy single = PartitionStrategy.single(FieldPath.of("id"));
    private final List<JsonValue> one = List.of(new JsonString("d0000004711"));
    private final PartitionStrategy hierarchical = new PartitionStrategy.Fields(List.of(level("tenant"), level("user"), level("day")));
    private final List<JsonValue> three = List.of(new JsonString("tenant-17"), new JsonString("user-4711"), JsonNumber.of(20_261_124));

    private static PartitionStrategy.Level level(String field) {
        return new PartitionStrategy.Level(FieldPath.of(field), false);
    }

    @Benchmark
    public DocumentKey keyOfOneLevel() {
        return DocumentKey.of(7, single, one, "d0000004711");
    }

    @Benchmark
    public DocumentKey keyOfThreeLevels() {
        return DocumentKey.of(7, hierarchical, three, "d0000004711");
    }

    @Benchmark
    public Document jsonToStoredForm() {
        return Document.parse(json);
    }
}
