package io.aviladb.core.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TupleEncodingProperties {
    private static final int RUNS = 20_000;
    private static final long SEED = Long.getLong("avila.seed", 1);
    private static final String[] PIECES = {"", "\0", "a", "\0\u0001", "b", "\u00ff", "é", "漢", "😀", "a\0"};
    private static final String[] NUMBERS = {"0", "-0.0", "-1", "1", "1.0", "1.5", "9007199254740992", "9007199254740993",
            "-9007199254740993", "9223372036854775807", "9223372036854775806", "-9223372036854775808", "1e300", "-1e300", "4.9e-324", "0.1",
            "1e3", "9.223372036854776E18", "1e19"};

    private final Random random = new Random(SEED);

    private JsonValue value() {
        switch (random.nextInt(4)) {
            case 0 :
                return JsonBoolean.of(random.nextBoolean());
            case 1 :
                return random.nextBoolean() ? new JsonNumber(NUMBERS[random.nextInt(NUMBERS.length)]) : JsonNumber.of(random.nextLong());
            case 2 :
                return JsonNumber.of(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            default :
                StringBuilder text = new StringBuilder();
                for (int count = random.nextInt(4); count > 0; count--) {
                    text.append(PIECES[random.nextInt(PIECES.length)]);
                }
                return new JsonString(text.toString());
        }
    }

    /** The order that the encoding promises: booleans, numbers by value, strings by their UTF-8. */
    private static int compare(JsonValue a, JsonValue b) {
        int kinds = Integer.compare(kind(a), kind(b));
        if (kinds != 0) {
            return kinds;
        }
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return x.toBigDecimal().compareTo(y.toBigDecimal());
        }
        if (a instanceof JsonString x && b instanceof JsonString y) {
            return Arrays.compareUnsigned(x.value().getBytes(StandardCharsets.UTF_8), y.value().getBytes(StandardCharsets.UTF_8));
        }
        return Boolean.compare(((JsonBoolean) a).value(), ((JsonBoolean) b).value());
    }

    private static int kind(JsonValue value) {
        return value instanceof JsonBoolean ? 0 : value instanceof JsonNumber ? 1 : 2;
    }

    private static byte[] encode(List<JsonValue> values) {
        ByteWriter out = new ByteWriter();
        values.forEach(value -> TupleEncoding.append(out, value));
        return out.toByteArray();
    }

    private List<JsonValue> tuple(int most) {
        List<JsonValue> values = new ArrayList<>();
        for (int count = 1 + random.nextInt(most); count > 0; count--) {
            values.add(value());
        }
        return values;
    }

    private static int compare(List<JsonValue> a, List<JsonValue> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    @Test
    void bytesAreOrderedAsValuesAre() {
        for (int i = 0; i < RUNS; i++) {
            List<JsonValue> a = tuple(3);
            List<JsonValue> b = random.nextInt(3) == 0 ? new ArrayList<>(a) : tuple(3);
            if (random.nextBoolean()) {
                b.set(b.size() - 1, value());
            }
            assertThat(Integer.signum(Arrays.compareUnsigned(encode(a), encode(b)))).as("seed %s run %s: %s and %s", SEED, i, a, b)
                    .isEqualTo(Integer.signum(compare(a, b)));
        }
    }

    @Test
    void whatIsEncodedIsDecoded() {
        for (int i = 0; i < RUNS; i++) {
            List<JsonValue> values = tuple(5);
            byte[] bytes = encode(values);
            List<JsonValue> back = TupleEncoding.decode(bytes, 0, bytes.length);
            assertThat(compare(values, back)).as("seed %s run %s: %s became %s", SEED, i, values, back).isZero();
            assertThat(encode(back)).isEqualTo(bytes);
        }
    }

    @Test
    void aPrefixIsOneInterval() {
        PartitionStrategy strategy = new PartitionStrategy.Fields(List.of(level("a", false), level("b", true), level("c", false)));
        for (int run = 0; run < 40; run++) {
            List<JsonValue> firsts = List.of(value(), value(), value());
            TreeSet<DocumentKey> keys = new TreeSet<>();
            for (int i = 0; i < 200; i++) {
                List<JsonValue> values = List.of(firsts.get(random.nextInt(3)), firsts.get(random.nextInt(3)), value());
                keys.add(DocumentKey.of(7, strategy, values, "id" + i));
            }
            for (List<JsonValue> prefix : List.of(List.of(firsts.get(0)), List.of(firsts.get(0), firsts.get(1)))) {
                KeyRange interval = DocumentKey.prefix(7, strategy, prefix);
                int changes = 0;
                boolean inside = false;
                for (DocumentKey key : keys) {
                    List<JsonValue> values = TupleEncoding.decode(key.bytes(), 4, key.bytes().length);
                    boolean matches = compare(values.subList(0, prefix.size()), prefix) == 0;
                    assertThat(interval.contains(key)).as("seed %s run %s", SEED, run).isEqualTo(matches);
                    changes += matches != inside ? 1 : 0;
                    inside = matches;
                }
                assertThat(changes).isLessThanOrEqualTo(2);
            }
        }
    }

    private static PartitionStrategy.Level level(String field, boolean hashed) {
        return new PartitionStrategy.Level(FieldPath.of(field), hashed);
    }

    @Test
    void equalNumbersHaveEqualBytesHoweverTheyAreWritten() {
        assertThat(encode(List.of(new JsonNumber("1")))).isEqualTo(encode(List.of(new JsonNumber("1.0"))));
        assertThat(encode(List.of(new JsonNumber("1e3")))).isEqualTo(encode(List.of(new JsonNumber("1000"))));
        assertThat(encode(List.of(new JsonNumber("-0.0")))).isEqualTo(encode(List.of(new JsonNumber("0"))));
    }

    @Test
    void whatCantBeAKeyIsRefused() {
        for (JsonValue value : List.of(JsonNull.NULL, JsonArray.EMPTY, JsonObject.EMPTY,
                new JsonNumber("1e400"), new JsonNumber("0e99999999999"), new JsonNumber("1e-99999999999"),
                new JsonNumber("0.1000000000000000000000001"), new JsonNumber("1e999999999"))) {
            assertThatThrownBy(() -> encode(List.of(value))).as("%s", value).isInstanceOfSatisfying(AvilaError.class,
                    error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARTITION_KEY));
        }
    }

    @Test
    void hashedLevelsKeepEqualValuesTogetherAndTheirValue() {
        ByteWriter one = new ByteWriter();
        ByteWriter two = new ByteWriter();
        TupleEncoding.appendHashed(one, JsonNumber.of(7));
        TupleEncoding.appendHashed(two, new JsonNumber("7.0"));
        assertThat(one.toByteArray()).isEqualTo(two.toByteArray());
        assertThat(TupleEncoding.decode(one.toByteArray(), 0, one.length())).containsExactly(JsonNumber.of(7));
    }

    @Test
    void damagedKeysAreFound() {
        byte[] bytes = encode(List.of(new JsonString("a\0b"), JsonNumber.of(1)));
        for (int end = 1; end < bytes.length; end++) {
            int cut = end;
            boolean whole = cut == encode(List.of(new JsonString("a\0b"))).length || bytes[cut] == (byte) 0xFF; // "a" and its end
            if (!whole) {
                assertThatThrownBy(() -> TupleEncoding.decode(bytes, 0, cut)).as("cut at %s", cut)
                        .isInstanceOf(MalformedBytesException.class);
            }
        }
        assertThatThrownBy(() -> TupleEncoding.decode(new byte[]{0x7F}, 0, 1)).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void partitionHashIsPinned() {
        // The known answers of XXH3 (64 bits, seed 0), low 32 bits. A change of these moves stored documents.
        assertThat(hash("")).isEqualTo(0x38d394c2); // 2d06800538d394c2
        assertThat(hash("a")).isEqualTo(0x1e964e1f); // e6c632b61e964e1f
        assertThat(hash("abc")).isEqualTo(0x892f3950); // 78af5f94892f3950
    }

    private static int hash(String text) {
        return PartitionHash.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
