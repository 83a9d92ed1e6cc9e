package io.aviladb.crdt.document;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.crdt.type.Counter;
import io.aviladb.crdt.type.RunningSums;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A version's counters by path. Only paths that were ever incremented are here. Immutable. */
record Counters(SortedMap<FieldPath, Counter> byPath) {
    static final Counters EMPTY = new Counters(new TreeMap<>());

    Counters {
        byPath = Collections.unmodifiableSortedMap(new TreeMap<>(byPath));
    }

    boolean isEmpty() {
        return byPath.isEmpty();
    }

    Counter at(FieldPath path) {
        return byPath.getOrDefault(path, Counter.ZERO);
    }

    Counters plus(FieldPath path, RegionIncarnation region, BigDecimal amount, HybridTimestamp stamp, boolean shown) {
        TreeMap<FieldPath, Counter> copy = new TreeMap<>(byPath);
        copy.put(path, at(path).plus(region, amount, stamp, shown));
        return new Counters(copy);
    }

    /** After a write at the path: it has seen all that was added at or below it. */
    Counters notedBelow(FieldPath path) {
        if (isEmpty()) {
            return this;
        }
        TreeMap<FieldPath, Counter> copy = new TreeMap<>(byPath);
        copy.replaceAll((at, counter) -> path.contains(at) ? counter.allNoted() : counter);
        return new Counters(copy);
    }

    /** All that is known here or there, as a write that has seen both and replaces the document notes it. */
    Counters joinNoted(Counters other) {
        TreeMap<FieldPath, Counter> joined = new TreeMap<>(byPath);
        other.byPath.forEach((path, counter) -> joined.merge(path, counter,
                (a, b) -> new Counter(a.running().join(b.running()), RunningSums.EMPTY, false)));
        joined.replaceAll((path, counter) -> counter.allNoted());
        return new Counters(joined);
    }

    /** All sums that the set knows, each noted. */
    static Counters noted(LiveVersions set) {
        Counters all = EMPTY;
        for (LiveVersion version : set.versions()) {
            all = version.hasCounters() ? all.joinNoted(version.counters()) : all;
        }
        return all;
    }

    void write(ByteWriter out) {
        out.writeVarInt(byPath.size());
        for (Map.Entry<FieldPath, Counter> entry : byPath.entrySet()) {
            out.writeString(entry.getKey().toString());
            entry.getValue().write(out);
        }
    }

    static Counters read(ByteReader in) {
        TreeMap<FieldPath, Counter> counters = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            counters.put(FieldPath.parse(in.readString()), Counter.read(in));
        }
        return new Counters(counters);
    }
}
