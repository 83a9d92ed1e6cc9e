package io.aviladb.query.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.index.IndexEntries;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import io.aviladb.query.plan.IndexAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanCacheTest {
    private static final PartitionStrategy BY_A = PartitionStrategy.single(FieldPath.of("a"));
    private static final PartitionStrategy BY_B = PartitionStrategy.single(FieldPath.of("b"));
    private static final String STATEMENT = "SELECT * FROM c WHERE city = @city AND status = @status";

    private static Query select(Statement statement) {
        return ((Statement.Select) statement).query();
    }

    private static PlanCache.Planned planned(PlanCache cache, String statement, PartitionStrategy strategy) {
        return cache.planned(statement, strategy, PlanCacheTest::select);
    }

    private static IndexDefinition index(int id, String field, String where) {
        return IndexEntries.checked(new IndexDefinition(id, "i" + id, List.of(IndexDefinition.Field.parse(field)), false, where));
    }

    @Test
    void aShapeIsPlannedOnceAndAnotherPartitionKeyMakesAnotherShape() {
        PlanCache cache = new PlanCache(1_000);
        PlanCache.Planned first = planned(cache, STATEMENT, BY_A);
        assertThat(planned(cache, STATEMENT, BY_A)).isSameAs(first);
        assertThat(planned(cache, STATEMENT, BY_B)).isNotSameAs(first);
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void whatWasUsedLeastLatelyGoesAndMistakesAreNotKept() {
        PlanCache cache = new PlanCache(60);
        PlanCache.Planned first = planned(cache, "SELECT id FROM c LIMIT 1", BY_A);
        planned(cache, "SELECT id FROM c LIMIT 2", BY_A);
        assertThat(planned(cache, "SELECT id FROM c LIMIT 1", BY_A)).isSameAs(first);
        planned(cache, "SELECT id FROM c LIMIT 3", BY_A); // 2 goes
        assertThat(cache.size()).isEqualTo(2);
        assertThat(planned(cache, "SELECT id FROM c LIMIT 1", BY_A)).isSameAs(first);
        assertThatExceptionOfType(AvilaError.class).isThrownBy(() -> planned(cache, "SELECT FROM", BY_A));
        planned(cache, "SELECT '" + "x".repeat(200) + "' FROM c", BY_A);
        assertThat(cache.size()).as("longer than all that may be kept").isEqualTo(2);
    }

    @Test
    void theChoiceOfAnIndexFollowsTheSetAndParametersWhereTheyMatter() {
        PlanCache.Planned planned = planned(new PlanCache(1_000), STATEMENT, BY_A);
        Map<String, JsonValue> open = Map.of("city", new JsonString("x"), "status", new JsonString("open"));
        Map<String, JsonValue> done = Map.of("city", new JsonString("x"), "status", new JsonString("done"));
        IndexDefinition city = index(1, "/city", "");
        IndexDefinition status = index(2, "/status", "");
        IndexDefinition partial = index(3, "/city", "status = 'open'");
        Optional<IndexAccess> byCity = planned.index(open, List.of(city));
        assertThat(byCity.orElseThrow().index()).isEqualTo(city);
        assertThat(planned.index(done, List.of(city))).isSameAs(byCity);
        assertThat(planned.index(open, List.of(status)).orElseThrow().index()).isEqualTo(status);
        assertThat(planned.index(done, List.of())).isEmpty();
        assertThat(planned.index(open, List.of(partial)).orElseThrow().index()).isEqualTo(partial);
        assertThat(planned.index(done, List.of(partial))).as("not implied").isEmpty();
        assertThat(planned.index(open, List.of(partial))).isPresent();
    }
}
