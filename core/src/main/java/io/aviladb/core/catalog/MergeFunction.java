package io.aviladb.core.catalog;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import org.jspecify.annotations.Nullable;

/** A custom merge of two documents over the newest state that both have seen. Pure; Java's null is a missing result. */
@FunctionalInterface
public interface MergeFunction {
    @Nullable
    JsonValue merge(JsonObject base, JsonObject local, JsonObject remote);
}
