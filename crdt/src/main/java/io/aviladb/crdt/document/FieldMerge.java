package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.type.FieldState;
import io.aviladb.crdt.type.TypedField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The typed fields of a set of live updates. A field whose value doesn't fit its type in one of them (it was written before the type was
 * declared) is merged as if it had none, until a write puts a fitting value there.
 */
final class FieldMerge {
    private final Map<FieldPath, TypedField> types;
    private final TreeMap<FieldPath, FieldState> states = new TreeMap<>();
    private final Set<FieldPath> everywhere = new HashSet<>();
    private Map<FieldPath, Integer> held = Map.of();

    private FieldMerge(Map<FieldPath, TypedField> types) {
        this.types = types;
    }

    /** The policy's types that are facts. */
    static Map<FieldPath, TypedField> types(MergePolicyDefinition policy) {
        TreeMap<FieldPath, TypedField> types = new TreeMap<>();
        policy.fields().forEach((path, type) -> TypedField.of(type).ifPresent(typed -> types.put(path, typed)));
        return types;
    }

    static FieldMerge of(List<LiveVersion> updates, MergePolicyDefinition policy) {
        FieldMerge merge = new FieldMerge(types(policy));
        merge.types.forEach((path, type) -> {
            List<FieldState.Seen> seen = new ArrayList<>(updates.size());
            for (LiveVersion update : updates) {
                FieldState state = update.field(path, type);
                if (state != null) {
                    seen.add(new FieldState.Seen(state, update.vector()));
                }
            }
            if (seen.size() == updates.size()) {
                merge.states.put(path, FieldState.merge(seen));
                if (updates.stream().allMatch(update -> update.document().at(path).isPresent())) {
                    merge.everywhere.add(path);
                }
            }
        });
        return merge;
    }

    /** By path; a field that doesn't fit is missing. After {@link #show}. */
    Map<FieldPath, FieldState> states() {
        return states;
    }

    /** By path, of fields that hold objects which no write has left: the depth of the topmost. After {@link #show}. */
    Map<FieldPath, Integer> held() {
        return held;
    }

    /** As {@link #held()}, of fields that show in one version what they show in the set. */
    Map<FieldPath, Integer> held(LiveVersion version) {
        TreeMap<FieldPath, Integer> there = new TreeMap<>();
        version.fields().byPath().forEach((path, dots) -> {
            if (dots.held() > 0 && states.containsKey(path)) {
                there.put(path, dots.held());
            }
        });
        return there;
    }

    /** The version's body without what typed fields alone hold in it: what its cells say. */
    JsonObject written(LiveVersion version, JsonObject body) {
        Map<FieldPath, Integer> holding = held(version);
        if (holding.isEmpty()) {
            return body;
        }
        MutableObject left = new MutableObject(body);
        holding.keySet().forEach(left::remove);
        holding.forEach((path, topmost) -> {
            for (int depth = path.depth() - 1; depth >= topmost; depth--) {
                FieldPath parent = new FieldPath(path.steps().subList(0, depth));
                if (left.get(parent) instanceof JsonObject object && object.members().isEmpty()) {
                    left.remove(parent);
                }
            }
        });
        return left.freeze();
    }

    /** Whether the body shows every field as it is to be read. */
    boolean isShownBy(MutableObject body) {
        return states.entrySet().stream().allMatch(entry -> {
            JsonValue now = body.get(entry.getKey());
            JsonValue read = read(entry.getKey(), entry.getValue());
            return read == null ? now == null : read.equals(now);
        });
    }

    /**
     * Puts the fields into a body that has every path's newest value. Below something that is no object a field does not show, and whoever
     * writes on top gives up what was hidden there.
     */
    void show(MutableObject body) {
        held = missingParents(body);
        states.replaceAll((path, state) -> {
            JsonValue now = body.get(path);
            JsonValue read = read(path, state);
            if (read != null && body.blocker(path) != null) {
                return state.removals();
            }
            if (read == null && now != null) {
                body.remove(path);
            } else if (read != null && !read.equals(now)) {
                body.set(path, read);
            }
            return state;
        });
    }

    private Map<FieldPath, Integer> missingParents(MutableObject body) {
        TreeMap<FieldPath, Integer> missing = new TreeMap<>();
        states.forEach((path, state) -> {
            for (int depth = 1; depth < path.depth() && read(path, state) != null; depth++) {
                if (body.get(new FieldPath(path.steps().subList(0, depth))) == null) {
                    missing.putIfAbsent(path, depth);
                }
            }
        });
        return missing;
    }

    private @Nullable JsonValue read(FieldPath path, FieldState state) {
        return java.util.Objects.requireNonNull(types.get(path)).read(state, everywhere.contains(path));
    }
}
