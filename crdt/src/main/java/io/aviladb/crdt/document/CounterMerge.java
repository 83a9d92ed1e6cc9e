package io.aviladb.crdt.document;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.type.Counter;
import io.aviladb.crdt.type.RunningSum;
import io.aviladb.crdt.type.RunningSums;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The counters of a set of live versions. Per path and region the later running sum counts, deletes' included: an increment is given up only
 * where a write that has seen it took its place. Which writes have seen what says the version whose cell decides the path.
 */
final class CounterMerge {
    private final TreeMap<FieldPath, Counter> merged = new TreeMap<>();
    private final Map<FieldPath, LiveVersion> sources = new TreeMap<>(); // whose body has the number underneath

    private final boolean whole; // one version's body is all there is underneath

    private CounterMerge(boolean whole) {
        this.whole = whole;
    }

    /** All counters on the body of one version. */
    static CounterMerge on(LiveVersions set, LiveVersion only) {
        return of(new CounterMerge(true), set, only, List.of(only));
    }

    /** @param base the version whose body the fold begins with */
    static CounterMerge of(LiveVersions set, LiveVersion base, List<LiveVersion> updates) {
        return of(new CounterMerge(false), set, base, updates);
    }

    private static CounterMerge of(CounterMerge merge, LiveVersions set, LiveVersion base, List<LiveVersion> updates) {
        TreeSet<FieldPath> paths = new TreeSet<>();
        set.versions().forEach(version -> paths.addAll(version.counters().byPath().keySet()));
        for (FieldPath path : paths) {
            LiveVersion source = merge.whole ? base : deciding(path, base, updates);
            RunningSums running = RunningSums.EMPTY;
            for (LiveVersion version : set.versions()) {
                running = running.join(version.counters().at(path).running());
            }
            merge.sources.put(path, source);
            RunningSums noted = noted(path, source, running, set);
            merge.merged.put(path, new Counter(running, noted, based(path, source, new Counter(running, noted, false))));
        }
        return merge;
    }

    /** The highest of the versions that have the newest cell at or above the path; the fold's base where that is the root's. */
    private static LiveVersion deciding(FieldPath path, LiveVersion base, List<LiveVersion> updates) {
        LiveVersion deciding = base;
        Version newest = base.root();
        for (LiveVersion update : updates) {
            Version covering = update.covering(path);
            int order = covering.compareTo(newest);
            if (order > 0 || order == 0 && !newest.equals(base.root())) {
                deciding = update;
                newest = covering;
            }
        }
        return deciding;
    }

    /**
     * The sums that the deciding write had seen. A version that has seen a region's increments and has no sum of theirs was inserted where
     * the document had been deleted everywhere and forgotten: it stands above all of that life, which another replica may still have noted.
     */
    private static RunningSums noted(FieldPath path, LiveVersion source, RunningSums running, LiveVersions set) {
        Counter own = source.counters().at(path);
        RunningSums noted = own.noted();
        for (Map.Entry<RegionIncarnation, RunningSum> entry : running.byRegion().entrySet()) {
            RegionIncarnation region = entry.getKey();
            RunningSum sum = entry.getValue();
            if (own.running().of(region) == null && source.vector().at(region).compareTo(sum.began()) >= 0) {
                noted = noted.with(region, notedByOthers(path, region, sum, set));
            }
        }
        return noted;
    }

    private static boolean based(FieldPath path, LiveVersion source, Counter merged) {
        Counter own = source.counters().at(path);
        boolean begins = merged.counts() && !own.counts();
        return begins ? source.document().at(path).orElse(null) instanceof JsonNumber : own.based();
    }

    private static RunningSum notedByOthers(FieldPath path, RegionIncarnation region, RunningSum sum, LiveVersions set) {
        RunningSum latest = null;
        for (LiveVersion version : set.versions()) {
            RunningSum noted = version.counters().at(path).noted().of(region);
            if (noted != null && noted.began().equals(sum.began())) {
                latest = latest == null ? noted : latest.later(noted);
            }
        }
        return latest == null ? sum : latest;
    }

    Counters merged() {
        return merged.isEmpty() ? Counters.EMPTY : new Counters(new TreeMap<>(merged));
    }

    /** Whether the version's body already shows every counter as it is. */
    boolean addsNothingTo(LiveVersion version) {
        return merged.entrySet().stream().allMatch(entry -> sources.get(entry.getKey()) == version
                && entry.getValue().equals(version.counters().at(entry.getKey())));
    }

    /**
     * Puts the counters' values into a body in which every path has the value of its deciding version. Of two counters one of which lies
     * below the other, and that both began from nothing, the lower one shows: the upper one's path has become an object.
     */
    void addTo(MutableObject body) {
        for (FieldPath path : merged.keySet()) {
            if (!whole && beganFromNothing(path) && body.get(path) instanceof JsonNumber && countsBelow(path)) {
                body.remove(path);
            }
        }
        merged.descendingMap().forEach((path, counter) -> add(body, path, counter));
    }

    private void add(MutableObject body, FieldPath path, Counter counter) {
        JsonValue value = body.get(path);
        if (value instanceof JsonNumber number) {
            BigDecimal more = counter.unseen().subtract(shown(path).unseen());
            if (more.signum() != 0) {
                body.set(path, CounterNumbers.sum(number, more));
            }
        } else if (value == null && counter.counts() && body.blocker(path) == null) {
            body.set(path, CounterNumbers.sum(JsonNumber.of(0), counter.unseen()));
        }
    }

    private Counter shown(FieldPath path) {
        return Objects.requireNonNull(sources.get(path)).counters().at(path);
    }

    private boolean beganFromNothing(FieldPath path) {
        return shown(path).counts() && !shown(path).based();
    }

    private boolean countsBelow(FieldPath path) {
        return merged.tailMap(path, false).entrySet().stream().takeWhile(entry -> path.contains(entry.getKey()))
                .anyMatch(entry -> entry.getValue().counts());
    }
}
