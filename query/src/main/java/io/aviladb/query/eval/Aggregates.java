package io.aviladb.query.eval;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates: COUNT, SUM, AVG, MIN, MAX, each with a state that is partial in a range and merged by the coordinator. Missing and null don't
 * count; SUM and AVG pass over what is no number; of nothing, COUNT is 0 and the others are null.
 */
public final class Aggregates {
    private static final Map<String, Supplier<AggregateState>> ALL = Map.of("COUNT", Count::new, "SUM", () -> new Sum(false), "AVG",
            () -> new Sum(true), "MIN", () -> new Extreme(ValueOrder.ORDER), "MAX", () -> new Extreme(ValueOrder.ORDER.reversed()));

    private Aggregates() {
    }

    public static boolean isAggregate(String name) {
        return ALL.containsKey(name.toUpperCase(Locale.ROOT));
    }

    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /** A fresh state. */
    public static AggregateState state(String name, boolean distinct) {
        Supplier<AggregateState> plain = java.util.Objects.requireNonNull(ALL.get(name.toUpperCase(Locale.ROOT)), name);
        return distinct ? new Distinct(plain.get()) : plain.get();
    }

    private static long readCount(ByteReader in) {
        long count = in.readVarLong();
        if (count < 0) {
            throw new MalformedBytesException("a count is not negative");
        }
        return count;
    }

    private static final class Count implements AggregateState {
        private long count;

        @Override
        public void add(@Nullable JsonValue value) {
            count += value == null || value == JsonNull.NULL ? 0 : 1;
        }

        @Override
        public void merge(AggregateState other) {
            count += ((Count) other).count;
        }

        @Override
        public void write(ByteWriter out) {
            out.writeVarLong(count);
        }

        @Override
        public void merge(ByteReader in) {
            count += readCount(in);
        }

        @Override
        public JsonValue result() {
            return JsonNumber.of(count);
        }
    }

    /** SUM and AVG; a sum of integers is one, of any size. What is beyond a double makes the result missing. */
    private static final class Sum implements AggregateState {
        private final boolean average;
        private final ExactSum sum = new ExactSum();
        private long count;
        private boolean beyond;

        Sum(boolean average) {
            this.average = average;
        }

        @Override
        public void add(@Nullable JsonValue value) {
            if (!(value instanceof JsonNumber number)) {
                return;
            }
            count++;
            OptionalLong whole = Numbers.exactLong(number);
            double nearest = whole.isPresent() ? 0 : number.toDouble();
            if (whole.isPresent()) {
                sum.add(whole.getAsLong());
            } else if (Double.isFinite(nearest)) {
                sum.add(nearest);
            } else {
                beyond = true;
            }
        }

        @Override
        public void merge(AggregateState other) {
            Sum that = (Sum) other;
            sum.add(that.sum);
            count += that.count;
            beyond |= that.beyond;
        }

        @Override
        public void write(ByteWriter out) {
            out.writeVarLong(count).writeBoolean(beyond);
            sum.write(out);
        }

        @Override
        public void merge(ByteReader in) {
            count += readCount(in);
            beyond |= in.readBoolean();
            sum.add(ExactSum.read(in));
        }

        @Override
        public @Nullable JsonValue result() {
            if (count == 0) {
                return JsonNull.NULL;
            } else if (beyond) {
                return null;
            } else if (!average) {
                return sum.isWhole() ? Numbers.whole(sum.whole()) : Numbers.of(sum.exact().doubleValue());
            } else if (sum.isWhole() && sum.whole().mod(BigInteger.valueOf(count)).signum() == 0) {
                return Numbers.whole(sum.whole().divide(BigInteger.valueOf(count)));
            }
            return Numbers.of(sum.dividedBy(count));
        }

        @Override
        public int sizeBytes() {
            return sum.isWhole() ? 96 : 640;
        }
    }

    /** MIN and MAX by the total order; of equals ({@code 1}, {@code 1.0}) the one with the lesser text. */
    private static final class Extreme implements AggregateState {
        private final Comparator<@Nullable JsonValue> order;
        private @Nullable JsonValue best;

        Extreme(Comparator<@Nullable JsonValue> order) {
            this.order = order;
        }

        @Override
        public void add(@Nullable JsonValue value) {
            if (value == null || value == JsonNull.NULL) {
                return;
            }
            int compared = best == null ? -1 : order.compare(value, best);
            if (compared < 0 || compared == 0 && best != null && value.toJson().compareTo(best.toJson()) < 0) {
                best = value;
            }
        }

        @Override
        public void merge(AggregateState other) {
            add(((Extreme) other).best);
        }

        @Override
        public void write(ByteWriter out) {
            out.writeBytes(best == null ? new byte[0] : best.toJsonBytes());
        }

        @Override
        public void merge(ByteReader in) {
            byte[] value = in.readBytes();
            if (value.length > 0) {
                add(JsonParser.parse(value));
            }
        }

        @Override
        public JsonValue result() {
            return best == null ? JsonNull.NULL : best;
        }
    }

    /** Passes each value on once, at the end. */
    private static final class Distinct implements AggregateState {
        private final AggregateState plain;
        private final Map<String, JsonValue> values = new TreeMap<>();
        private int bytes = 64;

        Distinct(AggregateState plain) {
            this.plain = plain;
        }

        @Override
        public void add(@Nullable JsonValue value) {
            if (value == null || value == JsonNull.NULL) {
                return;
            }
            String key = ValueKey.of(value);
            JsonValue known = values.get(key);
            if (known == null) {
                bytes += 96 + 4 * key.length();
            }
            if (known == null || value.toJson().compareTo(known.toJson()) < 0) {
                values.put(key, value);
            }
        }

        @Override
        public void merge(AggregateState other) {
            ((Distinct) other).values.values().forEach(this::add);
        }

        @Override
        public void write(ByteWriter out) {
            out.writeVarInt(values.size());
            values.values().forEach(value -> out.writeBytes(value.toJsonBytes()));
        }

        @Override
        public void merge(ByteReader in) {
            for (int left = in.readCount(); left > 0; left--) {
                add(JsonParser.parse(in.readBytes()));
            }
        }

        @Override
        public @Nullable JsonValue result() {
            values.values().forEach(plain::add);
            values.clear();
            return plain.result();
        }

        @Override
        public int sizeBytes() {
            return bytes;
        }
    }
}
