package io.aviladb.crdt.document;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object under edit. Only the objects on the way to an edited path are copied. Not thread-safe; lives as long as one write or merge. */
final class MutableObject {
    private final LinkedHashMap<String, Object> members; // JsonValue, or MutableObject where something below was edited

    MutableObject(JsonObject source) {
        members = new LinkedHashMap<>(source.members());
    }

    JsonObject freeze() {
        LinkedHashMap<String, JsonValue> frozen = new LinkedHashMap<>(2 * members.size());
        members.forEach((name, value) -> frozen.put(name, frozen(value)));
        return new JsonObject(frozen);
    }

    private static JsonValue frozen(Object value) {
        return value instanceof MutableObject object ? object.freeze() : (JsonValue) value;
    }

    @Nullable
    JsonValue get(FieldPath path) {
        List<String> steps = path.steps();
        MutableObject object = this;
        for (int i = 0; i < steps.size(); i++) {
            Object next = object.members.get(steps.get(i));
            if (next == null || i == steps.size() - 1) {
                return next == null ? null : frozen(next);
            }
            if (next instanceof MutableObject edited) {
                object = edited;
            } else {
                return inside((JsonValue) next, steps, i + 1);
            }
        }
        return object.freeze();
    }

    private static @Nullable JsonValue inside(JsonValue start, List<String> steps, int from) {
        JsonValue value = start;
        for (int i = from; i < steps.size(); i++) {
            JsonValue next = value instanceof JsonObject object ? object.getOrNull(steps.get(i)) : null;
            if (next == null) {
                return null;
            }
            value = next;
        }
        return value;
    }

    /** The path nearest the root that is on the way to this one and holds something else than an object; null where there is none. */
    @Nullable
    FieldPath blocker(FieldPath path) {
        for (int depth = 1; depth < path.depth(); depth++) {
            FieldPath parent = new FieldPath(path.steps().subList(0, depth));
            JsonValue value = get(parent);
            if (value == null) {
                return null;
            }
            if (!(value instanceof JsonObject)) {
                return parent;
            }
        }
        return null;
    }

    /** Sets the value; whatever on the way is no object becomes one. */
    void set(FieldPath path, JsonValue value) {
        parent(path).members.put(path.last(), value);
    }

    /** Removes the member; whatever on the way is no object becomes one, as with {@link #set}. */
    void remove(FieldPath path) {
        parent(path).members.remove(path.last());
    }

    private MutableObject parent(FieldPath path) {
        MutableObject object = this;
        for (String step : path.steps().subList(0, path.depth() - 1)) {
            Object next = object.members.get(step);
            if (!(next instanceof MutableObject)) {
                next = new MutableObject(next instanceof JsonObject known ? known : JsonObject.EMPTY);
                object.members.put(step, next);
            }
            object = (MutableObject) next;
        }
        return object;
    }

    @Override
    public String toString() {
        return Map.copyOf(members).toString();
    }
}
