package io.aviladb.core.document;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** A number, by its digits as written. Nothing rounds it on its way through the system. */
public record JsonNumber(String literal) implements JsonValue {
    /** Longer literals are refused: they would cost more to compare than they can mean. */
    public static final int MAX_LITERAL_LENGTH = 1_000;
    private static final int MAX_EXPONENT = 10_000;

    public JsonNumber {
        if (literal.length() > MAX_LITERAL_LENGTH || !isLiteral(literal)) {
            throw new IllegalArgumentException("not a JSON number: " + literal.substring(0, Math.min(40, literal.length())));
        }
    }

    /** {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?}, without the cost of a regular expression. */
    private static boolean isLiteral(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int at = digits(text, start);
        if (at == start || text.charAt(start) == '0' && at > start + 1) {
            return false;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = at + 1;
            at = digits(text, fraction);
            if (at == fraction) {
                return false;
            }
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int exponent = at + 1;
            if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
                exponent++;
            }
            at = digits(text, exponent);
            if (at == exponent) {
                return false;
            }
        }
        return at == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    public static JsonNumber of(long value) {
        return new JsonNumber(Long.toString(value));
    }

    /** @throws IllegalArgumentException for NaN and the infinities, which JSON can't write */
    public static JsonNumber of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("JSON has no " + value);
        }
        return new JsonNumber(Double.toString(value));
    }

    /** The plain digits where they are few, else with an exponent. Equal numbers give equal literals. */
    public static JsonNumber of(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        boolean plain = stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= 40
                || stripped.scale() > 0 && stripped.scale() <= 40;
        return new JsonNumber(plain ? stripped.toPlainString() : stripped.toString());
    }

    /** The exact value. @throws ArithmeticException where the exponent is beyond ±10,000 */
    public BigDecimal toBigDecimal() {
        try {
            BigDecimal value = new BigDecimal(literal);
            if (Math.abs((long) value.scale()) <= MAX_EXPONENT + MAX_LITERAL_LENGTH) {
                return value;
            }
        } catch (NumberFormatException exponentBeyond32Bits) {
            // told below, like a smaller one
        }
        throw new ArithmeticException("the exponent of " + literal + " is too large to calculate with");
    }

    public double toDouble() {
        return Double.parseDouble(literal);
    }

    /** The value where it is an integer of 64 bits, however it was written ({@code 1.0}, {@code 1e3}). */
    public OptionalLong toLong() {
        if (literal.length() <= 18 && literal.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9')) {
            return OptionalLong.of(Long.parseLong(literal));
        }
        try {
            return OptionalLong.of(toBigDecimal().longValueExact());
        } catch (ArithmeticException notAnInteger) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String toString() {
        return literal;
    }
}
