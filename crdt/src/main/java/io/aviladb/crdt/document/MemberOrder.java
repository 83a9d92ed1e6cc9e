package io.aviladb.crdt.document;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The order of a merged body's members: the oldest version's first, then what each newer one adds. A function of the set of versions. */
final class MemberOrder {
    private MemberOrder() {
    }

    /** @param bodies what the versions have at the object's place, oldest first */
    static JsonObject arrange(JsonObject merged, List<JsonObject> bodies) {
        LinkedHashMap<String, JsonValue> arranged = new LinkedHashMap<>(2 * merged.members().size());
        for (JsonObject body : bodies) {
            for (String name : body.members().keySet()) {
                JsonValue value = merged.getOrNull(name);
                if (value != null && !arranged.containsKey(name)) {
                    arranged.put(name, inner(name, value, bodies));
                }
            }
        }
        for (Map.Entry<String, JsonValue> rest : merged.members().entrySet()) {
            arranged.putIfAbsent(rest.getKey(), rest.getValue());
        }
        return new JsonObject(arranged);
    }

    private static JsonValue inner(String name, JsonValue value, List<JsonObject> bodies) {
        if (!(value instanceof JsonObject object)) {
            return value;
        }
        return arrange(object, bodies.stream().map(body -> body.getOrNull(name)).filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast).toList());
    }
}
