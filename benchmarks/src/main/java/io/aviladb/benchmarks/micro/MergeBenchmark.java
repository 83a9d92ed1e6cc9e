package io.aviladb.benchmarks.micro;

import io.aviladb.benchmarks.load.Documents;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.Document;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;
import io.aviladb.crdt.document.LiveVersion;
import io.aviladb.crdt.document.LiveVersions;
import io.aviladb.crdt.document.Mutator;
import java.nio.charset.StandardCharsets;
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

/** Two states of a document of 1 KB: changed in different fields by two regions at once, and one that has seen the other. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class MergeBenchmark {
    private static final PolicyHistory POLICY = PolicyHistory.DEFAULT;

    private final LiveVersions here;
    private final LiveVersions there;
    private final byte[] storedThere;
    private final LiveVersions later;

    public MergeBenchmark() {
        Version first = version(1, 1);
        VersionVector seen = VersionVector.of(first);
        LiveVersions base = LiveVersions.of(LiveVersion.update(first, seen, new Documents().json(1)));
        here = LiveVersions.of(changed(base, seen, "{\"level\":43,\"rating\":1801.5}", version(2, 1)));
        LiveVersion other = changed(base, seen, "{\"city\":\"Recife\",\"premium\":true}", version(3, 2));
        there = LiveVersions.of(other);
        storedThere = other.encode();
        later = LiveVersions.of(changed(here, here.vector(), "{\"level\":44}", version(4, 1)));
    }

    private static Version version(long millis, int region) {
        return new Version(HybridTimestamp.ofMillis(millis), new RegionIncarnation(region));
    }

    private static LiveVersion changed(LiveVersions before, VersionVector seen, String patch, Version version) {
        return Mutator.apply(before, seen, new Mutation.MergePatch(patch.getBytes(StandardCharsets.UTF_8)), false, version, POLICY);
    }

    @Benchmark
    public LiveVersions joinConcurrent() {
        return here.join(there);
    }

    /** As a pull does it: the other state comes as bytes, and a reader wants the merged document. */
    @Benchmark
    public Optional<Document> joinConcurrentFromBytesAndRead() {
        return here.join(LiveVersion.decode(storedThere)).read(POLICY);
    }

    @Benchmark
    public LiveVersions replaceByDominating() {
        return here.join(later);
    }
}
