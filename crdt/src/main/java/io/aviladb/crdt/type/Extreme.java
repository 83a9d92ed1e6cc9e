package io.aviladb.crdt.type;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.write.PatchOperation.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The greatest, or the least, of the numbers that writes have left without having seen one another. A number that is set takes the place of
 * those that were seen, also where it is less extreme. Of equal numbers the one with the shorter text shows.
 */
public enum Extreme implements TypedField {
    MAX(Kind.MAX), MIN(Kind.MIN);

    private final Kind kind;

    Extreme(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String expected() {
        return "a number with an exponent that can be calculated with";
    }

    @Override
    public boolean fits(JsonValue value) {
        try {
            return value instanceof JsonNumber number && number.toBigDecimal().precision() > 0;
        } catch (ArithmeticException tooLarge) {
            return false;
        }
    }

    @Override
    public boolean takes(Kind operation) {
        return operation == kind || operation == Kind.SET;
    }

    @Override
    public @Nullable JsonValue read(FieldState state, boolean everywhere) {
        JsonNumber extreme = null;
        for (Fact fact : state.facts().keySet()) { // ascending, of equal numbers the shortest first
            JsonNumber number = (JsonNumber) fact.value();
            if (extreme == null || this == MAX && number.toBigDecimal().compareTo(extreme.toBigDecimal()) > 0) {
                extreme = number;
            }
        }
        return extreme;
    }
}
