package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions of strings. Positions count code points from 0; what isn't a string makes the result missing. */
final class StringFunctions {
    private static final int MAX_RESULT = 4_194_304;

    static final List<ScalarFunction> ALL = List.of(text("LOWER", string -> new JsonString(string.toLowerCase(Locale.ROOT))),
            text("UPPER", string -> new JsonString(string.toUpperCase(Locale.ROOT))),
            text("TRIM", string -> new JsonString(string.strip())),
            text("LTRIM", string -> new JsonString(string.stripLeading())),
            text("RTRIM", string -> new JsonString(string.stripTrailing())),
            text("LENGTH", string -> JsonNumber.of(string.codePointCount(0, string.length()))),
            text("REVERSE", string -> new JsonString(new StringBuilder(string).reverse().toString())),
            texts("CONTAINS", (string, part) -> JsonBoolean.of(string.contains(part))),
            texts("STARTS_WITH", (string, part) -> JsonBoolean.of(string.startsWith(part))),
            texts("ENDS_WITH", (string, part) -> JsonBoolean.of(string.endsWith(part))),
            texts("INDEX_OF", (string, part) -> indexOf(string, part)), texts("SPLIT", StringFunctions::split),
            function("CONCAT", 1, Integer.MAX_VALUE, StringFunctions::concat), function("REPLACE", 3, 3, StringFunctions::replace),
            function("SUBSTRING", 2, 3, StringFunctions::substring), function("LEFT", 2, 2, StringFunctions::left),
            function("RIGHT", 2, 2, StringFunctions::right));

    private StringFunctions() {
    }

    private static ScalarFunction function(String name, int least, int most,
            Function<List<@Nullable JsonValue>, @Nullable JsonValue> body) {
        return new ScalarFunction(name, least, most, true, true, (arguments, frame) -> body.apply(arguments));
    }

    private static ScalarFunction text(String name, Function<String, JsonValue> body) {
        return function(name, 1, 1, arguments -> arguments.get(0) instanceof JsonString string ? body.apply(string.value()) : null);
    }

    private static ScalarFunction texts(String name, BiFunction<String, String, @Nullable JsonValue> body) {
        return function(name, 2, 2, arguments -> arguments.get(0) instanceof JsonString a && arguments.get(1) instanceof JsonString b
                ? body.apply(a.value(), b.value())
                : null);
    }

    private static JsonValue indexOf(String string, String part) {
        int at = string.indexOf(part);
        return JsonNumber.of(at < 0 ? -1 : string.codePointCount(0, at));
    }

    private static @Nullable JsonValue split(String string, String separator) {
        if (separator.isEmpty()) {
            return null;
        }
        List<JsonValue> parts = new ArrayList<>();
        int from = 0;
        for (int at = string.indexOf(separator); at >= 0; at = string.indexOf(separator, from)) {
            parts.add(new JsonString(string.substring(from, at)));
            from = at + separator.length();
        }
        parts.add(new JsonString(string.substring(from)));
        return new JsonArray(parts);
    }

    /** Missing where the result would be longer than a document. */
    static @Nullable JsonValue concat(List<@Nullable JsonValue> parts) {
        StringBuilder out = new StringBuilder();
        for (JsonValue part : parts) {
            if (!(part instanceof JsonString string) || out.length() + string.value().length() > MAX_RESULT) {
                return null;
            }
            out.append(string.value());
        }
        return new JsonString(out.toString());
    }

    private static @Nullable JsonValue replace(List<@Nullable JsonValue> arguments) {
        if (arguments.get(0) instanceof JsonString string && arguments.get(1) instanceof JsonString old
                && arguments.get(2) instanceof JsonString replacement && !old.value().isEmpty()) {
            long longest = (long) string.value().length() / old.value().length() * replacement.value().length() + string.value().length();
            return longest > MAX_RESULT ? null : new JsonString(string.value().replace(old.value(), replacement.value()));
        }
        return null;
    }

    private static @Nullable JsonValue substring(List<@Nullable JsonValue> arguments) {
        OptionalLong from = whole(arguments.get(1));
        OptionalLong count = arguments.size() == 3 ? whole(arguments.get(2)) : OptionalLong.of(Integer.MAX_VALUE);
        return arguments.get(0) instanceof JsonString string && from.isPresent() && count.isPresent()
                ? part(string.value(), from.getAsLong(), count.getAsLong())
                : null;
    }

    private static @Nullable JsonValue left(List<@Nullable JsonValue> arguments) {
        OptionalLong count = whole(arguments.get(1));
        return arguments.get(0) instanceof JsonString string && count.isPresent() ? part(string.value(), 0, count.getAsLong()) : null;
    }

    private static @Nullable JsonValue right(List<@Nullable JsonValue> arguments) {
        OptionalLong count = whole(arguments.get(1));
        if (!(arguments.get(0) instanceof JsonString string) || count.isEmpty()) {
            return null;
        }
        int length = string.value().codePointCount(0, string.value().length());
        return part(string.value(), length - Math.clamp(count.getAsLong(), 0, length), length);
    }

    private static JsonValue part(String string, long from, long count) {
        int length = string.codePointCount(0, string.length());
        int start = Math.clamp(from, 0, length);
        int end = Math.clamp((long) start + Math.clamp(count, 0, Integer.MAX_VALUE), start, length);
        return new JsonString(string.substring(string.offsetByCodePoints(0, start), string.offsetByCodePoints(0, end)));
    }

    static OptionalLong whole(@Nullable JsonValue value) {
        return value instanceof JsonNumber number ? Numbers.exactLong(number) : OptionalLong.empty();
    }
}
