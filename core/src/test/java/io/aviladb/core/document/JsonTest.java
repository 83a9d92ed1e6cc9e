package io.aviladb.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static JsonValue parse(String text) {
        return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void isRefused(ErrorCode code, String text) {
        isRefused(code, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void isRefused(ErrorCode code, byte[] text) {
        assertThatThrownBy(() -> JsonParser.parse(text)).as(new String(text, StandardCharsets.UTF_8))
                .isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void numbersKeepTheirDigits() {
        for (String digits : List.of("9007199254740993", "1e400", "1.10", "-0", "-0.0", "1E+2", "0.1e-7",
                "123456789012345678901234567890")) {
            assertThat(parse("[" + digits + "]").toJson()).isEqualTo("[" + digits + "]");
        }
    }

    @Test
    void membersKeepTheirOrderAndWhiteSpaceGoes() {
        assertThat(parse(" { \"z\" : 1 , \"a\" : [ true , null ] ,\n\"m\":{ } } ").toJson())
                .isEqualTo("{\"z\":1,\"a\":[true,null],\"m\":{}}");
        assertThat(parse("{\"a\":1,\"b\":2}")).isNotEqualTo(parse("{\"b\":2,\"a\":1}"));
    }

    @Test
    void stringsTakeTheShortestEscapes() {
        assertThat(parse("\"\\u0041\\/\\u00e9\\u0000\\t\\ud83d\\ude00\\\"\\\\\"").toJson()).isEqualTo("\"A/é\\u0000\\t😀\\\"\\\\\"");
    }

    @Test
    void writtenTextReadsAsTheSameValue() {
        long seed = Long.getLong("avila.seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            JsonValue value = random(random, 4);
            byte[] bytes = value.toJsonBytes();
            assertThat(JsonParser.parse(bytes)).as("seed %s run %s: %s", seed, i, value).isEqualTo(value);
            assertThat(new String(bytes, StandardCharsets.UTF_8)).as("seed %s run %s", seed, i).isEqualTo(value.toJson());
        }
    }

    private static JsonValue random(Random random, int depth) {
        switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 :
                return random.nextBoolean() ? JsonNull.NULL : JsonBoolean.of(random.nextBoolean());
            case 1 :
                return JsonNumber.of(random.nextLong() >> random.nextInt(64));
            case 2 :
                return JsonNumber.of(random.nextGaussian() * 1e9);
            case 3 :
                return new JsonString(text(random));
            case 4 :
                List<JsonValue> elements = new ArrayList<>();
                for (int count = random.nextInt(4); count > 0; count--) {
                    elements.add(random(random, depth - 1));
                }
                return new JsonArray(elements);
            default :
                LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
                for (int count = random.nextInt(5); count > 0; count--) {
                    members.put(text(random), random(random, depth - 1));
                }
                return new JsonObject(members);
        }
    }

    private static String text(Random random) {
        int[] points = random.ints(random.nextInt(40), 0, 6)
                .map(kind -> kind == 0
                        ? random.nextInt(0x20)
                        : kind == 1
                                ? 0x10000 + random.nextInt(0x1000)
                                : kind == 2
                                        ? 0x80 + random.nextInt(0x700)
                                        : kind == 3 ? 0x800 + random.nextInt(0x1000) : 0x20 + random.nextInt(0x60))
                .toArray();
        return new String(points, 0, points.length);
    }

    @Test
    void nestingStopsAt128() {
        assertThat(parse("[".repeat(128) + "]".repeat(128)).toJson()).hasSize(256);
        isRefused(ErrorCode.TOO_DEEP, "[".repeat(129) + "]".repeat(129));
        isRefused(ErrorCode.TOO_DEEP, "{\"a\":".repeat(129) + "1" + "}".repeat(129));
        isRefused(ErrorCode.TOO_DEEP, "[".repeat(100_000));
    }

    @Test
    void duplicateMembersAreRefused() {
        isRefused(ErrorCode.DUPLICATE_MEMBER, "{\"a\":1,\"a\":2}");
        isRefused(ErrorCode.DUPLICATE_MEMBER, "{\"x\":{\"a\":null,\"\\u0061\":2}}");
    }

    @Test
    void loneSurrogatesAreRefused() {
        isRefused(ErrorCode.MALFORMED_JSON, "[\"\\ud83d\"]");
        isRefused(ErrorCode.MALFORMED_JSON, "[\"\\ude00\\ud83d\"]");
        isRefused(ErrorCode.MALFORMED_JSON, "{\"\\ud83d\":1}");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        for (String text : List.of("", " ", "{", "{\"a\"}", "[1,]", "[01]", "[.5]", "[1.]", "[+1]", "[NaN]", "{a:1}", "['a']", "[1] 2",
                "[1]]",
                "\"a", "[\"\t\"]", "nul", "/**/[]", "[1e]", "[-]")) {
            isRefused(ErrorCode.MALFORMED_JSON, text);
        }
        isRefused(ErrorCode.MALFORMED_JSON, "[" + "1".repeat(1_001) + "]");
    }

    @Test
    void whatIsNoJsonIsToldWithoutTheLibrarysOwnNotes() {
        for (String text : List.of("{\"a\":1", "[1", "\"a", "{a:1}", "nul")) {
            assertThatThrownBy(() -> JsonParser.parse(text.getBytes(StandardCharsets.UTF_8))).as(text)
                    .hasMessageNotContainingAny("Source:", "REDACTED", "StreamReadFeature").hasMessageContaining("line 1, column");
        }
    }

    @Test
    void whatIsNoUtf8IsRefusedAndNotRepaired() {
        int[][] damaged = {{0xFF}, {0x80}, {0xC0, 0x80}, {0xC1, 0xBF}, {0xE0, 0x9F, 0xBF}, {0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80},
                {0xF0, 0x8F, 0xBF, 0xBF},
                {0xF4, 0x90, 0x80, 0x80}, {0xF8, 0x88, 0x80, 0x80, 0x80}, {0xC3}, {0xE2, 0x82}, {0xF0, 0x9F, 0x98}};
        for (int[] bytes : damaged) {
            byte[] text = new byte[bytes.length + 4];
            text[0] = '[';
            text[1] = '"';
            for (int i = 0; i < bytes.length; i++) {
                text[i + 2] = (byte) bytes[i];
            }
            text[bytes.length + 2] = '"';
            text[bytes.length + 3] = ']';
            isRefused(ErrorCode.MALFORMED_JSON, text);
        }
        isRefused(ErrorCode.MALFORMED_JSON, new byte[]{(byte) 0xFE, (byte) 0xFF, 0, '['});
        isRefused(ErrorCode.MALFORMED_JSON, "[1]".getBytes(StandardCharsets.UTF_16LE));
    }

    @Test
    void aDocumentIsAnObjectWithinTheLimit() {
        assertThatThrownBy(() -> Document.parse("[]".getBytes(StandardCharsets.UTF_8))).isInstanceOfSatisfying(AvilaError.class,
                error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_AN_OBJECT));
        String full = "{\"a\":\"" + "x".repeat(Limits.MAX_DOCUMENT_BYTES - 8) + "\"}";
        assertThat(Document.parse(full.getBytes(StandardCharsets.UTF_8)).sizeBytes()).isEqualTo(Limits.MAX_DOCUMENT_BYTES);
        assertThatThrownBy(() -> Document.parse(full.replace("{\"a\"", "{\"ab\"").getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.DOCUMENT_TOO_LARGE));
        assertThat(Document.parse("{ \"a\" : { \"b\" : 1 } }".getBytes(StandardCharsets.UTF_8)).at(FieldPath.of("a", "b")))
                .contains(JsonNumber.of(1));
    }

    @Test
    void numbersCalculateExactlyAndEqualOnesAreWrittenAlike() {
        assertThat(JsonNumber.of(new BigDecimal("1.100"))).isEqualTo(JsonNumber.of(new BigDecimal("1.1")));
        assertThat(JsonNumber.of(new BigDecimal("1E+3")).literal()).isEqualTo("1000");
        assertThat(new JsonNumber("1e3").toLong()).hasValue(1000);
        assertThat(new JsonNumber("9223372036854775808").toLong()).isEmpty();
        assertThat(new JsonNumber("1.5").toLong()).isEmpty();
        assertThatThrownBy(() -> new JsonNumber("1e99999999").toBigDecimal()).isInstanceOf(ArithmeticException.class);
        for (String text : List.of("01", "", "-", "1.", ".5", "1e", "1e+", "+1", "1 ", "-01", "0x1", "1.5.5", "1e1.5", "\u0661")) {
            assertThatThrownBy(() -> new JsonNumber(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> JsonNumber.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pathsAreJsonPointers() {
        for (String path : List.of("", "/a", "/a~1b/~0", "/", "//x", "/ü/0")) {
            assertThat(FieldPath.parse(path)).hasToString(path);
        }
        for (String path : List.of("a", "/~", "/~2")) {
            assertThatThrownBy(() -> FieldPath.parse(path)).as(path).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(FieldPath.of("a").contains(FieldPath.of("a", "b"))).isTrue();
        assertThat(FieldPath.of("a").contains(FieldPath.of("ab"))).isFalse();
    }

    @Test
    void aNumberIsKeptWhateverItsExponentAndSaysWhereItCannotBeCalculatedWith() {
        for (String literal : List.of("1e10001234", "-1E-99999999999", "1.5e+2147483648", "0e" + "9".repeat(900))) {
            JsonNumber number = new JsonNumber(literal);
            assertThat(number.toJson()).isEqualTo(literal);
            assertThat(number.toLong()).isEmpty();
            assertThatThrownBy(number::toBigDecimal).isInstanceOf(ArithmeticException.class);
        }
    }
}
