package io.aviladb.query.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.index.IndexKeys;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Statement;
import io.aviladb.query.plan.ChangePlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes, as text or as bytes, is read or refused with a type: nothing else is thrown. Inputs are valid ones, damaged. Each case has a
 * seed of its own, which a failure names: {@code -Daviladb.fuzz.seed=N -Daviladb.fuzz.cases=1} repeats it; {@code -Daviladb.fuzz.seconds=100} goes on
 * for as long with each test, as the profile {@code soak} does.
 */
class FuzzProperties {
    private static final long SEED = Long.getLong("aviladb.fuzz.seed", System.nanoTime());
    private static final int CASES = Integer.getInteger("aviladb.fuzz.cases", 20_000);
    private static final long SECONDS = Long.getLong("aviladb.fuzz.seconds", 0);
    private static final PartitionStrategy BY_A = PartitionStrategy.single(FieldPath.of("a"));
    private static final List<String> WORDS = List.of("SELECT", "VALUE", "DISTINCT", "FROM docs", "WHERE", "GROUP BY", "HAVING", "ORDER BY",
            "LIMIT", "OFFSET", "AS OF", "UNNEST(", "JOIN x IN", "EXISTS(SELECT", "ARRAY(", "CASE WHEN", "THEN", "ELSE", "END", "NOT",
            "IN (", "BETWEEN",
            "LIKE '%_\\' ESCAPE '\\'", "IS MISSING", "COUNT(*)", "SUM(", "DATE_ADD('month', 99999999999, '2026-01-31')",
            "SUBSTRING('a', -1, 1e300)",
            "REPLACE('aaa', '', 'b')", "ROUND(1.5, 400)", "POWER(10, 1e308)", "9223372036854775807", "-9223372036854775808", "1e999", "@p",
            "@",
            "`", "''", "'\uD800", "\"x\"", "(", ")", "[", "]", "{'a':", "}", ",", ".", "..", ";", "/*", "*/", "--", "\n", "\u0000",
            "\u2028", "*", "%",
            "a", "b.c", "k[0]", "k[-1]", "k[1e9]", "NOW()", "SPLIT('a', '')", "DATE_TRUNC('year', 'x')", "FROM_MILLIS(1e18)",
            "TO_NUMBER('1e99999')",
            "ARRAY_SLICE([1,2], -5, 9223372036854775807)", "LEFT('ab', 5000000000)", "UPDATE docs SET a = a + 1", "DELETE FROM docs",
            "EXPLAIN");

    private interface Case {
        void run(Random random);
    }

    /** @return the share of cases that weren't refused */
    private static double each(Case fuzz) {
        long taken = 0;
        long all = 0;
        long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        for (long i = 0; i < CASES || SECONDS > 0 && System.nanoTime() - until < 0; i++) {
            long seed = SEED + i;
            all++;
            try {
                fuzz.run(new Random(seed * 0x9E3779B97F4A7C15L));
                taken++;
            } catch (AvilaError | MalformedBytesException refused) {
                assertThat(refused.getMessage()).as("seed %s", seed).isNotBlank();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError untyped) {
                fail("seed " + seed, untyped);
            }
        }
        return CASES < 1_000 ? 0.5 : (double) taken / all;
    }

    /** Neither all refused nor all taken: else the inputs would reach nothing, or be undamaged. */
    private static void worthwhile(double share) {
        assertThat(share).as("seed %s", SEED).isBetween(0.05, 0.95);
    }

