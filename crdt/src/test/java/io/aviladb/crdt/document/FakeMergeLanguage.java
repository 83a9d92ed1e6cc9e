package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergeFunction;
import io.aviladb.core.catalog.MergeLanguage;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Three merges: {@code greatest}, per field the greatest of the values' texts, a lawful one; {@code mixed}, which the laws forbid; {@code never}, which
 * has no result.
 */
public final class FakeMergeLanguage implements MergeLanguage {
    /** Equal numbers, and objects in another order, come one after the other by their bytes. */
    static final Comparator<JsonValue> ORDER = Comparator.<JsonValue, String>comparing(value -> SpecDocument.of(value).toString())
            .thenComparing(JsonValue::toJson);

    @Override
    public MergeFunction compile(String expression) {
        return switch (expression) {
            case "greatest" -> (base, local, remote) -> greatest(local, remote);
            case "mixed" -> (base, local, remote) -> greatest(local.with("z", remote), remote);
            case "never" -> (base, local, remote) -> null;
            default -> throw new IllegalArgumentException(expression);
        };
    }

    private static JsonObject greatest(JsonObject local, JsonObject remote) {
        Set<String> names = new LinkedHashSet<>(local.members().keySet());
        names.addAll(remote.members().keySet());
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        names.forEach(name -> members.put(name, greater(local.getOrNull(name), remote.getOrNull(name))));
        return new JsonObject(members);
    }

    private static JsonValue greater(@Nullable JsonValue a, @Nullable JsonValue b) {
        if (a == null || b == null) {
            return java.util.Objects.requireNonNull(a == null ? b : a);
        }
        return ORDER.compare(a, b) >= 0 ? a : b;
    }
}
