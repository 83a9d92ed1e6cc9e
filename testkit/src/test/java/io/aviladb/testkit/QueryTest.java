package io.aviladb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.client.AvilaClient;
import io.aviladb.client.ChangeResult;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionSpec;
import io.aviladb.client.Filter;
import io.aviladb.client.InsertResult;
import io.aviladb.client.Page;
import io.aviladb.client.Plan;
import io.aviladb.client.Scope;
import io.aviladb.client.Select;
import io.aviladb.client.error.InvalidRequestException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The SDK's queries and changes by condition against a cluster, the product page's program first. */
@AvilaCluster(regions = 2)
class QueryTest {
    private final TestCluster cluster;
    private final Collection cities;

    QueryTest(TestCluster cluster, AvilaClient client) {
        this.cluster = cluster;
        this.cities = client.database("game").collection("cities");
    }

    @BeforeAll
    static void create(AvilaClient client) {
        client.databases().create("game").createCollection(CollectionSpec.single("players", "/userId").counter("/wins"));
        Collection cities = client.database("game").createCollection(CollectionSpec.single("cities", "/country"));
        List<Document> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add(Document.of("id", "c%02d".formatted(i), "country", i % 2 == 0 ? "BR" : "AR", "size", i, "address",
                    Map.of("zone", i % 3), "tags", List.of("t" + i % 4), "it's `odd`", i));
        }
        cities.insertAll(all);
    }

    @Test
    void theProductPagesProgramRuns() {
        String url = cluster.endpoint("sa-east-1").replace("http://", "aviladb://");
        try (AvilaClient client = AvilaClient.connect(url)) {
            Collection players = client.database("game").collection("players");
            InsertResult inserted = players.insert(Document.of("userId", "player123", "level", 42));
            Page page = players.query("SELECT * FROM players WHERE level > @min").param("min", 10).execute();
            players.update().increment("wins", 1).where("userId", "player123").execute();

            assertThat(page.documents()).singleElement().extracting(document -> document.root().get("id").orElseThrow().toJson())
                    .isEqualTo("\"" + inserted.id() + "\"");
            assertThat(page.coverage().complete()).isTrue();
            assertThat(page.latency()).isPositive();
            assertThat(page.compressionRatio()).isPositive();
            assertThat(page.version()).isGreaterThanOrEqualTo(inserted.version());
            assertThat(page.sessionToken()).isNotEmpty();
            assertThat(players.get(inserted.id(), "player123").document().root().get("wins").orElseThrow().toJson()).isEqualTo("1");
        }
    }

    private List<String> ids(Select select) {
        return select.query().valueStream().map(JsonValue::toJson).toList();
    }

    @Test
    void filtersAreTheStatementsThatTheyLookLike() {
        Select select = cities.select("id").where("country", "BR").where(Filter.atLeast("size", 10).and(Filter.lt("size", 50)))
                .where(Filter.eq("address.zone", 1)).orderByDescending("size").limit(3);
        List<String> typed = ids(select);
        List<String> written = cities
                .query("SELECT id FROM cities WHERE country = 'BR' AND size >= 10 AND size < 50 AND address.zone = 1 ORDER BY size DESC LIMIT 3")
                .valueStream().map(JsonValue::toJson).toList();
        assertThat(typed).isEqualTo(written).containsExactly("{\"id\":\"c46\"}", "{\"id\":\"c40\"}", "{\"id\":\"c34\"}");
        Plan plan = select.query().explain();
        assertThat(plan.text()).contains("access: PREFIX", "TopK");

        assertThat(ids(cities.select("id").where(Filter.contains("tags", "t3")).where(Filter.in("size", 3, 4, 7, "7"))))
                .containsExactly("{\"id\":\"c03\"}", "{\"id\":\"c07\"}");
        assertThat(ids(cities.select("id").where(Filter.between("it's `odd`", 57, 99)).where(Filter.ne("country", "AR"))))
                .containsExactly("{\"id\":\"c58\"}");
        assertThat(ids(cities.select("id").where(Filter.or(Filter.missing("size"), Filter.like("id", "c0%"), Filter.isNull("id")))
                .where(Filter.not(Filter.gt("size", 1))).where(Filter.exists("tags"))))
                .containsExactly("{\"id\":\"c01\"}", "{\"id\":\"c00\"}");
        assertThat(ids(cities.select("id").where("country", "BR' OR '1' = '1"))).isEmpty();
    }

    @Test
    void pagesMakeAWholeAndAreReadOfAllRegions() {
        List<String> all = cities.query("SELECT VALUE id FROM cities ORDER BY size").pageSize(7).valueStream().map(JsonValue::toJson)
                .toList();
        assertThat(all).hasSize(60).startsWith("\"c00\"", "\"c01\"").endsWith("\"c59\"");
        Page page = cities.query("SELECT country, COUNT(*) AS n FROM cities GROUP BY country").scope(Scope.GLOBAL).refusePartial()
                .execute();
        assertThat(page.documents()).hasToString("[{\"country\":\"AR\",\"n\":30}, {\"country\":\"BR\",\"n\":30}]");
        assertThat(page.coverage().regions()).hasSize(2);
        assertThat(cities.query("SELECT * FROM cities").analyze().tree().toJson()).contains("\"documentsRead\":60");
        assertThatThrownBy(() -> cities.query("SELECT * FROM cities WHERE").execute()).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("expected expression");
        assertThatThrownBy(() -> cities.query("SELECT * FROM players").execute()).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void changesTouchWhatTheirConditionAccepts(AvilaClient client) {
        Collection cups = client.database("game").createCollection(CollectionSpec.single("cups", "/id"));
        List<Document> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(Document.of("id", "k" + i, "n", i));
        }
        cups.insertAll(all);
        ChangeResult updated = cups.update().increment("n", 100).set("seen.by", "sdk").where(Filter.lt("n", 5)).execute();
        assertThat(updated.count()).isEqualTo(5);
        assertThat(cups.query("SELECT VALUE COUNT(*) FROM cups WHERE n >= 100 AND seen.by = 'sdk'").values().values()).hasToString("[5]");
        assertThat(cups.update().set("n", 0).where(Filter.lt("n", 100)).preview()).isEqualTo(15);
        assertThatThrownBy(() -> cups.update().set("n", 0).where(Filter.lt("n", 100)).limit(14).execute())
                .isInstanceOf(InvalidRequestException.class).hasMessageContaining("accepts 15 documents");
        assertThat(cups.change("UPDATE cups SET n = n - @by WHERE n > 99", Map.of("by", 100)).count()).isEqualTo(5);
        assertThat(cups.update().unset("seen").matching("n < @max").param("max", 5).execute().count()).isEqualTo(5);
        assertThat(cups.delete().where(Filter.atLeast("n", 5)).execute().count()).isEqualTo(15);
        assertThatThrownBy(() -> cups.delete().execute()).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Delete without WHERE clause is dangerous and not allowed");
        assertThat(cups.delete().all().execute().count()).isEqualTo(5);
    }
}
