package io.aviladb.crdt.policy;

import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergeFunction;
import io.aviladb.core.catalog.MergeLanguage;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A custom merge of all live updates' bodies: a fold in the order of their versions, so that it is a function of the set, whatever the merge
 * does. The laws see to it that what a writer had seen merged, and what it had not, come to the same in any order.
 */
public final class CustomFold {
    private static final int MAX_COMPILED = 1_024; // forgotten beyond: a collection has at most 256 policies
    private static final Map<String, MergeFunction> COMPILED = new ConcurrentHashMap<>();

    private CustomFold() {
    }

    /**
     * The merged fields, where missing ones are missing; empty where the expression has no object for these documents, or one that no document
     * may hold: then the fields merge like all others.
     *
     * @param bodies at least one, in the order of their versions
     */
    public static Optional<JsonObject> of(CustomMerge custom, List<JsonObject> bodies) {
        MergeFunction merge = compiled(custom.expression());
        JsonObject folded = part(custom, bodies.get(0));
        for (JsonObject next : bodies.subList(1, bodies.size())) {
            JsonValue merged = merge.merge(JsonObject.EMPTY, folded, part(custom, next));
            if (!(merged instanceof JsonObject object) || object.toJsonBytes().length > Limits.MAX_DOCUMENT_BYTES) {
                return Optional.empty();
            }
            folded = part(custom, object);
        }
        return Optional.of(folded);
    }

    private static JsonObject part(CustomMerge custom, JsonObject body) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (String field : custom.fields()) {
            JsonValue value = body.getOrNull(field);
            if (value != null) {
                members.put(field, value);
            }
        }
        return new JsonObject(members);
    }

    private static MergeFunction compiled(String expression) {
        if (COMPILED.size() > MAX_COMPILED) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(expression, text -> Language.ONE.compile(text));
    }

    /** Looked for when the first custom merge is. */
    private static final class Language {
        static final MergeLanguage ONE = ServiceLoader.load(MergeLanguage.class, MergeLanguage.class.getClassLoader()).findFirst()
                .orElseThrow(() -> new IllegalStateException("no language of custom merges is on the class path"));
    }
}
