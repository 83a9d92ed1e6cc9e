package io.aviladb.query.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code -Daviladb.query.seed=N} repeats a run. */
class ValueBytesProperties {
    private static final long SEED = Long.getLong("aviladb.query.seed", System.nanoTime());
    private static final int ROUNDS = 100_000;
    private final Random random = new Random(SEED);

    @Test
    void bytesHaveTheOrderOfValues() {
        for (int i = 0; i < ROUNDS; i++) {
            JsonValue a = RandomValues.any(random, 3);
            JsonValue b = RandomValues.any(random, 3);
            assertThat(Integer.signum(Arrays.compareUnsigned(ValueBytes.of(a), ValueBytes.of(b)))).as("seed %s: %s, %s", SEED, a, b)
                    .isEqualTo(Integer.signum(ValueOrder.ORDER.compare(a, b)));
        }
    }

    @Test
    void numbersOfAnySizeAreExact() {
        for (int i = 0; i < ROUNDS; i++) {
            JsonNumber a = number();
            JsonNumber b = number();
            assertThat(Integer.signum(Arrays.compareUnsigned(ValueBytes.of(a), ValueBytes.of(b)))).as("seed %s: %s, %s", SEED, a, b)
                    .isEqualTo(Integer.signum(a.toBigDecimal().compareTo(b.toBigDecimal())));
        }
    }

    private JsonNumber number() {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "").append(random.nextInt(3));
        if (random.nextBoolean()) {
            text.append('.').append(random.nextInt(120));
        }
        return new JsonNumber(random.nextBoolean() ? text.toString() : text.append('e').append(random.nextInt(9) - 4).toString());
    }

    @Test
    void noValueBeginsLikeAnother() {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] a = ValueBytes.of(RandomValues.any(random, 3));
            byte[] b = ValueBytes.of(RandomValues.any(random, 3));
            boolean beginning = a.length < b.length && Arrays.equals(a, Arrays.copyOf(b, a.length));
            assertThat(beginning).as("seed %s: %s, %s", SEED, Arrays.toString(a), Arrays.toString(b)).isFalse();
            assertThat(a[0]).isLessThan((byte) (ValueBytes.LIMIT - 1)).isPositive();
        }
    }

    @Test
    void kindsAreIntervals() {
        List<@Nullable JsonValue> values = new ArrayList<>(Arrays.asList((JsonValue) null, new JsonString(""), JsonArray.of()));
        for (int i = 0; i < 1_000; i++) {
            values.add(RandomValues.any(random, 2));
        }
        for (int i = 0; i < ROUNDS; i++) {
            JsonValue kind = RandomValues.value(random, 1);
            JsonValue value = values.get(random.nextInt(values.size()));
            byte[] bytes = ValueBytes.of(value);
            boolean inside = Arrays.compareUnsigned(bytes, ValueBytes.kindStart(kind)) >= 0
                    && Arrays.compareUnsigned(bytes, ValueBytes.kindEnd(kind)) < 0;
            assertThat(inside).as("seed %s: %s, %s", SEED, kind, value).isEqualTo(ValueOrder.rank(kind) == ValueOrder.rank(value));
        }
    }
}
