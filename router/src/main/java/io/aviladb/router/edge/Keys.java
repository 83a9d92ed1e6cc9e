package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Derives documents' keys from what requests say, and refuses contradictions. */
public final class Keys {
    private static final FieldPath ID = FieldPath.of("id");

    private Keys() {
    }

    /** {@code ["a", 1]}: one value for each level. @throws AvilaError {@link ErrorCode#INVALID_PARTITION_KEY} */
    public static List<JsonValue> partition(String json) {
        JsonValue value;
        try {
            value = JsonParser.parse(json.getBytes(StandardCharsets.UTF_8));
        } catch (AvilaError malformed) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "the partition key is a JSON array, as in [\"a\"]: " + malformed.detail());
        }
        if (value instanceof JsonArray array) {
            return array.elements();
        }
        throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY, "the partition key is a JSON array, as in [\"a\"]");
    }

    /** The key by id and partition key. The partition key may be left out where it follows from the id. */
    public static DocumentKey of(CollectionDefinition collection, Optional<List<JsonValue>> partition, String id) {
        DocumentKey.checkedId(id);
        if (collection.strategy() instanceof PartitionStrategy.Fields fields) {
            if (partition.isPresent()) {
                checkIdLevel(fields, partition.get(), id);
                return DocumentKey.of(collection.id(), fields, partition.get(), id);
            }
            List<JsonValue> values = new ArrayList<>();
            for (PartitionStrategy.Level level : fields.levels()) {
                if (!level.field().equals(ID)) {
                    throw new AvilaError(ErrorCode.MISSING_PARTITION_FIELD, "the request lacks partitionKey: the collection's levels are "
                            + String.join(", ", fields.levels().stream().map(one -> one.field().toString()).toList()));
                }
                values.add(new JsonString(id));
            }
            return DocumentKey.of(collection.id(), fields, values, id);
        }
        if (partition.isPresent() && !partition.get().isEmpty()) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "the collection's partitions are synthetic: its documents have no key but "
                            + "their id");
        }
        return DocumentKey.of(collection.id(), collection.strategy(), List.of(), id);
    }

    private static void checkIdLevel(PartitionStrategy.Fields fields, List<JsonValue> partition, String id) {
        for (int i = 0; i < Math.min(partition.size(), fields.levels().size()); i++) {
            if (fields.levels().get(i).field().equals(ID) && !partition.get(i).equals(new JsonString(id))) {
                throw new AvilaError(ErrorCode.KEY_CONTRADICTION,
                        "the partition key is the id, and " + partition.get(i) + " is not '" + id + "'");
            }
        }
    }

    /** The id that a body holds. @throws AvilaError {@link ErrorCode#INVALID_ID} */
    public static Optional<String> bodyId(JsonObject body) {
        JsonValue id = body.getOrNull("id");
        if (id == null) {
            return Optional.empty();
        }
        if (!(id instanceof JsonString text)) {
            throw new AvilaError(ErrorCode.INVALID_ID, "an id is a string");
        }
        return Optional.of(DocumentKey.checkedId(text.value()));
    }

    /** A body with its key. */
    public record Keyed(DocumentKey key, Document document, String id) {}

    /** A body that is inserted under its own id, or the one made for it. */
    public static Keyed inserted(CollectionDefinition collection, JsonObject body, String id) {
        Document document = Document.of(DocumentBodies.withId(body, id));
        return new Keyed(DocumentKey.of(collection.id(), collection.strategy(), document, id), document, id);
    }

    /** A body that is put under the request's id; what of the key it leaves out is filled in. */
    public static Keyed put(CollectionDefinition collection, JsonObject body, Optional<List<JsonValue>> partition, String id) {
        DocumentKey.checkedId(id);
        bodyId(body).filter(own -> !own.equals(id)).ifPresent(own -> {
            throw new AvilaError(ErrorCode.KEY_CONTRADICTION, "the body's id is '" + own + "', the request's '" + id + "'");
        });
        JsonObject whole = DocumentBodies.withId(body, id);
        if (partition.isPresent() && collection.strategy() instanceof PartitionStrategy.Fields fields) {
            DocumentKey asked = of(collection, partition, id);
            for (int i = 0; i < fields.levels().size(); i++) {
                FieldPath field = fields.levels().get(i).field();
                if (Document.of(whole).at(field).isEmpty()) {
                    whole = DocumentBodies.withAt(whole, field, partition.get().get(i));
                }
            }
            Keyed keyed = inserted(collection, whole, id);
            if (!keyed.key().equals(asked)) {
                throw new AvilaError(ErrorCode.KEY_CONTRADICTION, "the body's partition key is not the request's "
                        + new JsonArray(partition.get()).toJson());
            }
            return keyed;
        }
        if (collection.strategy() instanceof PartitionStrategy.Synthetic) {
            of(collection, partition, id); // refuses a partition key that such a collection hasn't got
        }
        return inserted(collection, whole, id);
    }
}
