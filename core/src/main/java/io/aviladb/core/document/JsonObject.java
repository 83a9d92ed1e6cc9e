package io.aviladb.core.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object; its members keep their order, and the order counts for equality. */
public final class JsonObject implements JsonValue {
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    private final Map<String, JsonValue> members;

    /** Copies the map in its iteration order. */
    public JsonObject(Map<String, ? extends JsonValue> members) {
        this(new LinkedHashMap<>(members), true);
    }

    private JsonObject(LinkedHashMap<String, JsonValue> owned, boolean trusted) {
        this.members = Collections.unmodifiableMap(owned);
    }

    /** Takes the map over without a copy: the caller must not touch it again. */
    static JsonObject owning(LinkedHashMap<String, JsonValue> members) {
        return new JsonObject(members, true);
    }

    public static JsonObject of(String name, JsonValue value) {
        return new JsonObject(Map.of(name, value));
    }

    /** In order; unmodifiable. */
    public Map<String, JsonValue> members() {
        return members;
    }

    public Optional<JsonValue> get(String name) {
        return Optional.ofNullable(members.get(name));
    }

    public @Nullable JsonValue getOrNull(String name) {
        return members.get(name);
    }

    /** This with the member set in its place, or added at the end. */
    public JsonObject with(String name, JsonValue value) {
        LinkedHashMap<String, JsonValue> copy = new LinkedHashMap<>(members);
        copy.put(name, value);
        return owning(copy);
    }

    public JsonObject without(String name) {
        if (!members.containsKey(name)) {
            return this;
        }
        LinkedHashMap<String, JsonValue> copy = new LinkedHashMap<>(members);
        copy.remove(name);
        return owning(copy);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonObject that && members.equals(that.members)
                && new ArrayList<>(members.keySet()).equals(new ArrayList<>(that.members.keySet()));
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
