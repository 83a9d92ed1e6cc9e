package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.client.error.InvalidRequestException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.v1.ChangeRequest;
import io.aviladb.proto.v1.OperationId;
import io.aviladb.proto.v1.QueryRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What queries and changes by condition send, and what they make of answers. */
class QueryTest {
    private final FakeServer server = new FakeServer("sa-east-1");
    private final AvilaClient client = AvilaClient.connect(server.url());
    private final Collection players = client.database("game").collection("players");

    @BeforeEach
    void insert() {
        for (int i = 0; i < 5; i++) {
            players.insert(Document.of("id", "p" + i, "userId", "u" + i));
        }
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private QueryRequest sent() {
        return server.received(QueryRequest.class).get(server.received(QueryRequest.class).size() - 1);
    }

    private ChangeRequest changed() {
        return server.received(ChangeRequest.class).get(server.received(ChangeRequest.class).size() - 1);
    }

    private static String text(io.aviladb.proto.v1.Payload payload) {
        return payload.getData().toStringUtf8();
    }

    @Test
    void aQueryCarriesItsParametersAndTheSession() {
        Page page = players.query("SELECT * FROM players WHERE level > @min").param("min", 10).param("@tags", List.of("a", 1)).execute();
        assertThat(page.documents()).hasSize(5);
        assertThat(page.continuationToken()).isEmpty();
        assertThat(page.version()).isEqualTo("0000000000000002-1");
        assertThat(page.compressionRatio()).isPositive();
        assertThat(page.latency()).isPositive();
        assertThat(page.sessionToken()).isNotEmpty().isEqualTo(client.sessionToken());
        QueryRequest sent = sent();
        assertThat(sent.getDatabase()).isEqualTo("game");
        assertThat(sent.getCollection()).isEqualTo("players");
        assertThat(sent.getMaxPages()).isEqualTo(1);
        assertThat(sent.getContext().getSession()).isNotEmpty();
        assertThat(text(sent.getParametersOrThrow("min"))).isEqualTo("10");
        assertThat(text(sent.getParametersOrThrow("tags"))).isEqualTo("[\"a\",1]");
    }

    @Test
    void pagesFollowEachOtherAndAreTriedAgain() {
        Query query = players.query("SELECT * FROM players").pageSize(2).scope(Scope.GLOBAL).refusePartial();
        server.refuseNext(ErrorCode.NO_LEADER, 1);
        assertThat(query.stream().map(Document::toString)).hasSize(5).doesNotHaveDuplicates();
        assertThat(sent().getScope()).isEqualTo(io.aviladb.proto.v1.Scope.SCOPE_GLOBAL);
        assertThat(sent().getRefusePartial()).isTrue();
        Values first = query.values();
        assertThat(query.continueAt(first.continuationToken().orElseThrow()).execute().documents().get(0).toString()).contains("p2");
    }

    @Test
    void valuesThatAreNoDocumentsAreToldFromThem() {
        Query query = players.query("SELECT VALUE id FROM players");
        assertThat(query.valueStream().map(JsonValue::toJson)).containsExactly("\"p0\"", "\"p1\"", "\"p2\"", "\"p3\"", "\"p4\"");
        assertThatThrownBy(query::execute).isInstanceOf(InvalidRequestException.class).hasMessageContaining("values()");
    }

    @Test
    void plansComeAsTextAndTree() {
        Plan plan = players.query("SELECT * FROM players").explain();
        assertThat(plan.text()).isEqualTo("Result");
        assertThat(plan.tree().toJson()).contains("operator");
        players.query("SELECT * FROM players").analyze();
        assertThat(sent().getQuery()).isEqualTo("EXPLAIN ANALYZE SELECT * FROM players");
    }

    @Test
    void selectsAreStatementsOfQuotedNamesAndParameters() {
        Query query = players.select("name", "address.city", "/a.b/c`d").where("userId", "x' OR 1 = 1")
                .where(Filter.or(Filter.gt("level", 3), Filter.in("city", "Recife", "Belém")).and(Filter.not(Filter.missing("100%s"))))
                .orderByDescending("score").orderBy("id").limit(20).offset(5).query();
        assertThat(query.text()).isEqualTo("SELECT `name`, `address`.`city`, `a.b`.`c``d` FROM `players` WHERE (`userId` = @w1) AND "
                + "(((`level` > @w2) OR (`city` IN @w3)) AND (NOT (`100%s` IS MISSING))) ORDER BY `score` DESC, `id` LIMIT @limit OFFSET @offset");
        assertThat(query.parameters()).hasToString("{w1=\"x' OR 1 = 1\", w2=3, w3=[\"Recife\",\"Belém\"], limit=20, offset=5}");
        assertThat(players.select().query().text()).isEqualTo("SELECT * FROM `players`");
    }

    @Test
    void updatesSendAssignmentsAndTheirCondition() {
        ChangeResult result = players.update().increment("wins", 1).set("address.city", "Recife").unset("/old")
                .where("userId", "player123").matching("level > @min").param("min", 3).execute();
        assertThat(result.count()).isEqualTo(5);
        assertThat(result.version()).isNotEmpty();
        assertThat(result.sessionToken()).isEqualTo(client.sessionToken());
        ChangeRequest sent = changed();
        assertThat(sent.getUpdate().getAssignmentsList()).extracting(ChangeRequest.Assignment::getPath).containsExactly("/wins",
                "/address/city", "/old");
        assertThat(text(sent.getUpdate().getAssignments(0).getIncrement())).isEqualTo("1");
        assertThat(sent.getWhere()).isEqualTo("(level > @min) AND (`userId` = @w_1)");
        assertThat(text(sent.getParametersOrThrow("w_1"))).isEqualTo("\"player123\"");
        assertThat(text(sent.getParametersOrThrow("min"))).isEqualTo("3");
        assertThat(sent.getConfirmAll()).isFalse();
    }

    @Test
    void changesOfEverythingAreRefusedUnlessTheyAreMeant() {
        assertThatThrownBy(() -> players.update().set("a", 1).execute()).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Update without WHERE clause requires explicit confirmation");
        assertThatThrownBy(() -> players.delete().execute()).isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Delete without WHERE clause is dangerous and not allowed");
        assertThatThrownBy(() -> players.update().where("a", 1).execute()).hasMessageContaining("changes no field");
        assertThatThrownBy(() -> players.delete().where("a", 1).all().execute()).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Filter.and()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Filter.eq("a..b", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.received(ChangeRequest.class)).isEmpty();
        players.delete().all().execute();
        assertThat(changed().getConfirmAll()).isTrue();
        assertThat(changed().hasDelete()).isTrue();
        players.change("UPDATE players SET wins = wins + @n WHERE userId = 'u'", Map.of("n", 2));
        assertThat(changed().getStatement()).startsWith("UPDATE players");
    }

    @Test
    void aChangeWhoseAnswerIsLostIsSentAgainAsTheSameOperation() {
        server.applyButLoseAnswer();
        assertThat(players.update().increment("wins", 1).where("userId", "u").limit(9).execute().count()).isEqualTo(5);
        assertThat(server.received(ChangeRequest.class)).hasSize(2).extracting(ChangeRequest::getOperation).doesNotContain(
                OperationId.getDefaultInstance());
        assertThat(server.received(ChangeRequest.class)).extracting(ChangeRequest::getOperation).containsOnly(changed().getOperation());
        assertThat(changed().getLimit()).isEqualTo(9);
        assertThat(players.delete().where("userId", "u").preview()).isEqualTo(5);
        assertThat(changed().getPreview()).isTrue();
        assertThat(players.delete().preview()).isEqualTo(5);
        assertThat(changed().getConfirmAll()).isFalse();
    }
}
