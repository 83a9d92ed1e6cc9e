package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A typed field as one version has it: facts, each with its <em>dots</em>, the writes that stated it. A write replaces the facts that it has
 * seen and answers; that they are gone needs no record, since the version's vector covers their dots. Immutable.
 */
public record FieldState(SortedMap<Fact, SortedSet<Version>> facts) {
    public static final FieldState EMPTY = new FieldState(new TreeMap<>());

    public FieldState {
        TreeMap<Fact, SortedSet<Version>> copy = new TreeMap<>();
        facts.forEach((fact, dots) -> copy.put(fact, Collections.unmodifiableSortedSet(new TreeSet<>(dots))));
        facts = Collections.unmodifiableSortedMap(copy);
    }

    /** The field, and all that the version which has it had seen. */
    public record Seen(FieldState state, VersionVector vector) {}

    /** The values, all stated by one write. */
    public static FieldState of(Collection<? extends JsonValue> values, Version stamp) {
        FieldState state = EMPTY;
        for (JsonValue value : values) {
            state = state.with(Fact.of(value), stamp);
        }
        return state;
    }

    public boolean has(Fact fact) {
        return facts.containsKey(fact);
    }

    public boolean isEmpty() {
        return facts.isEmpty();
    }

    /** With the fact stated by this write alone. */
    public FieldState with(Fact fact, Version stamp) {
        TreeMap<Fact, SortedSet<Version>> copy = new TreeMap<>(facts);
        copy.put(fact, new TreeSet<>(List.of(stamp)));
        return new FieldState(copy);
    }

    public FieldState without(Fact fact) {
        if (!has(fact)) {
            return this;
        }
        TreeMap<Fact, SortedSet<Version>> copy = new TreeMap<>(facts);
        copy.remove(fact);
        return new FieldState(copy);
    }

    /** What takes no place in the document: removals. */
    public FieldState removals() {
        TreeMap<Fact, SortedSet<Version>> copy = new TreeMap<>(facts);
        copy.keySet().removeIf(fact -> !fact.removed());
        return new FieldState(copy);
    }

    /**
     * The field of a set of versions. A dot of a fact lives if every version that has seen it still has the fact, under whichever dot: where
     * a version was forgotten its facts have one newer dot, which all later writes have seen along with the older.
     *
     * <p>Source: Bieniusa et al., <em>An optimized conflict-free replicated set</em>, 2012, with a vector per version in place of one per
     * replica.
     */
    public static FieldState merge(List<Seen> versions) {
        if (versions.size() == 1) {
            return versions.get(0).state();
        }
        TreeMap<Fact, SortedSet<Version>> merged = new TreeMap<>();
        for (Seen version : versions) {
            version.state().facts().forEach((fact, dots) -> {
                for (Version dot : dots) {
                    if (versions.stream().allMatch(other -> other.state().has(fact) || !other.vector().covers(dot))) {
                        merged.computeIfAbsent(fact, none -> new TreeSet<>()).add(dot);
                    }
                }
            });
        }
        return new FieldState(merged);
    }
}
