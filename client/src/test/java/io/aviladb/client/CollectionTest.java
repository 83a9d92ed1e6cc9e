package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.client.error.InvalidRequestException;
import io.aviladb.client.error.NotFoundException;
import io.aviladb.client.error.PreconditionFailedException;
import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.v1.Consistency;
import io.aviladb.proto.v1.GetRequest;
import io.aviladb.proto.v1.InsertRequest;
import io.aviladb.proto.v1.ListRequest;
import io.aviladb.proto.v1.PatchRequest;
import io.aviladb.proto.v1.PutRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectionTest {
    private final FakeServer server = new FakeServer("sa-east-1");
    private final AvilaClient client = AvilaClient.connect(server.url());
    private final Collection players = client.database("game").collection("players");

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aResultCarriesLatencyRatioVersionReceiptAndToken() {
        InsertResult inserted = players.insert(Document.of("id", "a"));
        assertThat(inserted.latency()).isPositive();
        assertThat(inserted.compressionRatio()).isEqualTo(2.5);
        assertThat(inserted.version()).isEqualTo("0000000000000001-1");
        assertThat(inserted.etag()).isNotEmpty();
        assertThat(inserted.receipt()).isEqualTo(new Receipt("sa-east-1", 3, 2, 9, "", List.of("sa-east-1")));
        assertThat(inserted.sessionToken()).isEqualTo(client.sessionToken()).isEqualTo("token-1");
    }

    @Test
    void theTokenOfTheLastAnswerGoesWithTheNextRequest() {
        players.insert(Document.of("id", "a"));
        players.get("a");
        players.get("a");
        assertThat(server.received(InsertRequest.class).get(0).getContext().getSession()).isEmpty();
        assertThat(server.received(GetRequest.class).stream().map(get -> get.getContext().getSession())).containsExactly("token-1",
                "token-2");
    }

    @Test
    void aTokenThatTheServerRefusesIsNotSentAgain() {
        players.insert(Document.of("id", "a"));
        server.refuseNext(ErrorCode.INVALID_SESSION, 1);
        assertThatThrownBy(() -> players.get("a")).isInstanceOf(InvalidRequestException.class);
        players.get("a");
        assertThat(server.received(GetRequest.class).get(1).getContext().getSession()).isEmpty();
    }

    @Test
    void aDocumentComesBackByteForByte() {
        players.insert(
                Document.parse("{\"id\":\"a\",\"n\":9007199254740993,\"d\":1.50}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(players.get("a", "p", 7, true).document()).hasToString("{\"id\":\"a\",\"n\":9007199254740993,\"d\":1.50}");
        assertThat(server.received(GetRequest.class).get(0).getDocument().getPartitionKey().getData().toStringUtf8())
                .isEqualTo("[\"p\",7,true]");
    }

    @Test
    void replacingWhatWasReadFailsWhereItHasChanged() {
        players.insert(Document.of("id", "a", "level", 1));
        StoredDocument read = players.get("a");
        players.replace(read, Document.of("id", "a", "level", 2));
        assertThatThrownBy(() -> players.replace(read, Document.of("id", "a", "level", 3)))
                .isInstanceOf(PreconditionFailedException.class);
        assertThat(server.received(PutRequest.class))
                .allSatisfy(put -> assertThat(put.getPrecondition().getIfMatch()).isEqualTo(read.etag()));
    }

    @Test
    void replaceNeedsADocumentAndUpsertDoesNot() {
        assertThatThrownBy(() -> players.replace(Document.of("id", "a"))).isInstanceOf(NotFoundException.class);
        assertThat(players.upsert(Document.of("id", "a")).created()).isTrue();
        assertThat(players.replace(Document.of("id", "a", "x", 1)).created()).isFalse();
        assertThatThrownBy(() -> players.upsert(Document.of("x", 1))).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aPatchIsSentStepByStep() {
        players.insert(Document.of("id", "a", "wins", 1));
        players.patch("a").set("/name", "Ana").unset("/old").inc("/wins", 2).max("/best", 9).min("/worst", 1.5).append("/log", null)
                .addToSet("/tags", "x").remove("/tags", "y").move("/a", "/b").execute();

        PatchRequest sent = server.received(PatchRequest.class).get(0);
        assertThat(sent.getOperationsList().stream().map(o -> o.getKind() + " " + o.getPath() + " " + o.getFrom() + " "
                + o.getValue().getData().toStringUtf8())).containsExactly("SET /name  \"Ana\"", "UNSET /old  ", "INC /wins  2",
                        "MAX /best  9", "MIN /worst  1.5", "APPEND /log  null", "ADD_TO_SET /tags  \"x\"", "REMOVE /tags  \"y\"",
                        "MOVE /b /a ");
        assertThat(players.get("a").document()).hasToString("{\"id\":\"a\",\"wins\":3}");
        assertThatThrownBy(() -> players.patch("a").execute()).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void findIsEmptyOnlyWhereTheDocumentIsAbsent() {
        assertThat(players.find("nobody")).isEmpty();
        server.refuseNext(ErrorCode.COLLECTION_NOT_FOUND, 1);
        assertThatThrownBy(() -> players.find("nobody")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aBatchTellsOfEachDocument() {
        BatchResult batch = players.insertAll(List.of(Document.of("id", "a"), Document.of("id", "a"), Document.of("id", "b")));
        assertThat(batch.inserted()).extracting(InsertResult::id).containsExactly("a", "b");
        assertThat(batch.refused()).singleElement().satisfies(refused -> assertThat(refused.error().code()).isEqualTo("AVL-2014"));
    }

    @Test
    void aListingFetchesPageAfterPage() {
        for (int i = 0; i < 5; i++) {
            players.insert(Document.of("id", "d" + i));
        }
        assertThat(players.list().prefix("t", 1).pageSize(2).scope(Scope.GLOBAL).stream().map(Document::toString))
                .containsExactly("{\"id\":\"d0\"}", "{\"id\":\"d1\"}", "{\"id\":\"d2\"}", "{\"id\":\"d3\"}", "{\"id\":\"d4\"}");
        assertThat(server.received(ListRequest.class)).hasSize(3).allSatisfy(request -> {
            assertThat(request.getScope()).isEqualTo(io.aviladb.proto.v1.Scope.SCOPE_GLOBAL);
            assertThat(request.getPartitionKeyPrefix().getData().toStringUtf8()).isEqualTo("[\"t\",1]");
        });
        assertThat(players.list().page().coverage().complete()).isTrue();
    }

    @Test
    void deletedIsGone() {
        players.insert(Document.of("id", "a"));
        players.delete(players.get("a"));
        assertThatThrownBy(() -> players.delete("a")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatIsAskedForIsSent() {
        players.with(Durability.MAJORITY).insert(Document.of("id", "a"));
        players.with(ReadConsistency.EVENTUAL).get("a");
        assertThat(server.received(InsertRequest.class).get(0).getContext().getDurability())
                .isEqualTo(io.aviladb.proto.v1.Durability.MAJORITY);
        assertThat(server.received(GetRequest.class).get(0).getContext().getConsistency()).isEqualTo(Consistency.EVENTUAL);
        assertThat(server.received(GetRequest.class).get(0).getContext().getTimeoutMs()).isBetween(20_000L, 30_000L);
    }

    @Test
    void waitingInsideAContinuationIsRefused() {
        server.refuseNext(ErrorCode.NO_LEADER, 1); // so that the continuation is there before the answer
        CompletableFuture<StoredDocument> chained = players.async().insert(Document.of("id", "a")).thenApply(inserted -> players.get("a"));
        assertThatThrownBy(chained::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(players.async().insert(Document.of("id", "b")).thenCompose(done -> players.async().get("b")).join().id()).isEqualTo("b");
    }

    @Test
    void aBadNameIsRefusedWithoutAServer() {
        assertThatThrownBy(() -> client.database("Bad Name")).isInstanceOfSatisfying(InvalidRequestException.class,
                e -> assertThat(e.code()).isEqualTo("AVL-1013"));
    }

    @Test
    void exceptionsShowTheCallersStack() {
        assertThatThrownBy(() -> players.get("nobody")).satisfies(e -> assertThat(e.getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getClassName()).startsWith(CollectionTest.class.getName())));
    }
}
