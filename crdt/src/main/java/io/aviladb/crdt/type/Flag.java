package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.write.PatchOperation.Kind;
import org.jspecify.annotations.Nullable;

/** A boolean; of writes that have not seen one another one of the two values wins, whichever is newer. */
public enum Flag implements TypedField {
    ENABLE_WINS(JsonBoolean.TRUE), DISABLE_WINS(JsonBoolean.FALSE);

    private final JsonBoolean winner;

    Flag(JsonBoolean winner) {
        this.winner = winner;
    }

    @Override
    public String expected() {
        return "true or false";
    }

    @Override
    public boolean fits(JsonValue value) {
        return value instanceof JsonBoolean;
    }

    @Override
    public boolean takes(Kind operation) {
        return operation == Kind.SET;
    }

    @Override
    public @Nullable JsonValue read(FieldState state, boolean everywhere) {
        if (state.isEmpty()) {
            return null;
        }
        return state.has(Fact.of(winner)) ? winner : JsonBoolean.of(!winner.value());
    }
}
