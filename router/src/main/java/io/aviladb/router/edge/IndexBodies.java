package io.aviladb.router.edge;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.index.IndexEntries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** Indexes as JSON: {@code {"name", "fields": ["/city", "-/score"], "kind"?, "sparse"?, "where"?}}. */
public final class IndexBodies {
    /** What an index may say, and what it will be able to say. */
    public static final Set<String> MEMBERS = Set.of("name", "fields", "kind", "sparse", "unique", "where");
    private static final Set<String> LATER_KINDS = Set.of("text", "vector", "geo");
    public static final Set<String> LATER_MEMBERS = Set.of("language", "dimensions", "metric");

    private IndexBodies() {
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_INDEX}, {@link ErrorCode#NOT_IMPLEMENTED} */
    public static IndexDefinition index(JsonValue json) {
        if (!(json instanceof JsonObject object)) {
            throw invalid("an index is an object, as in {\"name\": \"by_city\", \"fields\": [\"/city\"]}");
        }
        checkKind(object);
        for (String member : object.members().keySet()) {
            if (!MEMBERS.contains(member)) {
                throw LATER_MEMBERS.contains(member)
                        ? new AvilaError(ErrorCode.NOT_IMPLEMENTED, "'" + member + "' belongs to a kind of index that isn't there yet")
                        : invalid("an index doesn't know '" + member + "'");
            }
        }
        if (flag(object, "unique")) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "unique indexes aren't there yet");
        }
        if (!(object.getOrNull("name") instanceof JsonString name) || !(object.getOrNull("fields") instanceof JsonArray fields)) {
            throw invalid("an index has a 'name', a string, and 'fields', an array of paths");
        }
        JsonValue where = object.getOrNull("where");
        if (where != null && !(where instanceof JsonString text && !text.value().isBlank())) {
            throw invalid("'where' is a condition, as in \"status = 'open'\"");
        }
        try {
            return IndexEntries.checked(new IndexDefinition(0, name.value(), fields(fields), flag(object, "sparse"),
                    where instanceof JsonString text ? text.value() : ""));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /** Of a new collection. @throws AvilaError as {@link #index} does */
    public static List<IndexDefinition> indexes(JsonValue json) {
        if (!(json instanceof JsonArray array)) {
            throw invalid("'indexes' is an array");
        }
        return array.elements().stream().map(IndexBodies::index).toList();
    }

    private static void checkKind(JsonObject object) {
        JsonValue kind = object.getOrNull("kind");
        if (kind instanceof JsonString text && LATER_KINDS.contains(text.value())) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "an index of kind '" + text.value() + "' isn't there yet");
        } else if (kind != null && !kind.equals(new JsonString("ordered"))) {
            throw invalid("'kind' is ordered, text, vector or geo");
        }
    }

    private static boolean flag(JsonObject object, String name) {
        JsonValue value = object.getOrNull(name);
        if (value != null && !(value instanceof JsonBoolean)) {
            throw invalid("'" + name + "' is true or false");
        }
        return JsonBoolean.TRUE.equals(value);
    }

    private static List<IndexDefinition.Field> fields(JsonArray fields) {
        List<IndexDefinition.Field> all = new ArrayList<>();
        for (JsonValue field : fields.elements()) {
            if (!(field instanceof JsonString path)) {
                throw invalid("a field is a path, as in \"/city\", or \"-/score\" for the greatest first");
            }
            all.add(IndexDefinition.Field.parse(path.value()));
        }
        return all;
    }

    private static AvilaError invalid(String why) {
        return new AvilaError(ErrorCode.INVALID_INDEX, why);
    }

    /** What {@link #index} reads back. */
    public static JsonObject toJson(IndexDefinition index) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("name", new JsonString(index.name()));
        members.put("fields", new JsonArray(index.fields().stream().<JsonValue>map(field -> new JsonString(field.toString())).toList()));
        members.put("kind", new JsonString("ordered"));
        if (index.sparse()) {
            members.put("sparse", JsonBoolean.TRUE);
        }
        if (!index.where().isEmpty()) {
            members.put("where", new JsonString(index.where()));
        }
        return new JsonObject(members);
    }
}
