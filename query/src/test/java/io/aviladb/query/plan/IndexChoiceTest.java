package io.aviladb.query.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.index.IndexEntries;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexChoiceTest {
    private static final PartitionStrategy BY_TENANT = PartitionStrategy.single(FieldPath.of("tenant"));
    private static final List<IndexDefinition> INDEXES = List.of(index(1, "city", false, "", "/city"),
            index(2, "city_score", false, "", "/city", "-/score"), index(3, "score", false, "", "/score"),
            index(4, "open", false, "status = 'open' AND level > 3", "/level"), index(5, "nick", true, "", "/nick"),
            index(6, "tenant_city", false, "", "/tenant", "/city"));

    private static IndexDefinition index(int id, String name, boolean sparse, String where, String... fields) {
        return IndexEntries.checked(
                new IndexDefinition(id, name, Stream.of(fields).map(IndexDefinition.Field::parse).toList(), sparse, where));
    }

    private static String chosen(String rest, Map<String, JsonValue> parameters) {
        Query query = ((Statement.Select) Parser.statement("SELECT x.name FROM c x " + rest)).query();
        QueryPlan plan = Planner.plan(query, BY_TENANT);
        Optional<IndexAccess> access = IndexChoice.of(query, plan, parameters, INDEXES);
        return access.map(found -> found.index().name() + (!found.givesOrder(plan) ? "" : found.backwards() ? " backwards" : " in order"))
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            WHERE city = 'a'                                                  | city in order
            WHERE x.city IN ('a', 'b')                                        | city in order
            WHERE city = 'a' AND score > 3                                    | city_score
            WHERE city = 'a' AND score BETWEEN 1 AND 3 ORDER BY score DESC    | city_score in order
            WHERE city = 'a' ORDER BY x.city, score DESC                      | city_score in order
            WHERE city = 'a' ORDER BY score                                   | city_score backwards
            WHERE city = 'a' ORDER BY score, name                             | city
            WHERE city IN ('a', 'b') ORDER BY city DESC, score                | city
            WHERE city > 'a' ORDER BY city, score                             | city
            WHERE city IN ('a', 'b') ORDER BY city, score DESC                | city
            WHERE 3 < score                                                   | score
            WHERE score > 3 OR city = 'a'                                     | none
            WHERE NOT (city = 'a')                                            | none
            WHERE city != 'a'                                                 | none
            WHERE city = name                                                 | none
            ORDER BY score                                                    | score in order
            ORDER BY score DESC                                               | score backwards
            ORDER BY city DESC, score                                         | city_score backwards
            ORDER BY city, score                                              | none
            WHERE name = 'a' ORDER BY score                                   | none
            WHERE status = 'open' AND level > 3                               | open
            WHERE level > 3                                                   | none
            WHERE status = 'open' AND level > 4                               | none
            WHERE x.level > 3 AND x.status = 'open' AND level < 9             | open
            WHERE nick > 'a'                                                  | nick
            ORDER BY nick                                                     | none
            WHERE tenant = 't' AND id = 'i' AND city = 'a'                    | none
            WHERE tenant = 't'                                                | none
            WHERE tenant = 't' AND city = 'a'                                 | tenant_city in order
            WHERE tenant = 't' ORDER BY city                                  | tenant_city in order
            WHERE tenant = 't' AND score = 1                                  | none
            """)
    void theIndexIsChosenByRule(String rest, String expected) {
        assertThat(chosen(rest, Map.of())).isEqualTo(expected);
    }

    @Test
    void aPartialIndexIsImpliedByAParametersValue() {
        String where = "WHERE x.status = @status AND x.level > 3";
        assertThat(chosen(where, Map.of("status", new JsonString("open")))).isEqualTo("open");
        assertThat(chosen(where, Map.of("status", new JsonString("done")))).isEqualTo("none");
    }
}
