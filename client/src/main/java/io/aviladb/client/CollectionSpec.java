package io.aviladb.client;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a new collection is to be. Immutable.
 *
 * @param partitionKey fixed once the collection is made
 * @param fieldTypes merge types by path, as {@link #counter(String)} adds them
 */
public record CollectionSpec(String name, JsonValue partitionKey, Map<FieldPath, String> fieldTypes) {
    public CollectionSpec {
        fieldTypes = Map.copyOf(fieldTypes);
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
        return new CollectionSpec(name, partitionKey, more);
    }
}
