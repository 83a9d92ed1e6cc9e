package io.aviladb.crdt.document;

import io.aviladb.core.document.JsonNumber;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Arithmetic of counters: exact within the limits that an increment is held to, and never failing in a merge. */
final class CounterNumbers {
    /** Of an increment, and of the power of ten of its first and last digit: sums of these have fewer digits than a number may. */
    static final int MAX_DIGITS = 308;
    private static final MathContext MERGED = new MathContext(900, RoundingMode.HALF_EVEN);

    private CounterNumbers() {
    }

    static boolean isAllowed(BigDecimal amount) {
        return amount.precision() <= MAX_DIGITS && Math.abs((long) amount.scale()) <= MAX_DIGITS;
    }

    /** The number plus the amount. Only a number that was set (not counted) to more than 900 digits apart from the amount is rounded. */
    static JsonNumber sum(JsonNumber number, BigDecimal amount) {
        try {
            return JsonNumber.of(number.toBigDecimal().add(amount, MERGED));
        } catch (ArithmeticException tooLarge) {
            return number;
        }
    }
}
