package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.proto.v1.CreateCollectionRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a new collection is to be, as the server is told and tells it. */
class CollectionSpecTest {
    private final FakeServer server = new FakeServer("sa-east-1");
    private final AvilaClient client = AvilaClient.connect(server.url());
    private final Database game = client.databases().create("game");

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static JsonValue json(String text) {
        return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void schemaAndTimeToLiveGoToTheServerAndComeBack() {
        JsonValue schema = json("{\"type\":\"object\",\"required\":[\"total\"]}");
        game.createCollection(CollectionSpec.single("carts", "/customer").schema(schema).ttl(Duration.ofDays(1)).counter("/n"));
        CreateCollectionRequest request = server.received(CreateCollectionRequest.class).get(0);
        assertThat(request.getSchema().getData().toStringUtf8()).isEqualTo(schema.toJson());
        assertThat(request.getTtl().getData().toStringUtf8()).isEqualTo("86400");
        assertThat(request.getMergePolicy().getData().toStringUtf8()).as("a counter that comes later drops neither").contains("counter");
        CollectionInfo carts = game.collections().get(0);
        assertThat(carts.schema()).hasValue(schema);
        assertThat(carts.ttl()).hasValue(JsonNumber.of(86_400));
    }

    @Test
    void aCollectionWithoutThemSaysNothingOfThem() {
        game.createCollection(CollectionSpec.single("carts", "/customer"));
        CreateCollectionRequest request = server.received(CreateCollectionRequest.class).get(0);
        assertThat(request.hasSchema()).isFalse();
        assertThat(request.hasTtl()).isFalse();
        assertThat(game.collections().get(0).schema()).isEmpty();
        assertThat(game.collections().get(0).ttl()).isEmpty();
    }

    @Test
    void documentsMaySayByAFieldWhenTheyExpire() {
        assertThat(CollectionSpec.single("c", "/id").ttlField("/until").ttl()).hasValue(json("{\"field\":\"/until\"}"));
        assertThat(CollectionSpec.single("c", "/id").ttlField("/until", Duration.ofMinutes(1)).ttl())
                .hasValue(json("{\"seconds\":60,\"field\":\"/until\"}"));
    }

    @Test
    void aLifeThatIsNoWholeNumberOfSecondsIsRefused() {
        CollectionSpec spec = CollectionSpec.single("c", "/id");
        for (Duration odd : new Duration[]{Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(1_500)}) {
            assertThatThrownBy(() -> spec.ttl(odd)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> spec.ttlField("/until", odd)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
