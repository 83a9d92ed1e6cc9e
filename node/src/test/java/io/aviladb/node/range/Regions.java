package io.aviladb.node.range;

import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.OperationId;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Regions 1 to n, each with a link to every other. */
final class Regions implements AutoCloseable {
    final List<RegionReplica> all;
    final List<RegionLink> links = new ArrayList<>();
    private final @Nullable SharedEngine owned;

    private Regions(List<RegionReplica> all, @Nullable SharedEngine owned) {
        this.all = all;
        this.owned = owned;
    }

    static SharedEngine engine() {
        return SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    }

    static Regions of(int count, Path directory) {
        SharedEngine engine = engine();
        return of(count, directory, engine, engine);
    }

    /** On an engine that outlives the regions. */
    static Regions of(int count, Path directory, SharedEngine engine) {
        return of(count, directory, engine, null);
    }

    private static Regions of(int count, Path directory, SharedEngine engine, @Nullable SharedEngine owned) {
        List<RegionReplica> all = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            all.add(new RegionReplica(number, directory, engine));
        }
        List<RegionIncarnation> names = all.stream().map(region -> region.self).toList();
        all.forEach(region -> region.activate(names));
        Regions regions = new Regions(List.copyOf(all), owned);
        for (RegionReplica target : all) {
            all.stream().filter(source -> source != target).forEach(source -> regions.links.add(new RegionLink(target, source)));
        }
        return regions;
    }

    RegionReplica get(int number) {
        return all.get(number - 1);
    }

    RegionLink link(int target, int source) {
        return links.stream().filter(l -> l.target == get(target) && l.source == get(source)).findFirst().orElseThrow();
    }

    /** Everything arrives everywhere, and all say that they have it. */
    void settle() {
        for (int round = 0; round < 2; round++) { // the second brings the marks that speak of the first
            all.forEach(RegionReplica::tick);
            links.forEach(RegionLink::catchUp);
        }
    }

    /** The same clock for all. */
    void at(long millis) {
        all.forEach(region -> region.millis = millis);
    }

    static OperationId operation(long sequence, RegionReplica first, String asked) {
        byte[] digest = new byte[16];
        IntStream.range(0, asked.length()).forEach(i -> digest[i % 16] = (byte) (digest[i % 16] * 31 + asked.charAt(i)));
        return new OperationId(new byte[16], sequence, first.self, digest, HybridTimestamp.ofMillis(first.millis));
    }

    static VersionVector stamp(RegionReplica region, HybridTimestamp stamp) {
        return VersionVector.of(region.self, stamp);
    }

    @Override
    public void close() {
        all.forEach(RegionReplica::close);
        if (owned != null) {
            owned.close();
        }
    }
}
