package io.aviladb.router.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** {@code -Daviladb.msgpack.seed=N} repeats a run. */
class MessagePackProperties {
    private static final long SEED = Long.getLong("aviladb.msgpack.seed", System.nanoTime());
    private static final int VALUES = 2_000;
    private static final List<String> NUMBERS = List.of("0", "-0", "1", "-1", "9223372036854775807", "-9223372036854775808",
            "9223372036854775808", "18446744073709551616", "9007199254740993", "0.1", "0.10", "1e400", "-1.5e-7", "1e3",
            "123456789.123456789123");

    @Test
    void aValueComesBackAsTheSameValue() {
        Random random = new Random(SEED);
        for (int i = 0; i < VALUES; i++) {
            JsonValue value = value(random, 4);
            JsonValue back = JsonParser.parse(MessagePackBodies.toJson(MessagePackBodies.ofJson(value.toJsonBytes())));
            assertThat(normal(back)).as("seed %s", SEED).isEqualTo(normal(value));
        }
    }

    @Test
    void damagedBytesAreRefusedWithACodeOrMeanSomething() {
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < VALUES; i++) {
            byte[] bytes = MessagePackBodies.ofJson(value(random, 4).toJsonBytes());
            for (int change = random.nextInt(3) + 1; change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                JsonParser.parse(MessagePackBodies.toJson(bytes), JsonParser.MAX_NESTING + 2);
            } catch (AvilaError error) {
                assertThat(error.code()).as("seed %s", SEED).isIn(ErrorCode.MALFORMED_REQUEST, ErrorCode.DUPLICATE_MEMBER,
                        ErrorCode.TOO_DEEP);
                refused++;
            }
        }
        assertThat(refused).as("seed %s", SEED).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, INTEGER", "-7, INTEGER", "-0, FLOAT", "0.10, FLOAT", "1e3, FLOAT", "9223372036854775808, EXTENSION",
            "9223372036854775809, EXTENSION", "0.1234567890123456789, EXTENSION", "1e400, EXTENSION"})
    void numbersTravelAsWhatHoldsThemExactly(String digits, String type) throws IOException {
        try (var in = MessagePack.newDefaultUnpacker(MessagePackBodies.ofJson(new JsonNumber(digits).toJsonBytes()))) {
            assertThat(in.getNextFormat().getValueType().name()).isEqualTo(type);
        }
    }

    @Test
    void whatJsonCantSayIsRefused() throws IOException {
        refused(packer -> packer.packBinaryHeader(1).writePayload(new byte[]{1}), "binary");
        refused(packer -> packer.packDouble(Double.NaN), "NaN");
        refused(packer -> packer.packTimestamp(1), "extension type -1");
        refused(packer -> packer.packMapHeader(1).packInt(1).packInt(2), "String");
        refused(packer -> packer.packInt(1).packInt(2), "follow");
        refused(packer -> packer.packArrayHeader(Integer.MAX_VALUE), "");
        refused(packer -> packer.packRawStringHeader(2).writePayload(new byte[]{(byte) 0xC3, 0x28}), "");
    }

    @Test
    void depthAndDuplicatesHaveTheirOwnCodes() throws IOException {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packMapHeader(2).packString("a").packInt(1).packString("a").packInt(2);
            assertThatThrownBy(() -> MessagePackBodies.toJson(packer.toByteArray()))
                    .isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.DUPLICATE_MEMBER));
        }
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            for (int i = 0; i < 10_000; i++) {
                packer.packArrayHeader(1);
            }
            packer.packNil();
            assertThatThrownBy(() -> MessagePackBodies.toJson(packer.toByteArray()))
                    .isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.TOO_DEEP));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"application/msgpack | true", "application/x-msgpack, */* | true", "*/* | false",
            "application/json, application/msgpack | false", "application/msgpack, application/json | true",
            "application/json;q=0.5, application/vnd.msgpack | true", "application/msgpack;q=0 | false", "'' | false"})
    void theAcceptHeaderDecides(String accept, boolean packed) {
        assertThat(MessagePackBodies.isPreferred(accept)).isEqualTo(packed);
    }

    private interface Packing {
        void into(MessageBufferPacker packer) throws IOException;
    }

    private static void refused(Packing packing, String why) throws IOException {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packing.into(packer);
            assertThatThrownBy(() -> MessagePackBodies.toJson(packer.toByteArray())).isInstanceOfSatisfying(AvilaError.class,
                    error -> assertThat(error.code()).isEqualTo(ErrorCode.MALFORMED_REQUEST)).hasMessageContaining(why);
        }
    }

    /** Numbers by their value: a double has no trailing zeros to keep. */
    private static JsonValue normal(JsonValue value) {
        return switch (value) {
            case JsonNumber number when !number.literal().equals("1e400") -> JsonNumber.of(number.toBigDecimal());
            case JsonArray array -> new JsonArray(array.elements().stream().map(MessagePackProperties::normal).toList());
            case JsonObject object -> {
                LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
                object.members().forEach((name, member) -> members.put(name, normal(member)));
                yield new JsonObject(members);
            }
            default -> value;
        };
    }

    private static JsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> JsonNull.NULL;
            case 1 -> JsonBoolean.of(random.nextBoolean());
            case 2 -> new JsonNumber(NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 3 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
            case 4 -> new JsonString("é🎮".repeat(random.nextInt(20)) + random.nextInt());
            case 5 -> {
                List<JsonValue> elements = new ArrayList<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    elements.add(value(random, depth - 1));
                }
                yield new JsonArray(elements);
            }
            default -> {
                LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    members.put("m" + random.nextInt(100), value(random, depth - 1));
                }
                yield new JsonObject(members);
            }
        };
    }
}
