package io.aviladb.crdt.document;

import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.type.Fact;
import io.aviladb.crdt.type.FieldState;
import io.aviladb.crdt.type.TypedField;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which writes stated what a version's body shows of a typed field, and what it doesn't show. Only where it isn't the write of the newest cell
 * at or above the field that stated all of it. The facts themselves stand in the body where it shows them.
 *
 * @param elements whether the field was an array of elements; under another type these dots say nothing
 * @param usual the dot of what is shown and not in {@code others}
 * @param others dots by place in the body's array, 0 for a single value
 * @param hidden the facts that the body doesn't show
 * @param held the depth of the topmost object on the way to the field that is in the body for typed fields alone, and goes with them; 0 where
 *        all are there anyway
 */
record FieldDots(boolean elements, Version usual, SortedMap<Integer, SortedSet<Version>> others,
        SortedMap<Fact, SortedSet<Version>> hidden, int held) {

    FieldDots {
        others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
        hidden = Collections.unmodifiableSortedMap(new TreeMap<>(hidden));
    }

    /**
     * @param shown what the body has at the field
     * @param covering the newest cell at or above the field
     * @return null where there is nothing to keep
     */
    static @Nullable FieldDots of(TypedField type, @Nullable JsonValue shown, FieldState state, Version covering, int held) {
        List<JsonValue> stated = shown == null ? List.of() : type.stated(shown);
        TreeMap<Fact, SortedSet<Version>> hidden = new TreeMap<>(state.facts());
        TreeMap<Integer, SortedSet<Version>> others = new TreeMap<>();
        for (int i = 0; i < stated.size(); i++) {
            SortedSet<Version> dots = hidden.remove(Fact.of(stated.get(i)));
            if (dots == null) {
                throw new IllegalStateException("the body shows what nobody has stated: " + stated.get(i));
            }
            others.put(i, dots);
        }
        Version usual = usual(others, covering);
        others.values().removeIf(dots -> dots.size() == 1 && dots.first().equals(usual));
        int holds = shown == null ? 0 : held;
        return usual.equals(covering) && others.isEmpty() && hidden.isEmpty() && holds == 0
                ? null
                : new FieldDots(type.hasElements(), usual, others, hidden, holds);
    }

    /** The dot that most have; the covering one where nothing is shown. */
    private static Version usual(Map<Integer, SortedSet<Version>> shown, Version covering) {
        Map<Version, Integer> counts = new HashMap<>();
        Version usual = covering;
        for (SortedSet<Version> dots : shown.values()) {
            Version dot = dots.first();
            int count = dots.size() == 1 ? counts.merge(dot, 1, Integer::sum) : 0;
            int most = counts.getOrDefault(usual, 0);
            if (count > most || count == most && count > 0 && dot.compareTo(usual) > 0) {
                usual = dot;
            }
        }
        return usual;
    }

    /** The field of a version. @param dots null where the newest cell at or above the field stated all */
    static FieldState state(TypedField type, @Nullable JsonValue shown, @Nullable FieldDots dots, Version covering) {
        List<JsonValue> stated = shown == null ? List.of() : type.stated(shown);
        if (dots == null || dots.elements() != type.hasElements()) {
            return FieldState.of(stated, covering);
        }
        TreeMap<Fact, SortedSet<Version>> facts = new TreeMap<>(dots.hidden());
        for (int i = 0; i < stated.size(); i++) {
            SortedSet<Version> other = dots.others().get(i);
            facts.put(Fact.of(stated.get(i)), other != null ? other : new TreeSet<>(List.of(dots.usual())));
        }
        return new FieldState(facts);
    }

    void collect(TreeSet<Version> stamps) {
        stamps.add(usual);
        others.values().forEach(stamps::addAll);
        hidden.values().forEach(stamps::addAll);
    }
}
