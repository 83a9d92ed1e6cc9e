package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that a write takes the place of, and no write of which is lost: values whose writers have not seen one another stand beside one
 * another, as an array in the order of values, until a write that has seen them takes the place of all. An array alone is no value, so that it
 * is always told from several; written, it states them anew, as a put does that returns what was read.
 *
 * <p>Source: Shapiro et al., <em>A comprehensive study of Convergent and Commutative Replicated Data Types</em>, 2011, section 3.2.2.
 */
public enum Register implements TypedField {
    MULTI_VALUE;

    @Override
    public String expected() {
        return "any value but an array; one of at least two different values, none of which is an array, stands for concurrent ones";
    }

    @Override
    public boolean fits(JsonValue value) {
        return !(value instanceof JsonArray array)
                || array.elements().size() > 1 && new HashSet<>(array.elements()).size() == array.elements().size()
                        && array.elements().stream().noneMatch(JsonArray.class::isInstance);
    }

    @Override
    public boolean takes(Kind operation) {
        return operation == Kind.SET;
    }

    /** Their places are those in the array, if there is one: the dots of a single value of another type say nothing here. */
    @Override
    public boolean hasElements() {
        return true;
    }

    @Override
    public List<JsonValue> stated(JsonValue value) {
        return value instanceof JsonArray array ? array.elements() : List.of(value);
    }

    @Override
    public @Nullable JsonValue read(FieldState state, boolean everywhere) {
        List<JsonValue> values = state.facts().keySet().stream().filter(fact -> !fact.removed()).map(Fact::value).toList();
        return switch (values.size()) {
            case 0 -> null;
            case 1 -> values.get(0);
            default -> new JsonArray(values);
        };
    }
}