    private static String statement(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(4) == 0) {
            for (int words = 1 + random.nextInt(25); words > 0; words--) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextInt(3) == 0 ? "" : " ");
            }
        } else {
            text.append(new QueryGenerator(random).query());
        }
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(6)) {
                case 0 -> text.insert(at, " " + WORDS.get(random.nextInt(WORDS.size())) + " ");
                case 1 -> text.insert(at, (char) random.nextInt(0x250));
                case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(6)));
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
                case 4 -> text.insert(at, "(".repeat(random.nextInt(200)));
                default -> text.insert(at, "-".repeat(random.nextInt(3)) + "NOT ".repeat(random.nextInt(100)));
            }
        }
        return text.toString();
    }

    private static List<DocumentSource.Entry> documents(Random random) {
        List<DocumentSource.Entry> entries = new ArrayList<>();
        new QueryGenerator(random).documents().forEach(object -> {
            Document document = Document.of(object);
            entries.add(new DocumentSource.Entry(DocumentKey.of(1, PartitionStrategy.single(FieldPath.of("id")), document,
                    ((io.aviladb.core.document.JsonString) object.get("id").orElseThrow()).value()), document));
        });
        return entries;
    }

    private static Partial run(Fragment.Ready ready, Random random) {
        var entries = documents(random).stream().sorted(java.util.Comparator.comparing(DocumentSource.Entry::key)).iterator();
        return PartialRun.run(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(1 << 20),
                () -> entries.hasNext() ? entries.next() : null);
    }

    private static Fragment fragment(String text, Random random) {
        return new Fragment(text, text.contains("@p") ? Map.of("p", value(random)) : Map.of(), 1_700_000_000_000L, 1 + random.nextInt(5),
                1 << 16, Optional.empty());
    }

    private static JsonValue value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> JsonValue.of(random.nextLong());
            case 1 -> JsonValue.of(Double.longBitsToDouble(random.nextLong() & 0xFFEFFFFFFFFFFFFFL));
            case 2 -> JsonValue.of(Arrays.asList(1, null, "x"));
            default -> JsonValue.of("p");
        };
    }

    @Test
    void textIsRunOrRefused() {
        worthwhile(each(random -> {
            String text = statement(random);
            switch (Parser.statement(text)) {
                case Statement.Update update -> ChangePlan.update(update, BY_A);
                case Statement.Delete delete -> ChangePlan.delete(delete.from(), delete.where(), BY_A);
                case Statement.Select select -> page(fragment(text, random), random);
                case Statement.Explain explain -> {
                }
            }
        }));
    }

    private static void page(Fragment fragment, Random random) {
        Fragment.Ready ready = fragment.ready(BY_A);
        FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), List.of(run(ready, random))).next().ifPresent(ResumePoint::toBytes);
    }

    @Test
    void conditionsAndMergesAreCompiledOrRefused() {
        worthwhile(each(random -> {
            String text = statement(random);
            int where = text.indexOf("WHERE");
            String condition = where < 0 ? text : text.substring(where + 5).split("GROUP BY|HAVING|ORDER BY|LIMIT|OFFSET", 2)[0];
            ChangePlan plan = ChangePlan.delete(Optional.of(Parser.condition(condition)), BY_A);
            Bindings bindings = Bindings.of(plan.parameters(),
                    plan.parameters().contains("p") ? Map.of("p", value(random)) : Map.of(), Instant.EPOCH);
            documents(random).forEach(entry -> {
                var frame = new io.aviladb.query.eval.Frame(plan.slots(), bindings);
                frame.set(plan.document(), entry.document().root());
                plan.where().isTrue(frame);
            });
        }));
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        for (int changes = random.nextInt(4); changes > 0 && damaged.length > 0; changes--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) List.of(0, 0x7F, 0x80, 0xFF, 0xFE).get(random.nextInt(5)).intValue();
                case 2 -> damaged = Arrays.copyOf(damaged, at);
                case 3 -> {
                    byte[] longer = Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(8));
                    System.arraycopy(damaged, at, longer, at + longer.length - damaged.length, damaged.length - at);
                    damaged = longer;
                }
                default -> Arrays.fill(damaged, at, Math.min(damaged.length, at + 5), (byte) 0xFF);
            }
        }
        return damaged;
    }

    private static Fragment valid(Random random) {
        QueryGenerator generator = new QueryGenerator(random);
        String text = generator.query();
        Map<String, JsonValue> parameters = new LinkedHashMap<>(generator.parameters());
        List<JsonValue> keys = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            keys.add(value(random));
        }
        Optional<ResumePoint> resume = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new ResumePoint(new RowKey(keys, new byte[]{0, 0, 0, 1, 7}, 3), random.nextInt(9)));
        return new Fragment(text, parameters, random.nextLong() >>> 1, 1 + random.nextInt(9), 1 + random.nextInt(1 << 20), resume);
    }

    @Test
    void fragmentsAreRunOrRefused() {
        worthwhile(each(random -> page(Fragment.ofBytes(damaged(valid(random).toBytes(), random)), random)));
    }

    @Test
    void resumePointsAreReadOrRefused() {
        worthwhile(each(random -> ResumePoint.ofBytes(damaged(new ResumePoint(new RowKey(Arrays.asList(value(random), null, value(random)),
                "key".getBytes(StandardCharsets.UTF_8), random.nextInt()), random.nextLong() >>> 1).toBytes(), random))));
    }

    @Test
    void partialResultsAreMergedOrRefused() {
        worthwhile(each(random -> {
            Fragment.Ready ready = valid(random).ready(BY_A);
            List<Partial> partials = new ArrayList<>();
            for (byte[] piece : PartialCodec.pieces(run(ready, random), 200)) {
                partials.add(PartialCodec.read(ready.plan(), random.nextBoolean() ? piece : damaged(piece, random)));
            }
            FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), partials);
        }));
    }

    @Test
    void indexEntriesAreReadOrRefused() {
        each(random -> {
            byte[] bytes = new byte[random.nextInt(30)];
            random.nextBytes(bytes);
            IndexKeys.document(bytes);
        });
    }
}
