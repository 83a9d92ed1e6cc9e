package io.aviladb.crdt.schema;

import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.catalog.SchemaDefinition.Action;
import io.aviladb.core.catalog.SchemaDefinition.Level;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A collection's schema as JSON: a JSON Schema, or {@code {"jsonSchema": …, "level": "strict", "action": "error"}}; null for none.
 */
public final class Schemas {
    private static final Set<String> WHOLE = Set.of("jsonSchema", "level", "action");
    private static final List<JsonValue> PROBES = List.of(JsonObject.EMPTY, JsonArray.EMPTY, new JsonString(""), JsonNumber.of(0),
            JsonBoolean.TRUE, JsonNull.NULL);

    private Schemas() {
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_SCHEMA} */
    public static SchemaDefinition parse(JsonValue json) {
        if (json.equals(JsonNull.NULL)) {
            return SchemaDefinition.NONE;
        }
        if (json instanceof JsonObject object && object.getOrNull("jsonSchema") instanceof JsonValue schema) {
            object.members().keySet().stream().filter(name -> !WHOLE.contains(name)).findFirst().ifPresent(name -> {
                throw invalid("'" + name + "' is no part of a collection's schema; jsonSchema, level and action are");
            });
            return definition(schema, word(object, "level", Level.values(), Level.STRICT),
                    word(object, "action", Action.values(), Action.ERROR));
        }
        return definition(json, Level.STRICT, Action.ERROR);
    }

    private static SchemaDefinition definition(JsonValue schema, Level level, Action action) {
        if (!(schema instanceof JsonObject)) {
            throw invalid("a collection's schema is an object");
        }
        String text = schema.toJson();
        if (text.length() > SchemaDefinition.MAX_BYTES) {
            throw invalid("it has " + text.length() + " characters; the limit is " + SchemaDefinition.MAX_BYTES);
        }
        Schema compiled = Schema.compile(schema);
        for (JsonValue probe : PROBES) {
            compiled.check(probe, Schema.STEPS).stream().filter(violation -> violation.keyword().equals("$ref")).findFirst()
                    .ifPresent(loop -> {
                        throw invalid("it refers to itself without end");
                    });
        }
        return new SchemaDefinition(text, level, action);
    }

    private static <E extends Enum<E>> E word(JsonObject object, String name, E[] known, E otherwise) {
        JsonValue value = object.getOrNull(name);
        if (value == null) {
            return otherwise;
        }
        return Arrays.stream(known).filter(one -> value.equals(new JsonString(word(one)))).findFirst().orElseThrow(() -> invalid(
                "'" + name + "' is one of " + String.join(", ", Arrays.stream(known).map(Schemas::word).toList())));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The whole form; null for none. {@link #parse} of it gives the same. */
    public static JsonValue toJson(SchemaDefinition definition) {
        if (definition.isNone()) {
            return JsonNull.NULL;
        }
        LinkedHashMap<String, JsonValue> whole = new LinkedHashMap<>();
        whole.put("jsonSchema", JsonParser.parse(definition.json().getBytes(StandardCharsets.UTF_8)));
        whole.put("level", new JsonString(word(definition.level())));
        whole.put("action", new JsonString(word(definition.action())));
        return new JsonObject(whole);
    }

    private static AvilaError invalid(String detail) {
        return new AvilaError(ErrorCode.INVALID_SCHEMA, detail);
    }
}
