package io.aviladb.crdt.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a JSON Schema into rules, each schema inside it once. Refuses what it would otherwise have to ignore. Not thread-safe. */
final class SchemaCompiler {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    /** What earlier drafts had, and what reaches beyond one schema: without it documents would pass that their author means to refuse. */
    private static final Map<String, String> REFUSED = Map.of("$dynamicRef", "use '$ref'", "$dynamicAnchor", "use '$ref' with a pointer",
            "$recursiveRef", "use '$ref'", "$anchor", "use '$ref' with a pointer", "$vocabulary", "leave it out", "additionalItems",
            "use 'prefixItems' and 'items'", "dependencies", "use 'dependentRequired' or 'dependentSchemas'");

    /** Schemas and references inside one another: what compiles on one thread compiles on all. */
    private static final int MAX_DEPTH = 256;

    private final JsonValue whole;
    private final Map<String, SchemaNode> nodes = new HashMap<>(); // by pointer
    private boolean tracks;
    private int depth;

    SchemaCompiler(JsonValue whole) {
        this.whole = whole;
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_SCHEMA} */
    SchemaNode compile() {
        return node("", whole);
    }

    /** Whether some schema asks what others have evaluated. */
    boolean tracks() {
        return tracks;
    }

    private SchemaNode node(String at, JsonValue json) {
        SchemaNode known = nodes.get(at);
        if (known != null) {
            return known;
        }
        SchemaNode node = new SchemaNode();
        nodes.put(at, node); // before its rules: a schema may refer to itself
        if (++depth > MAX_DEPTH) {
            throw invalid(at, "lies more than " + MAX_DEPTH + " schemas and references deep");
        }
        if (json instanceof JsonObject object) {
            fill(node, at, object);
        } else if (!(json instanceof JsonBoolean)) {
            throw invalid(at, "is " + ValueRules.typeOf(json) + ", and a schema is an object or a boolean");
        } else if (json.equals(JsonBoolean.FALSE)) {
            node.add(LogicRules.never());
        }
        depth--;
        return node;
    }

    private void fill(SchemaNode node, String at, JsonObject schema) {
        check(at, schema);
        values(node, at, schema);
        arrays(node, at, schema);
        objects(node, at, schema);
        logic(node, at, schema);
        JsonValue elements = schema.getOrNull("unevaluatedItems");
        if (elements != null) {
            tracks = true;
            node.add(ArrayRules.unevaluated(node(at + "/unevaluatedItems", elements)));
        }
        JsonValue members = schema.getOrNull("unevaluatedProperties");
        if (members != null) {
            tracks = true;
            node.add(ObjectRules.unevaluated(node(at + "/unevaluatedProperties", members), members.equals(JsonBoolean.FALSE)));
        }
    }

    private void check(String at, JsonObject schema) {
        REFUSED.forEach((keyword, instead) -> {
            if (schema.getOrNull(keyword) != null) {
                throw invalid(at + "/" + keyword, "isn't supported; " + instead);
            }
        });
        if (schema.getOrNull("$schema") instanceof JsonValue dialect
                && !(dialect instanceof JsonString text && text.value().equals(DIALECT))) {
            throw invalid(at + "/$schema", "must be \"" + DIALECT + "\"");
        }
        if (!at.isEmpty() && schema.getOrNull("$id") != null) {
            throw invalid(at + "/$id", "isn't supported inside a schema: references point from its root");
        }
    }

    private void values(SchemaNode node, String at, JsonObject schema) {
        JsonValue type = schema.getOrNull("type");
        if (type != null) {
            List<String> types = type instanceof JsonArray ? strings(at + "/type", type) : List.of(string(at + "/type", type));
            types.stream().filter(name -> !ValueRules.TYPES.contains(name)).findFirst().ifPresent(name -> {
                throw invalid(at + "/type", "'" + name + "' is no type");
            });
            node.add(ValueRules.type(types));
        }
        if (schema.getOrNull("enum") instanceof JsonValue values) {
            node.add(ValueRules.oneOf("enum", array(at + "/enum", values).elements()));
        }
        if (schema.getOrNull("const") instanceof JsonValue value) {
            node.add(ValueRules.oneOf("const", List.of(value)));
        }
        number(at, schema, "maximum", bound -> node.add(ValueRules.bound("maximum", bound, "at most", order -> order <= 0)));
        number(at, schema, "exclusiveMaximum",
                bound -> node.add(ValueRules.bound("exclusiveMaximum", bound, "less than", order -> order < 0)));
        number(at, schema, "minimum", bound -> node.add(ValueRules.bound("minimum", bound, "at least", order -> order >= 0)));
        number(at, schema, "exclusiveMinimum",
                bound -> node.add(ValueRules.bound("exclusiveMinimum", bound, "more than", order -> order > 0)));
        number(at, schema, "multipleOf", divisor -> {
            if (divisor.toBigDecimal().signum() <= 0) {
                throw invalid(at + "/multipleOf", "must be more than 0");
            }
            node.add(ValueRules.multipleOf(divisor));
        });
        count(at, schema, "maxLength", limit -> node.add(ValueRules.length("maxLength", limit, false)));
        count(at, schema, "minLength", limit -> node.add(ValueRules.length("minLength", limit, true)));
        if (schema.getOrNull("pattern") instanceof JsonValue pattern) {
            node.add(ValueRules.pattern(pattern(at + "/pattern", string(at + "/pattern", pattern))));
        }
    }

