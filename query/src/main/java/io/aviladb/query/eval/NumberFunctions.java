package io.aviladb.query.eval;

import io.aviladb.core.document.Decimal;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions of numbers. Integers stay as they are; what isn't a number makes the result missing. */
final class NumberFunctions {
    private static final int MAX_DIGITS = 300;

    static final List<ScalarFunction> ALL = List.of(
            number("ABS", number -> number.literal().startsWith("-") ? Numbers.negate(number) : number),
            number("SIGN", number -> JsonNumber.of(Decimal.of(number.literal()).sign())), rounding("FLOOR", Math::floor),
            rounding("CEIL", Math::ceil), new ScalarFunction("ROUND", 1, 2, true, true, (arguments, frame) -> round(arguments)),
            number("SQRT", number -> Numbers.of(Math.sqrt(number.toDouble()))),
            number("EXP", number -> Numbers.of(StrictMath.exp(number.toDouble()))),
            number("LN", number -> Numbers.of(StrictMath.log(number.toDouble()))),
            number("LOG10", number -> Numbers.of(StrictMath.log10(number.toDouble()))),
            new ScalarFunction("POWER", 2, 2, true, true, (arguments, frame) -> power(arguments)));

    private NumberFunctions() {
    }

    private static ScalarFunction number(String name, Function<JsonNumber, @Nullable JsonValue> body) {
        return new ScalarFunction(name, 1, 1, true, true,
                (arguments, frame) -> arguments.get(0) instanceof JsonNumber number ? body.apply(number) : null);
    }

    private static ScalarFunction rounding(String name, DoubleUnaryOperator body) {
        return number(name, number -> Numbers.exactLong(number).isPresent() ? number : Numbers.of(body.applyAsDouble(number.toDouble())));
    }

    private static @Nullable JsonValue power(List<? extends @Nullable JsonValue> arguments) {
        return arguments.get(0) instanceof JsonNumber base && arguments.get(1) instanceof JsonNumber exponent
                ? Numbers.of(StrictMath.pow(base.toDouble(), exponent.toDouble()))
                : null;
    }

    /** Half away from zero, at the decimal place given. */
    private static @Nullable JsonValue round(List<? extends @Nullable JsonValue> arguments) {
        OptionalLong places = arguments.size() == 2 ? StringFunctions.whole(arguments.get(1)) : OptionalLong.of(0);
        if (!(arguments.get(0) instanceof JsonNumber number) || places.isEmpty() || Math.abs(places.getAsLong()) > MAX_DIGITS
                || !Double.isFinite(number.toDouble())) {
            return null;
        }
        if (places.getAsLong() >= 0 && Numbers.exactLong(number).isPresent()) {
            return number;
        }
        BigDecimal rounded = new BigDecimal(Double.toString(number.toDouble())).setScale((int) places.getAsLong(), RoundingMode.HALF_UP);
        return Numbers.of(rounded.doubleValue());
    }
}
