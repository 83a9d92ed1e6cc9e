package io.aviladb.crdt.type;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One counter's running sums, per region incarnation. Immutable; a lattice under {@link #join}. */
public record RunningSums(SortedMap<RegionIncarnation, RunningSum> byRegion) {
    public static final RunningSums EMPTY = new RunningSums(new TreeMap<>());

    public RunningSums {
        byRegion = Collections.unmodifiableSortedMap(new TreeMap<>(byRegion));
    }

    public boolean isEmpty() {
        return byRegion.isEmpty();
    }

    public @Nullable RunningSum of(RegionIncarnation region) {
        return byRegion.get(region);
    }

    public RunningSums with(RegionIncarnation region, RunningSum sum) {
        TreeMap<RegionIncarnation, RunningSum> copy = new TreeMap<>(byRegion);
        copy.put(region, sum);
        return new RunningSums(copy);
    }

    /** This with the amount added by the region; a first amount begins a sum. */
    public RunningSums plus(RegionIncarnation region, BigDecimal amount, HybridTimestamp stamp) {
        RunningSum known = byRegion.get(region);
        return with(region, known == null ? new RunningSum(stamp, stamp, amount) : known.plus(amount, stamp));
    }

    /** Per region the later sum. */
    public RunningSums join(RunningSums other) {
        if (other.isEmpty() || equals(other)) {
            return this;
        }
        TreeMap<RegionIncarnation, RunningSum> joined = new TreeMap<>(byRegion);
        other.byRegion.forEach((region, sum) -> joined.merge(region, sum, RunningSum::later));
        return new RunningSums(joined);
    }

    void write(ByteWriter out) {
        out.writeVarInt(byRegion.size());
        for (Map.Entry<RegionIncarnation, RunningSum> entry : byRegion.entrySet()) {
            out.writeVarInt(entry.getKey().number());
            entry.getValue().write(out);
        }
    }

    static RunningSums read(ByteReader in) {
        TreeMap<RegionIncarnation, RunningSum> sums = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            sums.put(new RegionIncarnation(in.readVarInt()), RunningSum.read(in));
        }
        return new RunningSums(sums);
    }
}
