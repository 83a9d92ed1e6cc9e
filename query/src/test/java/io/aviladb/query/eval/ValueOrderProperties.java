package io.aviladb.query.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.TupleEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code -Daviladb.query.seed=N} repeats a run. */
class ValueOrderProperties {
    private static final long SEED = Long.getLong("aviladb.query.seed", System.nanoTime());
    private static final int ROUNDS = 50_000;
    private final Random random = new Random(SEED);

    private static byte[] encoded(JsonValue value) {
        ByteWriter out = new ByteWriter();
        TupleEncoding.append(out, value);
        return out.toByteArray();
    }

    private static int compare(@Nullable JsonValue a, @Nullable JsonValue b) {
        return Integer.signum(ValueOrder.ORDER.compare(a, b));
    }

    @Test
    void orderIsThatOfKeys() {
        for (int i = 0; i < ROUNDS; i++) {
            JsonValue a = RandomValues.keyable(random);
            JsonValue b = RandomValues.keyable(random);
            assertThat(compare(a, b)).as("seed %s: %s, %s", SEED, a, b)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(encoded(a), encoded(b))));
        }
    }

    @Test
    void orderIsTotal() {
        for (int i = 0; i < ROUNDS; i++) {
            JsonValue a = RandomValues.any(random, 2);
            JsonValue b = RandomValues.any(random, 2);
            JsonValue c = RandomValues.any(random, 2);
            assertThat(compare(a, a)).as("seed %s: %s", SEED, a).isZero();
            assertThat(compare(a, b)).as("seed %s: %s, %s", SEED, a, b).isEqualTo(-compare(b, a));
            if (compare(a, b) <= 0 && compare(b, c) <= 0) {
                assertThat(compare(a, c)).as("seed %s: %s, %s, %s", SEED, a, b, c).isLessThanOrEqualTo(0);
            }
        }
    }

    @Test
    void equalValuesHaveEqualKeysAndNoOthers() {
        for (int i = 0; i < ROUNDS; i++) {
            JsonValue a = RandomValues.any(random, 2);
            JsonValue b = RandomValues.any(random, 2);
            assertThat(ValueKey.of(a).equals(ValueKey.of(b))).as("seed %s: %s, %s", SEED, a, b).isEqualTo(compare(a, b) == 0);
        }
    }

    @Test
    void kindsStandInTheirOrder() {
        List<@Nullable JsonValue> ordered = new ArrayList<>();
        ordered.add(null);
        ordered.addAll(List.of(JsonNull.NULL, JsonBoolean.FALSE, JsonBoolean.TRUE, new JsonNumber("-1e400"), JsonNumber.of(-1),
                new JsonNumber("0.5"), JsonNumber.of(9_007_199_254_740_993L), new JsonNumber("9007199254740993.5"), new JsonNumber("1e400"),
                new JsonString(""), new JsonString("Z"), new JsonString("a"), new JsonString("\uFFFD"), new JsonString("🎮"),
                JsonArray.EMPTY,
                JsonArray.of(JsonNull.NULL), JsonObject.EMPTY, JsonObject.of("a", JsonNull.NULL)));
        for (int i = 0; i < ordered.size(); i++) {
            for (int j = 0; j < ordered.size(); j++) {
                assertThat(compare(ordered.get(i), ordered.get(j))).isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void sumsDontDependOnTheOrderOfTheirTerms() {
        for (int i = 0; i < 300; i++) {
            List<JsonNumber> terms = new ArrayList<>();
            for (int n = random.nextInt(60); n >= 0; n--) {
                terms.add(random.nextBoolean()
                        ? JsonNumber.of(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20))
                        : JsonNumber.of(random.nextLong()));
            }
            for (String aggregate : List.of("SUM", "AVG", "MIN", "MAX", "COUNT")) {
                JsonValue whole = sum(aggregate, terms).result();
                java.util.Collections.shuffle(terms, random);
                int cut = random.nextInt(terms.size());
                AggregateState left = sum(aggregate, terms.subList(0, cut));
                left.merge(sum(aggregate, terms.subList(cut, terms.size())));
                assertThat(left.result()).as("seed %s: %s of %s", SEED, aggregate, terms).isEqualTo(whole);
            }
        }
    }

    @Test
    void sumIsTheExactOneRoundedOnce() {
        for (int i = 0; i < 300; i++) {
            ExactSum sum = new ExactSum();
            java.math.BigDecimal exact = java.math.BigDecimal.ZERO;
            for (int n = random.nextInt(60); n >= 0; n--) {
                double term = Double.longBitsToDouble(random.nextLong());
                if (Double.isFinite(term)) {
                    sum.add(term);
                    exact = exact.add(new java.math.BigDecimal(term));
                }
            }
            assertThat(sum.exact().compareTo(exact)).as("seed %s", SEED).isZero();
        }
    }

    private static AggregateState sum(String aggregate, List<JsonNumber> terms) {
        AggregateState state = Aggregates.state(aggregate, false);
        terms.forEach(state::add);
        return state;
    }
}
