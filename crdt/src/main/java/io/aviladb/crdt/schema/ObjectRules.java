package io.aviladb.crdt.schema;

import com.google.re2j.Pattern;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.crdt.schema.SchemaNode.Rule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be said of objects; of any other value nothing. */
final class ObjectRules {
    private ObjectRules() {
    }

    static Rule size(String keyword, int limit, boolean least) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonObject object)) {
                return true;
            }
            int size = object.members().size();
            return (least ? size >= limit : size <= limit) || run.broken(keyword,
                    "has " + size + " members, must have at " + (least ? "least " : "most ") + limit);
        };
    }

    static Rule required(List<String> names) {
        return (value, run, evaluated) -> !(value instanceof JsonObject object) || hasAll(object, names, "required", "", run);
    }

    private static boolean hasAll(JsonObject object, List<String> names, String keyword, String why, Run run) {
        boolean all = true;
        for (String name : names) {
            if (run.spend(1) && object.getOrNull(name) == null) {
                all = run.broken(keyword, "lacks '" + name + "'" + why);
            }
        }
        return all;
    }

    static Rule dependentRequired(Map<String, List<String>> needs) {
        return (value, run, evaluated) -> {
            boolean all = true;
            if (value instanceof JsonObject object) {
                for (Map.Entry<String, List<String>> need : needs.entrySet()) {
                    if (object.getOrNull(need.getKey()) != null) {
                        all &= hasAll(object, need.getValue(), "dependentRequired", ", which '" + need.getKey() + "' needs", run);
                    }
                }
            }
            return all;
        };
    }

    static Rule dependentSchemas(Map<String, SchemaNode> needs) {
        return (value, run, evaluated) -> {
            boolean all = true;
            if (value instanceof JsonObject object) {
                for (Map.Entry<String, SchemaNode> need : needs.entrySet()) {
                    if (object.getOrNull(need.getKey()) != null && !run.isExhausted()) {
                        all &= need.getValue().accepts(value, run, evaluated);
                    }
                }
            }
            return all;
        };
    }

    static Rule names(SchemaNode schema) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonObject object)) {
                return true;
            }
            for (String name : object.members().keySet()) {
                if (!schema.wouldAccept(new JsonString(name), run, null)) {
                    return run.broken("propertyNames", "has a member with a name that isn't allowed: '" + brief(name) + "'");
                }
            }
            return true;
        };
    }

    private static String brief(String name) {
        return name.length() <= 80 ? name : name.substring(0, 77) + "...";
    }

    /** {@code properties}, {@code patternProperties} and {@code additionalProperties}, which belong together. */
    record Members(Map<String, SchemaNode> named, Map<Pattern, SchemaNode> patterns, @Nullable SchemaNode additional, boolean closed)
            implements
                Rule {
        @Override
        public boolean holds(JsonValue value, Run run, @Nullable Evaluated evaluated) {
            if (!(value instanceof JsonObject object)) {
                return true;
            }
            boolean all = true;
            for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                run.down(member.getKey());
                all &= holds(member.getKey(), member.getValue(), run, evaluated);
                run.up();
                if (run.isExhausted() || !all && run.isProbing()) {
                    return false;
                }
            }
            return all;
        }

        private boolean holds(String name, JsonValue value, Run run, @Nullable Evaluated evaluated) {
            boolean all = true;
            boolean met = false;
            SchemaNode own = named.get(name);
            if (own != null) {
                met = true;
                all = own.accepts(value, run, null);
            }
            for (Map.Entry<Pattern, SchemaNode> pattern : patterns.entrySet()) {
                if (run.spend(1 + name.length() / 16) && pattern.getKey().matcher(name).find()) {
                    met = true;
                    all &= pattern.getValue().accepts(value, run, null);
                }
            }
            if (!met && closed) {
                return run.broken("additionalProperties", "isn't allowed");
            }
            if (!met && additional != null) {
                met = true;
                all = additional.accepts(value, run, null);
            }
            if (met && evaluated != null) {
                evaluated.member(name);
            }
            return all;
        }
    }

    /** After all that could evaluate a member. */
    static Rule unevaluated(SchemaNode schema, boolean closed) {
        return (value, run, evaluated) -> {
            if (!(value instanceof JsonObject object) || evaluated == null) {
                return true;
            }
            boolean all = true;
            for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                if (!evaluated.has(member.getKey())) {
                    run.down(member.getKey());
                    all &= closed
                            ? run.broken("unevaluatedProperties", "isn't allowed")
                            : schema.accepts(member.getValue(), run, null);
                    run.up();
                    evaluated.member(member.getKey());
                }
                if (run.isExhausted() || !all && run.isProbing()) {
                    return false;
                }
            }
            return all;
        };
    }
}
