package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Values that often meet: few different ones, with the awkward ones among them. */
public final class RandomValues {
    private static final List<String> NUMBERS = List.of("0", "-0", "-0.0", "1", "1.0", "1e0", "10", "1e1", "2", "-1", "1.5", "0.1",
            "2.5e-7",
            "9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808", "1e300", "1e-300");
    private static final List<String> HUGE = List.of("9223372036854775808", "1e400", "-1e400", "1e99999999999999",
            "123456789012345678901234567890.5");
    private static final List<String> STRINGS = List.of("", "a", "A", "aa", "b", "é", "\uFFFD", "🎮", "\u0000", "10");

    private RandomValues() {
    }

    /** What can stand in a key: a boolean, a number that a key takes, a string. */
    static JsonValue keyable(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> JsonBoolean.of(random.nextBoolean());
            case 1 -> new JsonNumber(pick(NUMBERS, random));
            case 2 -> JsonNumber.of(random.nextBoolean() ? random.nextLong() : random.nextInt(10));
            default -> new JsonString(pick(STRINGS, random));
        };
    }

    /** Any value, missing among them. */
    static @Nullable JsonValue any(Random random, int depth) {
        return random.nextInt(8) == 0 ? null : value(random, depth);
    }

    public static JsonValue value(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 9 : 6);
        return switch (kind) {
            case 0 -> JsonNull.NULL;
            case 1 -> new JsonNumber(pick(random.nextInt(5) == 0 ? HUGE : NUMBERS, random));
            case 2, 3, 4, 5 -> keyable(random);
            case 6, 7 -> {
                List<JsonValue> elements = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    elements.add(value(random, depth - 1));
                }
                yield new JsonArray(elements);
            }
            default -> {
                LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    members.put(pick(List.of("a", "b", "c"), random), value(random, depth - 1));
                }
                yield new JsonObject(members);
            }
        };
    }

    static <T> T pick(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
