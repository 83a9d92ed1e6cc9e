package io.aviladb.query.eval;

import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function of values.
 *
 * @param most arguments; {@link Integer#MAX_VALUE} where any number goes
 * @param strict whether a missing argument makes the result missing, and else a null one null, without a call
 * @param stable whether equal arguments always give equal results, whatever the time of the statement
 */
public record ScalarFunction(String name, int least, int most, boolean strict, boolean stable, Body body) {
    /** The computation. */
    @FunctionalInterface
    interface Body {
        @Nullable
        JsonValue apply(List<@Nullable JsonValue> arguments, Frame frame);
    }

    @Nullable
    JsonValue apply(List<@Nullable JsonValue> arguments, Frame frame) {
        if (strict) {
            if (arguments.contains(null)) {
                return null;
            } else if (arguments.contains(JsonNull.NULL)) {
                return JsonNull.NULL;
            }
        }
        return body.apply(arguments, frame);
    }
}
