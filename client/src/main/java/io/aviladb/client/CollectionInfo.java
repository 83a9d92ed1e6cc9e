package io.aviladb.client;

import io.aviladb.core.document.JsonValue;

/**
 * A collection as the catalog has it.
 *
 * @param partitionKey {@code "/field"} or {@code {"strategy", "fields"}}
 * @param mergePolicy {@code {"default", "fields", "deletes"}}
 */
public record CollectionInfo(String database, String name, JsonValue partitionKey, JsonValue mergePolicy, long catalogVersion) {}
