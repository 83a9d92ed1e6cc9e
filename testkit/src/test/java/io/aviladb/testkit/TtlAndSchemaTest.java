package io.aviladb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aviladb.client.AvilaClient;
import io.aviladb.client.Collection;
import io.aviladb.client.CollectionInfo;
import io.aviladb.client.CollectionSpec;
import io.aviladb.client.Database;
import io.aviladb.client.Scope;
import io.aviladb.client.error.InvalidRequestException;
import io.aviladb.client.error.NotFoundException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A collection with a schema and a time to live, from the SDK to what two regions show once documents have expired. */
@AvilaCluster(regions = 2)
class TtlAndSchemaTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String HERE = "sa-east-1";
    private static final String THERE = "us-east-1";
    private final TestCluster cluster;

    TtlAndSchemaTest(TestCluster cluster) {
        this.cluster = cluster;
    }

    private Collection offers(String region) {
        return cluster.client(region).database("shop").collection("offers");
    }

    private static List<String> rows(Collection offers, String statement, Scope scope) {
        return offers.query(statement).scope(scope).valueStream().map(JsonValue::toJson).toList();
    }

    /** What has expired is in no read, listing, query or change of either region, and its id is free. */
    @Test
    void whatHasExpiredIsNowhere(AvilaClient client) {
        Database shop = client.databases().create("shop");
        Collection offers = shop.createCollection(CollectionSpec.single("offers", "/id")
                .schema(JsonParser.parse("{\"required\":[\"price\"]}".getBytes(StandardCharsets.UTF_8)))
                .ttlField("/lives", Duration.ofHours(1)));
        CollectionInfo told = shop.describe("offers");
        assertThat(told.ttl().orElseThrow().toJson()).isEqualTo("{\"seconds\":3600,\"field\":\"/lives\"}");
        assertThat(told.schema().orElseThrow().toJson()).contains("price");
        assertThatThrownBy(() -> offers.insert(Document.of("id", "bad")))
                .isInstanceOfSatisfying(InvalidRequestException.class,
                        refused -> assertThat(refused.code()).isEqualTo("AVL-2040"));

        offers.insert(Document.of("id", "long", "price", 1));
        offers.insert(Document.of("id", "short", "price", 2, "lives", 1));
        await().atMost(SOON).until(() -> rows(offers(THERE), "SELECT VALUE id FROM offers", Scope.LOCAL).contains("\"long\""));
        for (String region : List.of(HERE, THERE)) {
            Collection there = offers(region);
            await().atMost(SOON).untilAsserted(() -> assertThatThrownBy(() -> there.get("short")).isInstanceOf(NotFoundException.class));
            for (Scope scope : List.of(Scope.LOCAL, Scope.GLOBAL)) {
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(there.list().scope(scope).stream().map(document -> document.root().get("id").orElseThrow().toJson()))
                            .containsExactly("\"long\"");
                    assertThat(rows(there, "SELECT VALUE id FROM offers WHERE price > 0", scope)).containsExactly("\"long\"");
                    assertThat(rows(there, "SELECT VALUE COUNT(*) FROM offers", scope)).containsExactly("1");
                });
            }
        }
        assertThat(offers.update().increment("price", 1).all().execute().count()).isEqualTo(1);
        assertThat(offers.delete().where("id", "short").execute().count()).isZero();
        assertThat(offers.insert(Document.of("id", "short", "price", 5)).id()).as("the id is free").isEqualTo("short");
        assertThat(offers.get("short").document().root().get("price")).hasValue(JsonNumber.of(5));
    }
}
