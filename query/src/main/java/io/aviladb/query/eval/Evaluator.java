package io.aviladb.query.eval;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonValue;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Total: for every frame it has a value, which may be missing. Shared by threads. */
@FunctionalInterface
public interface Evaluator {
    /** Java's null where the value is missing. */
    @Nullable
    JsonValue evaluate(Frame frame);

    /** Whether the value is true: neither false, null, missing, nor anything else. */
    default boolean isTrue(Frame frame) {
        return evaluate(frame) instanceof JsonBoolean bool && bool.value();
    }
}
