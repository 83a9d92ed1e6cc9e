package io.aviladb.router.edge;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Partition strategies as JSON: {@code "/userId"}, or {@code {"strategy", "fields"}}, or {@code {"strategy": "synthetic", "partitions"}}. */
public final class CollectionBodies {
    private CollectionBodies() {
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_PARTITION_STRATEGY} */
    public static PartitionStrategy strategy(JsonValue json) {
        try {
            if (json instanceof JsonString field) {
                return checked(PartitionStrategy.single(FieldPath.parse(field.value())));
            }
            if (json instanceof JsonObject object) {
                return checked(strategy(object));
            }
        } catch (IllegalArgumentException e) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_STRATEGY, String.valueOf(e.getMessage()));
        }
        throw new AvilaError(ErrorCode.INVALID_PARTITION_STRATEGY, "a partition key is a path, as in \"/userId\", or an object");
    }

    private static PartitionStrategy checked(PartitionStrategy strategy) {
        if (strategy instanceof PartitionStrategy.Fields fields) {
            for (PartitionStrategy.Level level : fields.levels()) {
                if (level.field().steps().get(0).startsWith("_")) {
                    throw new IllegalArgumentException("the field " + level.field() + " begins with '_': such names are the system's");
                }
            }
        }
        return strategy;
    }

    private static PartitionStrategy strategy(JsonObject object) {
        String name = object.getOrNull("strategy") instanceof JsonString text ? text.value() : "hierarchical";
        switch (name) {
            case "single" -> {
                only(object, Set.of("strategy", "field"));
                return new PartitionStrategy.Fields(List.of(level(member(object, "field"))));
            }
            case "hierarchical" -> {
                only(object, Set.of("strategy", "fields"));
                if (!(member(object, "fields") instanceof JsonArray fields)) {
                    throw new IllegalArgumentException("'fields' is an array of paths");
                }
                List<PartitionStrategy.Level> levels = new ArrayList<>();
                fields.elements().forEach(field -> levels.add(level(field)));
                return new PartitionStrategy.Fields(levels);
            }
            case "synthetic" -> {
                only(object, Set.of("strategy", "partitions"));
                if (!(member(object, "partitions") instanceof JsonNumber number) || number.toLong().isEmpty()) {
                    throw new IllegalArgumentException("'partitions' is an integer");
                }
                return new PartitionStrategy.Synthetic(Math.toIntExact(Math.clamp(number.toLong().getAsLong(), -1, 1 << 30)));
            }
            default -> throw new IllegalArgumentException("strategies are single, hierarchical and synthetic, and '" + name + "' is none");
        }
    }

    private static void only(JsonObject object, Set<String> names) {
        object.members().keySet().stream().filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("the strategy doesn't know '" + name + "'");
        });
    }

    private static JsonValue member(JsonObject object, String name) {
        return object.get(name).orElseThrow(() -> new IllegalArgumentException("the strategy lacks '" + name + "'"));
    }

    /** A path, or {@code {"field": "/a", "hash": true}}. */
    private static PartitionStrategy.Level level(JsonValue json) {
        if (json instanceof JsonString path) {
            return new PartitionStrategy.Level(FieldPath.parse(path.value()), false);
        }
        if (json instanceof JsonObject object) {
            only(object, Set.of("field", "hash"));
            if (member(object, "field") instanceof JsonString path) {
                JsonValue hash = object.getOrNull("hash");
                if (hash == null || hash instanceof JsonBoolean) {
                    return new PartitionStrategy.Level(FieldPath.parse(path.value()), JsonBoolean.TRUE.equals(hash));
                }
            }
        }
        throw new IllegalArgumentException("a level is a path, as in \"/userId\", or {\"field\": \"/userId\", \"hash\": true}");
    }

    /** The shortest form that {@link #strategy} reads back. */
    public static JsonValue toJson(PartitionStrategy strategy) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        if (strategy instanceof PartitionStrategy.Fields fields) {
            if (fields.levels().size() == 1 && !fields.levels().get(0).hashed()) {
                return new JsonString(fields.levels().get(0).field().toString());
            }
            members.put("strategy", new JsonString("hierarchical"));
            members.put("fields", new JsonArray(fields.levels().stream().map(CollectionBodies::level).toList()));
        } else if (strategy instanceof PartitionStrategy.Synthetic synthetic) {
            members.put("strategy", new JsonString("synthetic"));
            members.put("partitions", JsonNumber.of(synthetic.partitions()));
        }
        return new JsonObject(members);
    }

    private static JsonValue level(PartitionStrategy.Level level) {
        JsonString path = new JsonString(level.field().toString());
        return level.hashed() ? JsonObject.of("field", path).with("hash", JsonBoolean.TRUE) : path;
    }
}
