package io.aviladb.benchmarks.micro;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.plan.IndexAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** What a range does with a fragment before it reads: of a shape that is known, and of one that isn't. The goal is 10 us for a known one. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class PlanBenchmark {
    private static final PartitionStrategy BY_USER = PartitionStrategy.single(FieldPath.of("userId"));
    private static final String STATEMENT = "SELECT * FROM players WHERE deviceId = @device AND timestamp > @since ORDER BY timestamp DESC LIMIT ";
    private final List<IndexDefinition> indexes = List.of(index(1, "/city"), index(2, "/deviceId", "-/timestamp"), index(3, "/level"));
    private final Map<String, JsonValue> parameters = Map.of("device", new JsonString("d17"), "since", JsonNumber.of(1_700_000_000L));
    private final byte[] known = fragment(10).toBytes();
    private int next;

    private static IndexDefinition index(int id, String... fields) {
        return new IndexDefinition(id, "i" + id, List.of(fields).stream().map(IndexDefinition.Field::parse).toList(), false, "");
    }

    private Fragment fragment(int limit) {
        return new Fragment(STATEMENT + limit, parameters, 1_700_000_000_000L, 100, 1 << 20, Optional.empty());
    }

    private Optional<IndexAccess> planned(Fragment fragment) {
        return fragment.index(fragment.ready(BY_USER), indexes);
    }

    @Benchmark
    public Optional<IndexAccess> knownShapeFromBytes() {
        return planned(Fragment.ofBytes(known));
    }

    /** Another text each time, more of them than are kept. */
    @Benchmark
    public Optional<IndexAccess> newShape() {
        next++;
        return planned(fragment(next & 0xFFFFF));
    }
}
