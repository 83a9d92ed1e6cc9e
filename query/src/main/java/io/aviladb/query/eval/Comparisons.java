package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.language.Expression.BinaryOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Comparison and three-valued logic. Missing with anything is missing, null with anything is null, and neither is true. Values of two kinds
 * are unequal and have no order: {@code 1 < 'a'} and {@code 1 > 'a'} are both false.
 */
final class Comparisons {
    private Comparisons() {
    }

    static @Nullable JsonValue compare(BinaryOperator operator, @Nullable JsonValue a, @Nullable JsonValue b) {
        if (a == null || b == null) {
            return null;
        } else if (a == JsonNull.NULL || b == JsonNull.NULL) {
            return JsonNull.NULL;
        }
        boolean comparable = ValueOrder.rank(a) == ValueOrder.rank(b);
        int order = comparable ? ValueOrder.ORDER.compare(a, b) : 0;
        return JsonBoolean.of(switch (operator) {
            case EQUAL -> comparable && order == 0;
            case NOT_EQUAL -> !comparable || order != 0;
            case LESS -> comparable && order < 0;
            case AT_MOST -> comparable && order <= 0;
            case GREATER -> comparable && order > 0;
            case AT_LEAST -> comparable && order >= 0;
            default -> throw new IllegalArgumentException(operator + " doesn't compare");
        });
    }

    /** False wins over the unknown; what is no boolean counts as missing. */
    static @Nullable JsonValue and(@Nullable JsonValue a, @Nullable JsonValue b) {
        JsonValue left = truth(a);
        JsonValue right = truth(b);
        if (left == JsonBoolean.FALSE || right == JsonBoolean.FALSE) {
            return JsonBoolean.FALSE;
        }
        return left == null || right == null ? null : left == JsonNull.NULL ? left : right;
    }

    /** True wins over the unknown. */
    static @Nullable JsonValue or(@Nullable JsonValue a, @Nullable JsonValue b) {
        JsonValue left = truth(a);
        JsonValue right = truth(b);
        if (left == JsonBoolean.TRUE || right == JsonBoolean.TRUE) {
            return JsonBoolean.TRUE;
        }
        return left == null || right == null ? null : left == JsonNull.NULL ? left : right;
    }

    static @Nullable JsonValue not(@Nullable JsonValue value) {
        return truth(value) instanceof JsonBoolean bool ? JsonBoolean.of(!bool.value()) : truth(value);
    }

    /** One of the two booleans that are shared, null, or missing. */
    private static @Nullable JsonValue truth(@Nullable JsonValue value) {
        return value instanceof JsonBoolean bool ? JsonBoolean.of(bool.value()) : value == JsonNull.NULL ? value : null;
    }

    static @Nullable JsonValue negatedIf(boolean negated, @Nullable JsonValue value) {
        return negated ? not(value) : value;
    }

    /** As a chain of {@code =} with OR. */
    static @Nullable JsonValue isOneOf(@Nullable JsonValue value, List<? extends @Nullable JsonValue> candidates) {
        JsonValue found = JsonBoolean.FALSE;
        for (JsonValue candidate : candidates) {
            found = or(found, compare(BinaryOperator.EQUAL, value, candidate));
            if (found == JsonBoolean.TRUE) {
                return found;
            }
        }
        return value == null ? null : found;
    }

    static @Nullable JsonValue isIn(@Nullable JsonValue value, @Nullable JsonValue array) {
        if (array instanceof JsonArray list) {
            return isOneOf(value, list.elements());
        }
        return array == JsonNull.NULL && value != null ? JsonNull.NULL : null;
    }

    static @Nullable JsonValue like(@Nullable JsonValue text, @Nullable JsonValue pattern, @Nullable JsonValue escape, boolean hasEscape) {
        if (text == null || pattern == null || hasEscape && escape == null) {
            return null;
        } else if (text == JsonNull.NULL || pattern == JsonNull.NULL || escape == JsonNull.NULL) {
            return JsonNull.NULL;
        }
        if (!(text instanceof JsonString string) || !(pattern instanceof JsonString wanted)) {
            return JsonBoolean.FALSE;
        } else if (!hasEscape) {
            return JsonBoolean.of(LikePattern.matches(string.value(), wanted.value()));
        }
        return escape instanceof JsonString mark && mark.value().codePointCount(0, mark.value().length()) == 1
                ? JsonBoolean.of(LikePattern.matches(string.value(), wanted.value(), mark.value().codePointAt(0)))
                : null;
    }
}
