package io.aviladb.client;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a new collection is to be. Immutable.
 *
 * @param partitionKey fixed once the collection is made
 * @param fieldTypes merge types by path, as {@link #counter(String)} adds them
 * @param schema a JSON Schema, or {@code {"jsonSchema", "level", "action"}}; the server judges it
 * @param ttl seconds, or {@code {"seconds", "field"}}; the server judges it
 */
public record CollectionSpec(String name, JsonValue partitionKey, Map<FieldPath, String> fieldTypes, Optional<JsonValue> schema,
        Optional<JsonValue> ttl) {
    public CollectionSpec {
        fieldTypes = Map.copyOf(fieldTypes);
    }

    /** Without a schema, of documents that never expire. */
    public CollectionSpec(String name, JsonValue partitionKey, Map<FieldPath, String> fieldTypes) {
        this(name, partitionKey, fieldTypes, Optional.empty(), Optional.empty());
    }

    /** Partitioned by one field, as in {@code /userId}; {@code /id} where each document stands alone. */
    public static CollectionSpec single(String name, String field) {
        return new CollectionSpec(name, new JsonString(FieldPath.parse(field).toString()), Map.of());
    }

    /** Partitioned by one to five fields: every prefix can be listed. */
    public static CollectionSpec hierarchical(String name, String... fields) {
        JsonArray paths = new JsonArray(
                Arrays.stream(fields).<JsonValue>map(field -> new JsonString(FieldPath.parse(field).toString())).toList());
        return new CollectionSpec(name, JsonObject.of("strategy", new JsonString("hierarchical")).with("fields", paths), Map.of());
    }

    /** Partitioned by a hash of the id. */
    public static CollectionSpec synthetic(String name, int partitions) {
        return new CollectionSpec(name, JsonObject.of("strategy", new JsonString("synthetic")).with("partitions",
                JsonNumber.of(partitions)), Map.of());
    }

    /** With a counter at the path: concurrent increments add up. */
    public CollectionSpec counter(String path) {
        Map<FieldPath, String> more = new LinkedHashMap<>(fieldTypes);
        more.put(FieldPath.parse(path), "counter");
        return new CollectionSpec(name, partitionKey, more, schema, ttl);
    }

    /**
     * With a schema: a write that breaks it is refused ({@code SCHEMA_VIOLATION}).
     *
     * @param json a JSON Schema (2020-12), or {@code {"jsonSchema", "level", "action"}}
     */
    public CollectionSpec schema(JsonValue json) {
        return new CollectionSpec(name, partitionKey, fieldTypes, Optional.of(json), ttl);
    }

    /**
     * Documents expire so long after their last write.
     *
     * @param life whole seconds, at least one
     * @throws IllegalArgumentException where it isn't
     */
    public CollectionSpec ttl(Duration life) {
        return withTtl(JsonNumber.of(seconds(life)));
    }

    /**
     * Documents say by a field when they expire: seconds after their last write (0 or less: never), or a time (RFC 3339). One that says nothing never
     * does.
     */
    public CollectionSpec ttlField(String path) {
        return withTtl(JsonObject.of("field", new JsonString(FieldPath.parse(path).toString())));
    }

    /** As {@link #ttlField(String)}; one that says nothing expires so long after its last write. @param life as in {@link #ttl(Duration)} */
    public CollectionSpec ttlField(String path, Duration life) {
        return withTtl(
                JsonObject.of("seconds", JsonNumber.of(seconds(life))).with("field", new JsonString(FieldPath.parse(path).toString())));
    }

    private CollectionSpec withTtl(JsonValue json) {
        return new CollectionSpec(name, partitionKey, fieldTypes, schema, Optional.of(json));
    }

    private static long seconds(Duration life) {
        if (life.getSeconds() < 1 || life.getNano() != 0) {
            throw new IllegalArgumentException("documents live for whole seconds, at least one, and not for " + life);
        }
        return life.getSeconds();
    }
}
