package io.aviladb.query.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Parser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final JsonValue DOCUMENT = json(
            """
                    {"n":7,"d":2.5,"s":"abc","t":true,"z":null,"big":9223372036854775807,"one":1.0,
                     "a":[1,2,3],"o":{"x":{"y":"deep"}},"items":[{"k":"p","q":2},{"k":"r","q":5},{"k":"p","q":1}],"when":"2026-02-28T23:30:15Z"}""");

    private static JsonValue json(String text) {
        return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable JsonValue evaluate(String text) {
        Scope scope = new Scope();
        int slot = scope.document("doc");
        Evaluator evaluator = new ExpressionCompiler(scope).compile(Parser.expression(text));
        Frame frame = new Frame(scope.slots(), Bindings.of(Set.of(), Map.of(), Instant.EPOCH));
        frame.set(slot, DOCUMENT);
        return evaluator.evaluate(frame);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            n + 1                    | 8
            n / 2                    | 3.5
            6 / 3                    | 2
            n % 4                    | 3
            n / 0                    | missing
            d * 2                    | 5
            0.1 + 0.2                | 0.30000000000000004
            big + 1                  | 9223372036854775808
            -big - 1                 | -9223372036854775808
            one + 1                  | 2
            n + s                    | missing
            n + z                    | null
            nothing + z              | missing
            o.x.y                    | "deep"
            o['x'].y                 | "deep"
            a[1]                     | 2
            a[9]                     | missing
            a[-1]                    | missing
            one = 1                  | true
            n = '7'                  | false
            n != '7'                 | true
            n < 'a'                  | false
            n > 'a'                  | false
            z = null                 | null
            nothing = 1              | missing
            NOT (nothing = 5)        | missing
            nothing != 5             | missing
            nothing = 1 AND false    | false
            nothing = 1 OR true      | true
            nothing = 1 AND true     | missing
            z AND true               | null
            NOT s                    | missing
            z IS NULL                | true
            nothing IS NULL          | false
            nothing IS MISSING       | true
            z IS DEFINED             | true
            n IN (1, 7)              | true
            n IN a                   | false
            2 IN a                   | true
            n IN (1, null)           | null
            n NOT IN (1, 2)          | true
            nothing IN (1)           | missing
            n BETWEEN 5 AND 7        | true
            n NOT BETWEEN 5 AND 7    | false
            s LIKE 'a%'              | true
            s LIKE '_b_'             | true
            s LIKE '%c%'             | true
            s LIKE 'A%'              | false
            '50%' LIKE '50!%' ESCAPE '!' | true
            '505' LIKE '50!%' ESCAPE '!' | false
            n LIKE '7'               | false
            CASE WHEN n > 5 THEN 'big' ELSE 'small' END | "big"
            [n, nothing, s]          | [7,"abc"]
            {'a': n, b: nothing}     | {"a":7}
            a = [1, 2.0, 3]          | true
            UPPER(s)                 | "ABC"
            LENGTH('é🎮')            | 2
            SUBSTRING('a🎮bc', 1, 2) | "🎮b"
            RIGHT(s, 2)              | "bc"
            CONTAINS(s, 'b')         | true
            SPLIT('a,b,', ',')       | ["a","b",""]
            REPLACE(s, 'b', 'xx')    | "axxc"
            CONCAT(s, '-', s)        | "abc-abc"
            ABS(-n)                  | 7
            ROUND(2.345, 2)          | 2.35
            ROUND(-2.5)              | -3
            FLOOR(d)                 | 2
            CEIL(d)                  | 3
            POWER(2, 10)             | 1024
            SQRT(-1)                 | missing
            ARRAY_LENGTH(a)          | 3
            ARRAY_CONTAINS(a, 2.0)   | true
            ARRAY_UNION(a, [3, 4])   | [1,2,3,4]
            ARRAY_SLICE(a, 1)        | [2,3]
            TYPE_OF(nothing)         | "missing"
            IS_INTEGER(one)          | true
            COALESCE(nothing, z, n)  | 7
            COALESCE(nothing, z)     | null
            IF_MISSING(nothing, 0)   | 0
            GREATEST(1, 3, 2)        | 3
            TO_NUMBER('12.5')        | 12.5
            TO_STRING(n)             | "7"
            DATE_PART('month', when) | 2
            DATE_ADD('day', 1, when) | "2026-03-01T23:30:15Z"
            DATE_TRUNC('month', when) | "2026-02-01T00:00:00Z"
            DATE_DIFF('hour', '2026-02-28', when) | 23
            TO_MILLIS('1970-01-01T01:00:00+01:00') | 0
            DATE_PART('year', s)     | missing
            NOW()                    | "1970-01-01T00:00:00Z"
            EXISTS(SELECT * FROM i IN items WHERE i.q > 4)          | true
            EXISTS(SELECT * FROM items i WHERE i.q > 9)             | false
            ARRAY(SELECT VALUE i.q FROM items i WHERE i.k = 'p' ORDER BY i.q) | [1,2]
            ARRAY(SELECT DISTINCT VALUE i.k FROM items i LIMIT 1 OFFSET 1)    | ["r"]
            ARRAY(SELECT i.k AS name FROM items i ORDER BY i.q DESC LIMIT 1)  | [{"name":"r"}]
            """)
    void comesTo(String text, String expected) {
        JsonValue value = evaluate(text);
        assertThat(value == null ? "missing" : value.toJson()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            LENGHT(s)       | at 1:1: there is no function LENGHT; did you mean LENGTH?
            LENGTH(s, s)    | at 1:1: LENGTH takes 1 arguments, not 2
            SUM(n)          | at 1:1: SUM is an aggregate
            UPPER(*)        | at 1:1: UPPER is no aggregate
            {a: 1, 'a': 2}  | at 1:1: the member 'a' stands twice
            ARRAY(SELECT * FROM items i GROUP BY i.k) | at 1:7: a subquery has no GROUP BY
            """)
    void refusesWhatMeansNothing(String text, String message) {
        AvilaError error = catchThrowableOfType(AvilaError.class, () -> evaluate(text));
        assertThat(error.code()).isEqualTo(ErrorCode.QUERY_INVALID);
        assertThat(error.detail()).startsWith(message);
    }

    @Test
    void stringsAreJoinedAndOnlyThey() {
        assertThat(evaluate("s || 'd'")).isEqualTo(new JsonString("abcd"));
        assertThat(evaluate("s || n")).isNull();
    }

    @Test
    void parametersAreCheckedBothWays() {
        Map<String, JsonValue> values = Map.of("min", JsonNumber.of(1));
        assertThat(catchThrowableOfType(AvilaError.class, () -> Bindings.of(Set.of("mim"), values, Instant.EPOCH)).detail())
                .isEqualTo("@mim has no value; did you mean min?");
        assertThat(catchThrowableOfType(AvilaError.class, () -> Bindings.of(Set.of(), values, Instant.EPOCH)).detail())
                .isEqualTo("no @min stands in the statement");
        JsonArray long1 = new JsonArray(java.util.Collections.nCopies(10_001, JsonNumber.of(1)));
        assertThat(catchThrowableOfType(AvilaError.class, () -> Bindings.of(Set.of("a"), Map.of("a", long1), Instant.EPOCH)).code())
                .isEqualTo(ErrorCode.QUERY_PARAMETER);
    }

    /** Every function with any values of the right number: an answer, never an exception. */
    @Test
    void functionsAreTotal() {
        long seed = Long.getLong("aviladb.query.seed", System.nanoTime());
        Random random = new Random(seed);
        Frame frame = new Frame(1, Bindings.of(Set.of(), Map.of(), Instant.EPOCH));
        for (String name : Functions.names().stream().sorted().toList()) {
            ScalarFunction function = Functions.find(name).orElseThrow();
            for (int i = 0; i < 2_000; i++) {
                int count = function.least() + random.nextInt(Math.min(3, function.most() - function.least() + 1));
                java.util.List<@Nullable JsonValue> arguments = new java.util.ArrayList<>();
                for (int n = 0; n < count; n++) {
                    arguments.add(random.nextInt(6) == 0 ? new JsonString("2026-02-28") : RandomValues.any(random, 2));
                }
                String call = "seed " + seed + ": " + name + arguments;
                org.assertj.core.api.Assertions.assertThatCode(() -> function.apply(arguments, frame)).as(call).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void patternsNeedNoBacktracking() {
        String text = "a".repeat(20_000);
        assertThat(LikePattern.matches(text, "%a".repeat(30) + "%b")).isFalse();
    }
}
