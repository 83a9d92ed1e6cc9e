package io.aviladb.query.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
    private static final PartitionStrategy TWO_LEVELS = new PartitionStrategy.Fields(
            List.of(new PartitionStrategy.Level(FieldPath.of("tenant"), false), new PartitionStrategy.Level(FieldPath.of("user"), false)));

    private static QueryPlan plan(String text, PartitionStrategy strategy) {
        return Planner.plan(((Statement.Select) Parser.statement(text)).query(), strategy);
    }

    private static Optional<KeyRange> interval(String where, Map<String, JsonValue> parameters) {
        QueryPlan plan = plan("SELECT * FROM c x WHERE " + where, TWO_LEVELS);
        return plan.keys().interval(1, Bindings.of(plan.parameters(), parameters, Instant.EPOCH));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            tenant = 'a' AND user = 1 AND id = 'x'         | POINT
            'x' = x.id AND x.user = 1 AND x.tenant = 'a'   | POINT
            tenant = 'a' AND user = 1                      | PREFIX
            tenant = 'a' AND id = 'x'                      | PREFIX
            tenant = 'a' AND (user = 1 OR user = 2)        | PREFIX
            user = 1                                       | SCAN
            tenant = 'a' OR user = 1                       | SCAN
            tenant > 'a'                                   | SCAN
            tenant = user                                  | SCAN
            NOT (tenant = 'a')                             | SCAN
            """)
    void equalitiesPruneKeys(String where, KeyConditions.Access access) {
        assertThat(plan("SELECT * FROM c x WHERE " + where, TWO_LEVELS).keys().access()).isEqualTo(access);
    }

    @Test
    void prunedIntervalsAreThoseOfTheKeys() {
        JsonValue tenant = new JsonString("a");
        assertThat(interval("tenant = @t AND x.user = 1", Map.of("t", tenant)))
                .contains(DocumentKey.prefix(1, TWO_LEVELS, List.of(tenant, JsonNumber.of(1))));
        assertThat(interval("level > 3", Map.of())).contains(KeyRange.collection(1));
    }

    @Test
    void valuesThatNoKeyHasPruneEverything() {
        assertThat(interval("tenant = @t", Map.of("t", JsonNull.NULL))).isEmpty();
        assertThat(interval("tenant = 'a' AND user = 1 AND id = 7", Map.of())).isEmpty();
        assertThat(interval("tenant = 0.12345678901234567890123", Map.of())).isEmpty();
    }

    @Test
    void elementAliasesHideFields() {
        QueryPlan plan = plan("SELECT * FROM c, list tenant WHERE tenant = 'a'", TWO_LEVELS);
        assertThat(plan.keys().access()).isEqualTo(KeyConditions.Access.SCAN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            SELECT name, COUNT(*) FROM c                       | at 1:8: 'name' must appear in GROUP BY or be an aggregate
            SELECT * FROM c GROUP BY a                         | at 1:8: * has no meaning for groups
            SELECT a FROM c HAVING a > 1                       | at 1:1: HAVING needs GROUP BY or an aggregate
            SELECT a FROM c WHERE COUNT(*) > 1                 | at 1:23: COUNT is an aggregate and can't stand here
            SELECT SUM(*) FROM c                               | at 1:8: only COUNT takes *
            SELECT SUM(a, b) FROM c                            | at 1:8: SUM takes 1 argument, not 2
            SELECT SUM(SUM(a)) FROM c                          | at 1:12: SUM is an aggregate and can't stand here
            SELECT a, b.a FROM c                               | at 1:12: two columns are named 'a'
            SELECT * FROM c x, x.list x                        | at 1:20: the alias 'x' is given twice
            SELECT a FROM c LIMIT b                            | at 1:23: 'b' isn't known here
            SELECT a FROM c, [1, 2]                            | at 1:18: this source needs an alias
            """)
    void meaninglessQueriesAreRefused(String text, String message) {
        AvilaError error = catchThrowableOfType(AvilaError.class, () -> plan(text, TWO_LEVELS));
        assertThat(error.code()).isEqualTo(ErrorCode.QUERY_INVALID);
        assertThat(error.detail()).startsWith(message);
    }

    @Test
    void explainShowsOperatorsFromTheLastToTheScan() {
        PlanNode node = plan(
                "SELECT country, COUNT(*) AS n FROM c WHERE tenant = 'a' GROUP BY country HAVING COUNT(*) > 1 ORDER BY n DESC LIMIT 3",
                TWO_LEVELS).explained();
        assertThat(node.toText()).isEqualTo("""
                Result  [FINAL]
                └─ Limit  count: 3  [FINAL]
                   └─ TopK  keys: COUNT(*) DESC, then the group's values  [FINAL]
                      └─ Filter  condition: (COUNT(*) > 1)  [FINAL]
                         └─ Merge  groups: `country`  [FINAL]
                            └─ Aggregate  groups: `country`  [PARTIAL]
                               └─ Filter  condition: (`tenant` = 'a')  [PARTIAL]
                                  └─ Scan  collection: c  access: PREFIX  key: {/tenant='a'}  [PARTIAL]
                """);
        assertThat(node.toJson().toJson()).startsWith("{\"operator\":\"Result\",\"where\":\"FINAL\",\"input\":[{\"operator\":\"Limit\"");
    }
}