    private void arrays(SchemaNode node, String at, JsonObject schema) {
        count(at, schema, "maxItems", limit -> node.add(ArrayRules.size("maxItems", limit, false)));
        count(at, schema, "minItems", limit -> node.add(ArrayRules.size("minItems", limit, true)));
        if (schema.getOrNull("uniqueItems") instanceof JsonValue unique) {
            if (!(unique instanceof JsonBoolean)) {
                throw invalid(at + "/uniqueItems", "is a boolean");
            }
            if (unique.equals(JsonBoolean.TRUE)) {
                node.add(ArrayRules.unique());
            }
        }
        List<SchemaNode> first = nodes(at, schema, "prefixItems");
        JsonValue items = schema.getOrNull("items");
        if (items instanceof JsonArray) {
            throw invalid(at + "/items", "is a schema; an array of them is 'prefixItems'");
        }
        if (!first.isEmpty() || items != null) {
            node.add(ArrayRules.items(first, items == null ? null : node(at + "/items", items)));
        }
        JsonValue contains = schema.getOrNull("contains");
        int[] bounds = {1, Integer.MAX_VALUE};
        count(at, schema, "minContains", least -> bounds[0] = least);
        count(at, schema, "maxContains", most -> bounds[1] = most);
        if (contains != null) {
            node.add(ArrayRules.contains(node(at + "/contains", contains), bounds[0], bounds[1]));
        }
    }

    private void objects(SchemaNode node, String at, JsonObject schema) {
        count(at, schema, "maxProperties", limit -> node.add(ObjectRules.size("maxProperties", limit, false)));
        count(at, schema, "minProperties", limit -> node.add(ObjectRules.size("minProperties", limit, true)));
        if (schema.getOrNull("required") instanceof JsonValue names) {
            node.add(ObjectRules.required(strings(at + "/required", names)));
        }
        if (schema.getOrNull("dependentRequired") instanceof JsonValue needs) {
            Map<String, List<String>> lists = new LinkedHashMap<>();
            object(at + "/dependentRequired", needs).members()
                    .forEach((name, list) -> lists.put(name, strings(at + "/dependentRequired/" + step(name), list)));
            node.add(ObjectRules.dependentRequired(lists));
        }
        if (schema.getOrNull("propertyNames") instanceof JsonValue names) {
            node.add(ObjectRules.names(node(at + "/propertyNames", names)));
        }
        Map<Pattern, SchemaNode> patterns = new LinkedHashMap<>();
        members(at, schema, "patternProperties")
                .forEach((text, schemaOf) -> patterns.put(pattern(at + "/patternProperties", text), schemaOf));
        Map<String, SchemaNode> named = members(at, schema, "properties");
        JsonValue additional = schema.getOrNull("additionalProperties");
        if (!patterns.isEmpty() || !named.isEmpty() || additional != null) {
            node.add(new ObjectRules.Members(named, patterns, additional == null ? null : node(at + "/additionalProperties", additional),
                    JsonBoolean.FALSE.equals(additional)));
        }
        Map<String, SchemaNode> dependent = members(at, schema, "dependentSchemas");
        if (!dependent.isEmpty()) {
            node.add(ObjectRules.dependentSchemas(dependent));
        }
    }

    private void logic(SchemaNode node, String at, JsonObject schema) {
        members(at, schema, "$defs"); // those that nothing refers to are checked too
        if (schema.getOrNull("$ref") instanceof JsonValue reference) {
            node.add(LogicRules.all(List.of(referred(at + "/$ref", string(at + "/$ref", reference)))));
        }
        List<SchemaNode> all = nodes(at, schema, "allOf");
        if (!all.isEmpty()) {
            node.add(LogicRules.all(all));
        }
        List<SchemaNode> any = nodes(at, schema, "anyOf");
        if (!any.isEmpty()) {
            node.add(LogicRules.any(any));
        }
        List<SchemaNode> one = nodes(at, schema, "oneOf");
        if (!one.isEmpty()) {
            node.add(LogicRules.one(one));
        }
        if (schema.getOrNull("not") instanceof JsonValue not) {
            node.add(LogicRules.not(node(at + "/not", not)));
        }
        SchemaNode then = optional(at, schema, "then");
        SchemaNode otherwise = optional(at, schema, "else");
        if (schema.getOrNull("if") instanceof JsonValue condition) {
            node.add(LogicRules.when(node(at + "/if", condition), then, otherwise));
        }
    }

