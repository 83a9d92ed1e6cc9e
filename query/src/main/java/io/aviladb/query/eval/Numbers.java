package io.aviladb.query.eval;

import io.aviladb.core.document.Decimal;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.language.Expression.BinaryOperator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic. 64-bit integers (however written: {@code 1.0} is one) calculate exactly, and what grows beyond 64 bits keeps all its digits; everything
 * else calculates as doubles. What has no finite result is missing.
 */
final class Numbers {
    private static final int EXACT_PARSE = 18;

    private Numbers() {
    }

    /** The number where it is an integer of 64 bits. */
    static OptionalLong exactLong(JsonNumber number) {
        String literal = number.literal();
        if (literal.length() > EXACT_PARSE && Decimal.of(literal).point() > 19) {
            return OptionalLong.empty();
        }
        if (literal.length() > EXACT_PARSE || literal.indexOf('e') >= 0 || literal.indexOf('E') >= 0 || literal.indexOf('.') >= 0) {
            return slowLong(literal);
        }
        return OptionalLong.of(Long.parseLong(literal));
    }

    private static OptionalLong slowLong(String literal) {
        Decimal decimal = Decimal.of(literal);
        if (decimal.sign() == 0) {
            return OptionalLong.of(0);
        } else if (decimal.point() > 19 || decimal.digits().length() > decimal.point()) {
            return OptionalLong.empty();
        }
        BigInteger whole = new BigInteger(decimal.digits()).multiply(BigInteger.TEN.pow((int) decimal.point() - decimal.digits().length()));
        BigInteger signed = decimal.sign() < 0 ? whole.negate() : whole;
        return signed.bitLength() < Long.SIZE ? OptionalLong.of(signed.longValue()) : OptionalLong.empty();
    }

    /** The missing value where either isn't a number, or the result isn't finite. */
    static @Nullable JsonValue calculate(BinaryOperator operator, JsonValue left, JsonValue right) {
        if (!(left instanceof JsonNumber a) || !(right instanceof JsonNumber b)) {
            return null;
        }
        OptionalLong x = exactLong(a);
        OptionalLong y = exactLong(b);
        return x.isPresent() && y.isPresent()
                ? integers(operator, x.getAsLong(), y.getAsLong())
                : of(doubles(operator, a.toDouble(), b.toDouble()));
    }

    private static @Nullable JsonValue integers(BinaryOperator operator, long x, long y) {
        BigInteger a = BigInteger.valueOf(x);
        BigInteger b = BigInteger.valueOf(y);
        return switch (operator) {
            case ADD -> small(x) && small(y) ? JsonNumber.of(x + y) : whole(a.add(b));
            case SUBTRACT -> small(x) && small(y) ? JsonNumber.of(x - y) : whole(a.subtract(b));
            case MULTIPLY -> small(x) && small(y) ? JsonNumber.of(x * y) : whole(a.multiply(b));
            case DIVIDE -> y == 0 ? null : x % y == 0 ? whole(a.divide(b)) : quotient(x, y);
            case REMAINDER -> y == 0 ? null : JsonNumber.of(x % y);
            default -> throw new IllegalArgumentException(operator + " doesn't calculate");
        };
    }

    private static boolean small(long value) {
        return value == (int) value;
    }

    private static @Nullable JsonValue quotient(long x, long y) {
        return of(BigDecimal.valueOf(x).divide(BigDecimal.valueOf(y), MathContext.DECIMAL128).doubleValue());
    }

    private static double doubles(BinaryOperator operator, double x, double y) {
        return switch (operator) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case REMAINDER -> x % y;
            default -> throw new IllegalArgumentException(operator + " doesn't calculate");
        };
    }

    static @Nullable JsonValue negate(JsonNumber number) {
        OptionalLong whole = exactLong(number);
        return whole.isPresent() ? whole(BigInteger.valueOf(whole.getAsLong()).negate()) : of(-number.toDouble());
    }

    static JsonNumber whole(BigInteger value) {
        return new JsonNumber(value.toString());
    }

    /** Missing for NaN and the infinities; an integer without a fraction, so that 4.5 + 4.5 is 9. */
    static @Nullable JsonValue of(double value) {
        if (!Double.isFinite(value)) {
            return null;
        }
        long whole = (long) value;
        return whole == value && Math.abs(value) < 1L << 53 ? JsonNumber.of(whole) : JsonNumber.of(value);
    }
}
