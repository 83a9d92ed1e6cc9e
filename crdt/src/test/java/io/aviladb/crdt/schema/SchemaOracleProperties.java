package io.aviladb.crdt.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Random schemas and values: this evaluator and a well-known library say the same of each pair. */
class SchemaOracleProperties {
    private static final int SCHEMAS = 4_000;
    private static final int VALUES = 25;
    private static final List<String> NAMES = List.of("a", "b", "ab", "c");
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final SchemaRegistry library = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012());

    @Test
    void bothSayTheSame() {
        long seed = Long.getLong("avila.seed", new Random().nextLong());
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < SCHEMAS; i++) {
            JsonObject schema = schema(random, 3).with("$defs", JsonObject.of("d", schema(random, 0)));
            Schema mine = Schema.compile(schema);
            com.networknt.schema.Schema theirs = library.getSchema(node(schema));
            for (int j = 0; j < VALUES; j++) {
                JsonValue value = value(random, 3);
                boolean expected = theirs.validate(node(value)).isEmpty();
                List<SchemaViolation> found = mine.check(value, Schema.STEPS);
                assertThat(found.isEmpty()).as("seed %d: %s of %s: %s", seed, schema, value, found).isEqualTo(expected);
                accepted += expected ? 1 : 0;
            }
        }
        assertThat(accepted).as("seed %d: both verdicts are common", seed).isBetween(SCHEMAS * VALUES / 20, SCHEMAS * VALUES * 19 / 20);
    }

    private static JsonNode node(JsonValue value) {
        return MAPPER.readTree(value.toJson());
    }

    private static JsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2 ->
                new JsonNumber(pick(random, List.of("0", "1", "1.0", "2", "-3", "1e1", "0.5", "10.00", "123456789012345678901234567890")));
            case 3, 4, 5 -> new JsonString(pick(random, List.of("", "a", "ab", "b1", "\uD83D\uDE00", "aaaa")));
            case 6, 7 -> {
                List<JsonValue> elements = new ArrayList<>();
                for (int count = random.nextInt(4); count > 0; count--) {
                    elements.add(value(random, depth - 1));
                }
                yield new JsonArray(elements);
            }
            default -> {
                Map<String, JsonValue> members = new LinkedHashMap<>();
                for (int count = random.nextInt(4); count > 0; count--) {
                    members.put(pick(random, NAMES), value(random, depth - 1));
                }
                yield new JsonObject(members);
            }
        };
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static JsonValue schemaOrBoolean(Random random, int depth) {
        return random.nextInt(8) == 0 ? JsonBoolean.of(random.nextInt(3) > 0) : schema(random, depth);
    }

    private static JsonObject schema(Random random, int depth) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            keyword(random, depth, members);
        }
        return new JsonObject(members);
    }

    private static void keyword(Random random, int depth, Map<String, JsonValue> schema) {
        int kinds = depth > 0 ? 36 : 18;
        switch (random.nextInt(kinds)) {
            case 0 -> schema.put("type",
                    new JsonString(pick(random, List.of("object", "array", "string", "number", "integer", "null", "boolean"))));
            case 1 -> schema.put("type",
                    JsonArray.of(new JsonString("object"), new JsonString(pick(random, List.of("array", "integer", "string")))));
            case 2 -> schema.put("enum", JsonArray.of(value(random, 1), value(random, 1), value(random, 2), value(random, 0)));
            case 3 -> schema.put("const", value(random, 1));
            case 4 -> schema.put(pick(random, List.of("maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum")),
                    new JsonNumber(pick(random, List.of("0", "1", "1.0", "10", "0.5", "-3"))));
            case 5 -> schema.put("multipleOf", new JsonNumber(pick(random, List.of("1", "2", "0.5", "0.1", "10"))));
            case 6 -> schema.put(pick(random, List.of("minLength", "maxLength")), JsonNumber.of(random.nextInt(3)));
            case 7 -> schema.put("pattern", new JsonString(pick(random, List.of("^a", "b", "^a*$", "[0-9]", "^.$"))));
            case 8 -> schema.put(pick(random, List.of("minItems", "maxItems")), JsonNumber.of(random.nextInt(4)));
            case 9 -> schema.put("uniqueItems", JsonBoolean.of(random.nextInt(4) > 0));
            case 10 -> schema.put(pick(random, List.of("minProperties", "maxProperties")), JsonNumber.of(random.nextInt(4)));
            case 11, 12 -> schema.put("required", JsonArray.of(new JsonString(pick(random, NAMES))));
            case 13 -> schema.put("dependentRequired",
                    JsonObject.of(pick(random, NAMES), JsonArray.of(new JsonString(pick(random, NAMES)))));
            case 14 -> schema.put("propertyNames", JsonObject.of("pattern", new JsonString("^a")));
            case 15 -> schema.put("additionalProperties", JsonBoolean.of(random.nextBoolean()));
            case 16 -> schema.put("items", JsonBoolean.of(random.nextBoolean()));
            case 17 -> schema.put("unevaluatedProperties", JsonBoolean.of(random.nextBoolean()));
            case 18, 19, 20 -> schema.put("properties", JsonObject.of(pick(random, NAMES), schemaOrBoolean(random, depth - 1))
                    .with(pick(random, NAMES), schemaOrBoolean(random, depth - 1)));
            case 21 -> schema.put("patternProperties", JsonObject.of("^a", schemaOrBoolean(random, depth - 1)));
            case 22 -> schema.put("additionalProperties", schemaOrBoolean(random, depth - 1));
            case 23 -> schema.put("prefixItems", JsonArray.of(schemaOrBoolean(random, depth - 1), schemaOrBoolean(random, depth - 1)));
            case 24 -> schema.put("items", schemaOrBoolean(random, depth - 1));
            case 25 -> {
                schema.put("contains", schemaOrBoolean(random, depth - 1));
                if (random.nextInt(3) == 0) {
                    schema.put(pick(random, List.of("minContains", "maxContains")), JsonNumber.of(random.nextInt(3)));
                }
            }
            case 26 -> schema.put("allOf", JsonArray.of(schemaOrBoolean(random, depth - 1), schemaOrBoolean(random, depth - 1)));
            case 27, 28 -> schema.put("anyOf", JsonArray.of(schemaOrBoolean(random, depth - 1), schemaOrBoolean(random, depth - 1)));
            case 29 -> schema.put("oneOf", JsonArray.of(schemaOrBoolean(random, depth - 1), schemaOrBoolean(random, depth - 1)));
            case 30 -> schema.put("not", schemaOrBoolean(random, depth - 1));
            case 31 -> {
                schema.put("if", schemaOrBoolean(random, depth - 1));
                schema.put("then", schemaOrBoolean(random, depth - 1));
                schema.put("else", schemaOrBoolean(random, depth - 1));
            }
            case 32 -> schema.put("dependentSchemas", JsonObject.of(pick(random, NAMES), schemaOrBoolean(random, depth - 1)));
            case 33 -> schema.put("unevaluatedProperties", schemaOrBoolean(random, depth - 1));
            case 34 -> schema.put("unevaluatedItems", schemaOrBoolean(random, depth - 1));
            default -> schema.put("$ref", new JsonString("#/$defs/d"));
        }
    }
}
