package io.aviladb.crdt.document;

import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.policy.CustomFold;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a custom merge makes of a set of live updates. It sees bodies as their writers left them, so that nothing need be kept beside them: a body
 * written on top of a set has the set's merge in it.
 */
final class CustomFields {
    private final List<String> fields;
    private final JsonObject merged;

    private CustomFields(List<String> fields, JsonObject merged) {
        this.fields = fields;
        this.merged = merged;
    }

    /** None where the policy has no custom merge, or it has no result for these. */
    static CustomFields of(List<LiveVersion> updates, MergePolicyDefinition policy) {
        Optional<CustomMerge> custom = policy.custom();
        Optional<JsonObject> merged = custom
                .flatMap(merge -> CustomFold.of(merge, updates.stream().map(update -> update.document().root()).toList()));
        return merged.isEmpty()
                ? new CustomFields(List.of(), JsonObject.EMPTY)
                : new CustomFields(custom.orElseThrow().fields(), merged.orElseThrow());
    }

    boolean isShownBy(MutableObject body) {
        return fields.stream().allMatch(field -> Objects.equals(merged.getOrNull(field), body.get(FieldPath.of(field))));
    }

    void show(MutableObject body) {
        for (String field : fields) {
            @Nullable
            JsonValue value = merged.getOrNull(field);
            if (value == null) {
                body.remove(FieldPath.of(field));
            } else {
                body.set(FieldPath.of(field), value);
            }
        }
    }
}
