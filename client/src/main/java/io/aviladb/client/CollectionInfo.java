package io.aviladb.client;

import io.aviladb.core.document.JsonValue;
import java.util.Optional;

/**
 * A collection as the catalog has it.
 *
 * @param partitionKey {@code "/field"} or {@code {"strategy", "fields"}}
 * @param mergePolicy {@code {"default", "fields", "deletes"}}
 * @param schema {@code {"jsonSchema", "level", "action"}}; empty for none
 * @param ttl seconds, or {@code {"seconds", "field"}}; empty where documents never expire
 */
public record CollectionInfo(String database, String name, JsonValue partitionKey, JsonValue mergePolicy, long catalogVersion,
        Optional<JsonValue> schema, Optional<JsonValue> ttl) {}
