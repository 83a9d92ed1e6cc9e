package io.aviladb.crdt.policy;

import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The merge policy's JSON form: {@code "lww"}, or {@code {"default": "lww", "fields": {"/wins": "counter"}, "deletes": "later"}}. */
public final class MergePolicies {
    private static final Rule[] NAMED = {Rule.LWW, Rule.LWW_DOCUMENT, Rule.MANUAL}; // a custom merge has no name
    private static final Set<String> TYPES_TO_COME = Set.of("bounded-counter", "map",
            "list");

    private MergePolicies() {
    }

    /** As below, without custom merges: nobody is here to judge one. */
    public static MergePolicyDefinition parse(JsonValue policy) {
        return parse(policy, expression -> {
            throw invalid("a custom merge can't stand here");
        });
    }

    /**
     * @param judge of a custom merge's expression: what it was accepted as; throws where it is not
     * @throws AvilaError {@link ErrorCode#NOT_IMPLEMENTED} for what the product page describes and is not there yet,
     *         {@link ErrorCode#INVALID_MERGE_POLICY} for everything else that is no policy
     */
    public static MergePolicyDefinition parse(JsonValue policy, Function<String, CustomMerge> judge) {
        if (policy instanceof JsonString) {
            return new MergePolicyDefinition(rule(policy), new TreeMap<>(), Deletes.LATER);
        }
        if (!(policy instanceof JsonObject object)) {
            throw invalid("a merge policy is a string or an object, not " + brief(policy));
        }
        Rule rule = Rule.LWW;
        Optional<CustomMerge> custom = Optional.empty();
        Deletes deletes = Deletes.LATER;
        TreeMap<FieldPath, FieldType> fields = new TreeMap<>();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
            JsonValue value = member.getValue();
            switch (member.getKey()) {
                case "default" -> {
                    custom = expression(value).map(judge);
                    rule = custom.isPresent() ? Rule.CUSTOM : rule(value);
                }
                case "deletes" -> deletes = word("deletes", value, Deletes.values(), Set.of());
                case "fields" -> fields.putAll(fields(value));
                default -> throw invalid("'" + member.getKey() + "' is no part of a merge policy; default, fields and deletes are");
            }
        }
        for (FieldPath path : fields.keySet()) {
            if (custom.filter(merge -> merge.merges(path)).isPresent()) {
                throw invalid(path + " has a type, so the custom merge can't merge it");
            }
        }
        return new MergePolicyDefinition(rule, fields, deletes, custom);
    }

    /** The expression of {@code {"custom": "…"}}; empty where the value is something else. */
    public static Optional<String> expression(JsonValue value) {
        return value instanceof JsonObject object && object.members().keySet().equals(Set.of("custom"))
                && object.getOrNull("custom") instanceof JsonString text ? Optional.of(text.value()) : Optional.empty();
    }

    private static Rule rule(JsonValue value) {
        return word("default", value, NAMED, Set.of());
    }

    private static <E extends Enum<E>> E word(String name, JsonValue value, E[] known, Set<String> toCome) {
        if (!(value instanceof JsonString string)) {
            throw invalid("'" + name + "' is a string, not " + brief(value));
        }
        if (toCome.contains(string.value())) {
            throw notYet("'" + name + "': '" + string.value() + "'");
        }
        List<String> words = Arrays.stream(known).map(MergePolicies::word).toList();
        if (!words.contains(string.value())) {
            throw invalid("'" + name + "' can't be " + brief(value) + "; it can be " + String.join(", ", words));
        }
        return known[words.indexOf(string.value())];
    }

    /** As the JSON form has it: {@code LWW_DOCUMENT} is {@code lww-document}. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<FieldPath, FieldType> fields(JsonValue value) {
        if (!(value instanceof JsonObject object)) {
            throw invalid("'fields' is an object of paths and types, not " + brief(value));
        }
        Map<FieldPath, FieldType> fields = new TreeMap<>();
        object.members().forEach((path, type) -> {
            fields.put(path(path), word("fields" + path, type, FieldType.values(), TYPES_TO_COME));
        });
        for (FieldPath path : fields.keySet()) {
            if (fields.keySet().stream().anyMatch(other -> other != path && other.contains(path))) {
                throw invalid(path + " lies below another path of 'fields'");
            }
        }
        return fields;
    }

    private static FieldPath path(String text) {
        try {
            FieldPath path = FieldPath.parse(text);
            if (path.isRoot()) {
                throw invalid("'fields' names fields, and the empty path is the whole document");
            }
            return path;
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /** The whole form. {@link #parse} of it gives the same policy, if a custom merge is judged as it was. */
    public static JsonObject toJson(MergePolicyDefinition policy) {
        LinkedHashMap<String, JsonValue> fields = new LinkedHashMap<>();
        policy.fields().forEach((path, type) -> fields.put(path.toString(), new JsonString(word(type))));
        LinkedHashMap<String, JsonValue> whole = new LinkedHashMap<>();
        whole.put("default", policy.custom().<JsonValue>map(merge -> JsonObject.of("custom", new JsonString(merge.expression())))
                .orElseGet(() -> new JsonString(word(policy.rule()))));
        if (!fields.isEmpty()) {
            whole.put("fields", new JsonObject(fields));
        }
        whole.put("deletes", new JsonString(word(policy.deletes())));
        return new JsonObject(whole);
    }

    private static AvilaError invalid(String detail) {
        return new AvilaError(ErrorCode.INVALID_MERGE_POLICY, detail);
    }

    private static AvilaError notYet(String what) {
        return new AvilaError(ErrorCode.NOT_IMPLEMENTED, what + " is not there yet in merge policies");
    }

    private static String brief(JsonValue value) {
        String text = value.toJson();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
