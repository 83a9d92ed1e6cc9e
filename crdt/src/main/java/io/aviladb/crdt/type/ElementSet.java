package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of elements, equal where their written forms are. To add takes the place of what was seen of the element. To remove takes away what was
 * seen; where removals win it is a fact of its own, with the dot of its write for good: an add that has not seen it loses, one that has seen it
 * takes it away. A write of the whole array adds and removes what differs from what was seen.
 */
public enum ElementSet implements TypedField {
    ADD_WINS, REMOVE_WINS;

    @Override
    public String expected() {
        return "an array that has each element once";
    }

    @Override
    public boolean fits(JsonValue value) {
        return value instanceof JsonArray array && new HashSet<>(array.elements()).size() == array.elements().size();
    }

    @Override
    public boolean takes(Kind operation) {
        return operation == Kind.SET || operation == Kind.ADD_TO_SET || operation == Kind.REMOVE;
    }

    @Override
    public boolean hasElements() {
        return true;
    }

    @Override
    public List<JsonValue> stated(JsonValue value) {
        return ((JsonArray) value).elements();
    }

    @Override
    public @Nullable JsonValue read(FieldState state, boolean everywhere) {
        List<JsonValue> shown = shown(state);
        if (!shown.isEmpty()) {
            return new JsonArray(shown);
        }
        return everywhere ? JsonArray.EMPTY : null;
    }

    /** In the order of values. */
    private List<JsonValue> shown(FieldState state) {
        return state.facts().keySet().stream().filter(fact -> !fact.removed())
                .filter(fact -> this == ADD_WINS || !state.has(new Fact(fact.value(), true))).map(Fact::value).toList();
    }

    /** After the element was added by the write. */
    public FieldState added(FieldState seen, JsonValue element, Version stamp) {
        return seen.without(new Fact(element, true)).with(Fact.of(element), stamp);
    }

    /** After the element was removed by the write, whether or not it was there. */
    public FieldState removed(FieldState seen, JsonValue element, Version stamp) {
        FieldState without = seen.without(Fact.of(element));
        return this == ADD_WINS ? without : without.with(new Fact(element, true), stamp);
    }

    @Override
    public FieldState assigned(FieldState seen, @Nullable JsonValue value, Version stamp) {
        return replaced(seen, value, stamp, false);
    }

    @Override
    public FieldState restated(FieldState seen, @Nullable JsonValue value, Version stamp) {
        return replaced(seen, value, stamp, true);
    }

    /** Removals of what neither was shown nor is stated keep their dots: who has forgotten one doesn't make a new one either. */
    private FieldState replaced(FieldState seen, @Nullable JsonValue value, Version stamp, boolean all) {
        Set<JsonValue> before = new HashSet<>(shown(seen));
        List<JsonValue> after = value == null ? List.of() : stated(value);
        FieldState state = seen;
        for (JsonValue element : after) {
            state = all || !before.contains(element) ? added(state, element, stamp) : state;
        }
        after.forEach(before::remove);
        for (JsonValue element : before) {
            state = removed(state, element, stamp);
        }
        return state;
    }
}
