package io.aviladb.router.edge;

import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.PatchOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Patches as requests bring them. They touch neither the id, nor the partition key, nor reserved names. */
public final class PatchBodies {
    private static final Map<String, PatchOperation.Kind> KINDS = Map.of("set", PatchOperation.Kind.SET, "unset", PatchOperation.Kind.UNSET,
            "inc", PatchOperation.Kind.INC, "max", PatchOperation.Kind.MAX, "min", PatchOperation.Kind.MIN, "append",
            PatchOperation.Kind.APPEND,
            "addToSet", PatchOperation.Kind.ADD_TO_SET, "remove", PatchOperation.Kind.REMOVE, "move", PatchOperation.Kind.MOVE);
    private static final FieldPath ID = FieldPath.of("id");

    private PatchBodies() {
    }

    /** {@code {"ops": [...]}}. @throws AvilaError {@link ErrorCode#INVALID_PATCH} and what {@link #patch} throws */
    public static Mutation operations(byte[] body, PartitionStrategy strategy) {
        JsonObject object = DocumentBodies.object(body);
        if (!object.members().keySet().equals(Set.of("ops")) || !(object.getOrNull("ops") instanceof JsonArray ops)) {
            throw new AvilaError(ErrorCode.INVALID_PATCH, "the body is {\"ops\": [...]}; RFC 7396 comes as application/merge-patch+json");
        }
        List<PatchOperation> operations = new ArrayList<>();
        for (JsonValue op : ops.elements()) {
            operations.add(operation(op, operations.size()));
        }
        return patch(operations, strategy);
    }

    /** Checks operations that have their form already. */
    public static Mutation patch(List<PatchOperation> operations, PartitionStrategy strategy) {
        if (operations.isEmpty() || operations.size() > Limits.MAX_PATCH_OPERATIONS) {
            throw new AvilaError(ErrorCode.INVALID_PATCH,
                    "a patch has 1 to " + Limits.MAX_PATCH_OPERATIONS + " operations, not " + operations.size());
        }
        for (PatchOperation operation : operations) {
            checkPath(operation.path(), strategy);
            if (operation.from() != null) {
                checkPath(operation.from(), strategy);
            }
        }
        return new Mutation.Patch(operations);
    }

    private static PatchOperation operation(JsonValue value, int index) {
        if (!(value instanceof JsonObject object)) {
            throw invalid(index, "is no object");
        }
        if (!Set.of("op", "path", "from", "value").containsAll(object.members().keySet())) {
            throw invalid(index, "has members besides op, path, from and value");
        }
        String name = object.getOrNull("op") instanceof JsonString op ? op.value() : "";
        PatchOperation.Kind kind = KINDS.get(name);
        if (kind == null) {
            throw invalid(index, "has the unknown op '" + name + "'");
        }
        FieldPath path = path(object.getOrNull("path"), index, "path");
        FieldPath from = object.getOrNull("from") == null ? null : path(object.getOrNull("from"), index, "from");
        return operation(kind, path, from, object.getOrNull("value"), index);
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_PATCH} where the parts don't fit together */
    public static PatchOperation operation(PatchOperation.Kind kind, FieldPath path, @Nullable FieldPath from, @Nullable JsonValue value,
            int index) {
        boolean arithmetic = kind == PatchOperation.Kind.INC || kind == PatchOperation.Kind.MAX || kind == PatchOperation.Kind.MIN;
        if (arithmetic && !(value instanceof JsonNumber)) {
            throw invalid(index, "needs a number as its value");
        }
        try {
            return new PatchOperation(kind, path, from, value);
        } catch (IllegalArgumentException e) {
            throw invalid(index, "is malformed: " + e.getMessage());
        }
    }

    private static FieldPath path(@Nullable JsonValue value, int index, String member) {
        if (!(value instanceof JsonString text)) {
            throw invalid(index, "lacks its '" + member + "'");
        }
        return path(text.value(), index);
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_PATCH} */
    public static FieldPath path(String text, int index) {
        try {
            return FieldPath.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(index, "has a malformed path: " + e.getMessage());
        }
    }

    private static AvilaError invalid(int index, String what) {
        return new AvilaError(ErrorCode.INVALID_PATCH, "operation " + index + " " + what);
    }

    private static void checkPath(FieldPath path, PartitionStrategy strategy) {
        if (path.steps().get(0).startsWith("_")) {
            throw new AvilaError(ErrorCode.RESERVED_NAME, "the patch names '" + path + "', which begins with '_'");
        }
        if (touches(path, ID)) {
            throw new AvilaError(ErrorCode.PARTITION_KEY_IMMUTABLE, "the patch names the id");
        }
        if (strategy instanceof PartitionStrategy.Fields fields) {
            for (PartitionStrategy.Level level : fields.levels()) {
                if (touches(path, level.field())) {
                    throw new AvilaError(ErrorCode.PARTITION_KEY_IMMUTABLE,
                            "the patch names '" + path + "', and " + level.field() + " is a level of the partition key");
                }
            }
        }
    }

    private static boolean touches(FieldPath path, FieldPath fixed) {
        return path.contains(fixed) || fixed.contains(path);
    }

    /** RFC 7396. */
    public static Mutation merge(byte[] body, PartitionStrategy strategy) {
        JsonObject object = DocumentBodies.checked(DocumentBodies.object(body));
        checkMerge(object, FieldPath.ROOT, strategy);
        return new Mutation.MergePatch(Document.of(object).json());
    }

    private static void checkMerge(JsonObject object, FieldPath at, PartitionStrategy strategy) {
        object.members().forEach((name, value) -> {
            FieldPath path = at.child(name);
            boolean inner = value instanceof JsonObject;
            boolean above = strategy instanceof PartitionStrategy.Fields fields
                    && fields.levels().stream().anyMatch(level -> path.contains(level.field()) && !path.equals(level.field()));
            if (inner && above) {
                checkMerge((JsonObject) value, path, strategy);
            } else {
                checkPath(path, strategy);
            }
        });
    }
}
