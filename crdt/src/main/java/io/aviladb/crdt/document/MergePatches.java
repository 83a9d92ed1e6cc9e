package io.aviladb.crdt.document;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

/** RFC 7396: members of the patch are merged in, null removes. */
final class MergePatches {
    private MergePatches() {
    }

    static void apply(Draft draft, JsonObject patch) {
        merge(draft, FieldPath.ROOT, patch);
    }

    private static void merge(Draft draft, FieldPath at, JsonObject patch) {
        patch.members().forEach((name, value) -> {
            FieldPath path = at.child(name);
            if (value == JsonNull.NULL) {
                draft.remove(path);
            } else if (value instanceof JsonObject inner && draft.get(path) instanceof JsonObject) {
                merge(draft, path, inner);
            } else {
                draft.set(path, withoutNulls(value));
            }
        });
    }

    /** What a patch makes of nothing: its own members, those that are null left out. */
    private static JsonValue withoutNulls(JsonValue patch) {
        if (!(patch instanceof JsonObject object)) {
            return patch;
        }
        LinkedHashMap<String, JsonValue> kept = new LinkedHashMap<>();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
            if (member.getValue() != JsonNull.NULL) {
                kept.put(member.getKey(), withoutNulls(member.getValue()));
            }
        }
        return new JsonObject(kept);
    }
}
