package io.aviladb.crdt.schema;

import io.aviladb.core.document.JsonNumber;
import java.math.BigDecimal;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Exact arithmetic of JSON numbers. What is too large to calculate with is told from what fits. */
final class Numbers {
    private Numbers() {
    }

    /** Empty where one of the two is too large to calculate with. */
    static OptionalInt compare(JsonNumber a, JsonNumber b) {
        OptionalLong left = small(a);
        OptionalLong right = small(b);
        if (left.isPresent() && right.isPresent()) {
            return OptionalInt.of(Long.compare(left.getAsLong(), right.getAsLong()));
        }
        try {
            return OptionalInt.of(a.toBigDecimal().compareTo(b.toBigDecimal()));
        } catch (ArithmeticException tooLarge) {
            return OptionalInt.empty();
        }
    }

    private static OptionalLong small(JsonNumber number) {
        String text = number.literal();
        if (text.length() > 18) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '-' && (c < '0' || c > '9')) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /** Whether the number has no fraction, however it is written. One that is too large to calculate with has none here. */
    static boolean isInteger(JsonNumber number) {
        if (small(number).isPresent()) {
            return true;
        }
        try {
            BigDecimal value = number.toBigDecimal();
            return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
        } catch (ArithmeticException tooLarge) {
            return false;
        }
    }

    /** Whether the number is a multiple. @throws ArithmeticException where one of the two is too large to calculate with */
    static boolean isMultiple(JsonNumber number, JsonNumber divisor) {
        return number.toBigDecimal().remainder(divisor.toBigDecimal()).signum() == 0;
    }

    /** Equal numbers have equal texts. */
    static String canonical(JsonNumber number) {
        try {
            BigDecimal value = number.toBigDecimal();
            return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
        } catch (ArithmeticException tooLarge) {
            return number.literal();
        }
    }
}
