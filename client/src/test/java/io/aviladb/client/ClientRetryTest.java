package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.client.error.AvilaException;
import io.aviladb.client.error.ConflictException;
import io.aviladb.client.error.IndeterminateException;
import io.aviladb.client.error.UnavailableException;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.error.ErrorCode.Outcome;
import io.aviladb.proto.v1.CreateDatabaseRequest;
import io.aviladb.proto.v1.InsertRequest;
import io.aviladb.proto.v1.OperationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientRetryTest {
    private final FakeServer server = new FakeServer("sa-east-1");
    private final AvilaClient client = AvilaClient.connect(server.url());
    private final Collection players = client.database("game").collection("players");

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private List<OperationId> operations() {
        return server.received(InsertRequest.class).stream().map(InsertRequest::getOperation).toList();
    }

    @Test
    void aRetryIsSentUnderTheIdOfTheFirstAttempt() {
        server.refuseNext(ErrorCode.NO_LEADER, 2);
        InsertResult inserted = players.insert(Document.of("id", "a"));

        assertThat(inserted.answer().attempts()).isEqualTo(3);
        assertThat(operations()).hasSize(3);
        assertThat(operations().stream().distinct()).hasSize(1);
        assertThat(operations().get(0).getClient().size()).isEqualTo(16);
        assertThat(operations().get(0).getRegion()).isEqualTo("sa-east-1");
    }

    @Test
    void differentWritesHaveDifferentIds() {
        players.insert(Document.of("id", "a"));
        players.insert(Document.of("id", "b"));
        assertThat(operations().stream().map(OperationId::getSequence)).containsExactly(1L, 2L);
        assertThat(operations().stream().map(OperationId::getClient).distinct()).hasSize(1);
    }

    @Test
    void aWriteWhoseAnswerWasLostIsAppliedOnce() {
        server.applyButLoseAnswer();
        assertThat(players.insert(Document.of("userId", "p")).id()).isEqualTo("made-0");
        assertThat(players.list().stream()).hasSize(1);
    }

    @Test
    void whatCanNeverSucceedIsNotRetried() {
        players.insert(Document.of("id", "a"));
        assertThatThrownBy(() -> players.insert(Document.of("id", "a"))).isInstanceOfSatisfying(ConflictException.class, e -> {
            assertThat(e.code()).isEqualTo("AVL-2014");
            assertThat(e.reason()).isEqualTo("DOCUMENT_EXISTS");
            assertThat(e.hint()).isEqualTo(ErrorCode.DOCUMENT_EXISTS.fix());
            assertThat(e.retryable()).isFalse();
            assertThat(e.outcome()).isEqualTo(Outcome.NOT_APPLIED);
        });
        assertThat(operations()).hasSize(2);
    }

    @Test
    void whereNoAttemptDidAnythingNothingWasApplied() {
        server.refuseNext(ErrorCode.NO_LEADER, 2);
        server.refuseForLong(ErrorCode.NO_LEADER);
        assertThatThrownBy(() -> players.insert(Document.of("id", "a")))
                .isInstanceOfSatisfying(UnavailableException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_APPLIED));
    }

    @Test
    void oneUnknownAttemptMakesTheWholeWriteUnknown() {
        server.applyButLoseAnswer();
        server.refuseForLong(ErrorCode.NO_LEADER);
        assertThatThrownBy(() -> players.insert(Document.of("id", "a")))
                .isInstanceOfSatisfying(IndeterminateException.class, e -> {
                    assertThat(e.outcome()).isEqualTo(Outcome.MAYBE_APPLIED);
                    assertThat(e.getMessage()).contains("attempts");
                });
    }

    @Test
    void theServersWaitIsHonoured() {
        server.script.add(new FakeServer.Script(FakeServer.error(ErrorCode.OVERLOADED, 400), false));
        assertThat(players.insert(Document.of("id", "a")).latency()).isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    @Test
    void theBudgetEndsRetriesOfManyOperations() {
        server.refuseNext(ErrorCode.NO_LEADER, 100_000);
        List<CompletableFuture<InsertResult>> inserts = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < 400; i++) {
            inserts.add(players.async().insert(Document.of("id", "d" + i)));
        }
        inserts.forEach(insert -> assertThatThrownBy(insert::get).hasCauseInstanceOf(AvilaException.class));
        // 400 first attempts; retries: the 100 at hand and what comes in while it lasts, 40 by traffic and 10 a second.
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds() + 1;
        assertThat((long) operations().size()).isBetween(500L, 400 + 100 + 40 + 10 * seconds);
    }

    @Test
    void aDefinitionWhoseAnswerWasLostIsNotSentAgain() {
        server.applyButLoseAnswer();
        assertThatThrownBy(() -> client.databases().create("game")).isInstanceOf(IndeterminateException.class);
        assertThat(server.received(CreateDatabaseRequest.class)).hasSize(1);
    }

    @Test
    void aDefinitionThatWasRefusedForNowIsSentAgain() {
        server.refuseNext(ErrorCode.CATALOG_UNAVAILABLE, 1);
        client.databases().create("game");
        assertThat(client.databases().list()).containsExactly("game");
    }
}
