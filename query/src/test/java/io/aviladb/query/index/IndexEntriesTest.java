package io.aviladb.query.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.RandomValues;
import io.aviladb.query.eval.ValueOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Daviladb.query.seed=N} repeats a run. */
class IndexEntriesTest {
    private static final long SEED = Long.getLong("aviladb.query.seed", System.nanoTime());
    private static final PartitionStrategy STRATEGY = PartitionStrategy.single(FieldPath.of("p"));

    private static IndexDefinition index(boolean sparse, String where, String... fields) {
        return new IndexDefinition(3, "i", Stream.of(fields).map(IndexDefinition.Field::parse).toList(), sparse, where);
    }

    private static DocumentKey key(String id) {
        return DocumentKey.of(7, STRATEGY, List.of(new JsonString("p")), id);
    }

    private static int entries(IndexDefinition index, String json) {
        return IndexEntries.of(index).of(key("k"), Document.parse(json.getBytes(StandardCharsets.UTF_8))).size();
    }

    @Test
    void entriesAreInTheOrderOfFieldsAndThenOfKeys() {
        Random random = new Random(SEED);
        IndexEntries entries = IndexEntries.of(index(false, "", "/a", "-/b", "/c"));
        for (int i = 0; i < 50_000; i++) {
            Document left = document(random);
            Document right = document(random);
            byte[] one = entries.of(key("k"), left).first();
            byte[] other = entries.of(key("l"), right).first();
            int order = compare(left, right, "a");
            order = order != 0 ? order : -compare(left, right, "b");
            order = order != 0 ? order : compare(left, right, "c");
            assertThat(Integer.signum(Arrays.compareUnsigned(one, other))).as("seed %s: %s, %s", SEED, left, right)
                    .isEqualTo(order != 0 ? order : -1);
            assertThat(IndexKeys.document(one)).isEqualTo(key("k"));
        }
    }

    private static int compare(Document left, Document right, String field) {
        return Integer.signum(ValueOrder.ORDER.compare(left.root().getOrNull(field), right.root().getOrNull(field)));
    }

    private static Document document(Random random) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c")) {
            if (random.nextInt(4) > 0) {
                members.put(name, RandomValues.value(random, random.nextInt(4) == 0 ? 2 : 0));
            }
        }
        return Document.of(new JsonObject(members));
    }

    @Test
    void longValuesAreCutAndKeepTheOrderUpToThere() {
        IndexEntries entries = IndexEntries.of(index(false, "", "/a", "/b"));
        String same = "x".repeat(IndexKeys.MAX_VALUE_BYTES);
        byte[] shorter = entry(entries, "k", "x".repeat(IndexKeys.MAX_VALUE_BYTES - 3));
        byte[] less = entry(entries, "k", same + "a");
        byte[] more = entry(entries, "l", same + "b");
        byte[] most = entry(entries, "k", "y");
        assertThat(less.length).isEqualTo(more.length).isLessThan(2 * IndexKeys.MAX_VALUE_BYTES);
        assertThat(Arrays.compareUnsigned(shorter, less)).isNegative();
        assertThat(Arrays.compareUnsigned(less, more)).as("by their keys").isNegative();
        assertThat(Arrays.compareUnsigned(more, most)).isNegative();
        assertThat(IndexKeys.document(more)).isEqualTo(key("l"));
    }

    private static byte[] entry(IndexEntries entries, String id, String text) {
        return entries.of(key(id), Document.of("a", text, "b", 1)).first();
    }

    @Test
    void sparseLeavesOutDocumentsWithoutAnyOfTheFields() {
        assertThat(entries(index(true, "", "/a", "/b/c"), "{\"b\":{}}")).isZero();
        assertThat(entries(index(true, "", "/a", "/b/c"), "{\"b\":{\"c\":null}}")).isOne();
        assertThat(entries(index(false, "", "/a", "/b/c"), "{}")).isOne();
    }

    @Test
    void partialHoldsTheDocumentsForWhichTheConditionIsTrue() {
        IndexDefinition open = index(false, "status = 'open' AND score > 3", "/a");
        assertThat(entries(open, "{\"status\":\"open\",\"score\":4}")).isOne();
        assertThat(entries(open, "{\"status\":\"open\",\"score\":3}")).isZero();
        assertThat(entries(open, "{\"status\":\"open\"}")).as("neither true nor false").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status = @open", "createdAt > NOW()", "status = ", "COUNT(*) > 1", "NOSUCH(a)"})
    void conditionsThatNoIndexCanHaveAreRefused(String where) {
        assertThatThrownBy(() -> IndexEntries.checked(index(false, where, "/a")))
                .isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_INDEX));
    }

    @Test
    void aConditionIsKeptAsTheLanguagePrintsIt() {
        IndexDefinition checked = IndexEntries.checked(index(false, "a=1  and b  >2", "/a"));
        assertThat(checked.where()).isEqualTo(IndexEntries.checked(checked).where()).contains("AND");
    }
}