    private @Nullable SchemaNode optional(String at, JsonObject schema, String keyword) {
        JsonValue json = schema.getOrNull(keyword);
        return json == null ? null : node(at + "/" + keyword, json);
    }

    private List<SchemaNode> nodes(String at, JsonObject schema, String keyword) {
        JsonValue json = schema.getOrNull(keyword);
        List<SchemaNode> list = new ArrayList<>();
        if (json != null) {
            List<JsonValue> elements = array(at + "/" + keyword, json).elements();
            if (elements.isEmpty()) {
                throw invalid(at + "/" + keyword, "is empty");
            }
            for (int i = 0; i < elements.size(); i++) {
                list.add(node(at + "/" + keyword + "/" + i, elements.get(i)));
            }
        }
        return list;
    }

    private Map<String, SchemaNode> members(String at, JsonObject schema, String keyword) {
        JsonValue json = schema.getOrNull(keyword);
        Map<String, SchemaNode> map = new LinkedHashMap<>();
        if (json != null) {
            object(at + "/" + keyword, json).members()
                    .forEach((name, inner) -> map.put(name, node(at + "/" + keyword + "/" + step(name), inner)));
        }
        return map;
    }

    /** The schema that a reference names: {@code #}, or {@code #} and a JSON Pointer. */
    private SchemaNode referred(String at, String reference) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw invalid(at, "must be '#' or '#' and a JSON Pointer: a schema refers to nothing outside itself");
        }
        String pointer = reference.substring(1);
        JsonValue value = whole;
        for (String step : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String name = percentDecoded(step).replace("~1", "/").replace("~0", "~");
            JsonValue next = value instanceof JsonObject object ? object.getOrNull(name) : null;
            if (value instanceof JsonArray array && name.matches("0|[1-9][0-9]{0,5}") && Integer.parseInt(name) < array.elements().size()) {
                next = array.elements().get(Integer.parseInt(name));
            }
            if (next == null) {
                throw invalid(at, "names '" + reference + "', which isn't there");
            }
            value = next;
        }
        return node(pointer, value);
    }

    private static String percentDecoded(String step) {
        return step.contains("%")
                ? java.net.URLDecoder.decode(step.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8)
                : step;
    }

    private static String step(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static Pattern pattern(String at, String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw invalid(at, "'" + text + "' isn't a regular expression that matches in linear time: " + e.getDescription()
                    + "; look-around and back references aren't supported");
        }
    }

    private static void number(String at, JsonObject schema, String keyword, java.util.function.Consumer<JsonNumber> use) {
        JsonValue json = schema.getOrNull(keyword);
        if (json != null) {
            if (!(json instanceof JsonNumber number)) {
                throw invalid(at + "/" + keyword, "is a number");
            }
            try {
                number.toBigDecimal();
            } catch (ArithmeticException tooLarge) {
                throw invalid(at + "/" + keyword, "is too large to calculate with");
            }
            use.accept(number);
        }
    }

    private static void count(String at, JsonObject schema, String keyword, java.util.function.IntConsumer use) {
        JsonValue json = schema.getOrNull(keyword);
        if (json != null) {
            OptionalLong count = json instanceof JsonNumber number ? number.toLong() : OptionalLong.empty();
            if (count.isEmpty() || count.getAsLong() < 0) {
                throw invalid(at + "/" + keyword, "is an integer of at least 0");
            }
            use.accept((int) Math.min(count.getAsLong(), Integer.MAX_VALUE));
        }
    }

    private static JsonArray array(String at, JsonValue json) {
        if (json instanceof JsonArray array) {
            return array;
        }
        throw invalid(at, "is an array");
    }

    private static JsonObject object(String at, JsonValue json) {
        if (json instanceof JsonObject object) {
            return object;
        }
        throw invalid(at, "is an object");
    }

    private static String string(String at, JsonValue json) {
        if (json instanceof JsonString string) {
            return string.value();
        }
        throw invalid(at, "is a string");
    }

    private static List<String> strings(String at, JsonValue json) {
        List<String> strings = new ArrayList<>();
        array(at, json).elements().forEach(element -> strings.add(string(at, element)));
        if (Set.copyOf(strings).size() < strings.size()) {
            throw invalid(at, "names one thing twice");
        }
        return strings;
    }

    static AvilaError invalid(String at, String what) {
        return new AvilaError(ErrorCode.INVALID_SCHEMA, "in the schema, " + new JsonString(at).toJson() + " " + what);
    }
}
