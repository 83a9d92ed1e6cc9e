package io.aviladb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.client.error.UnavailableException;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.error.ErrorCode.Outcome;
import io.aviladb.proto.v1.InsertRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private final FakeServer first = new FakeServer("sa-east-1");
    private final FakeServer second = new FakeServer("us-east-1");

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private AvilaClient client(String options) {
        return AvilaClient.connect("aviladb://127.0.0.1:" + first.port() + ",127.0.0.1:" + second.port() + "/game" + options);
    }

    @Test
    void aHostThatIsAwayIsLeftForTheNext() {
        try (AvilaClient client = client("")) {
            first.close();
            InsertResult inserted = client.database().collection("players").insert(Document.of("id", "a"));
            assertThat(inserted.answer().region()).isEqualTo("us-east-1");
            client.database().collection("players").insert(Document.of("id", "b"));
            assertThat(second.received(InsertRequest.class)).hasSize(2)
                    .allSatisfy(request -> assertThat(request.getOperation().getRegion()).isEqualTo("us-east-1"));
        }
    }

    @Test
    void aWriteKeepsTheRegionOfItsFirstAttemptOnTheNextHost() {
        try (AvilaClient client = client("")) {
            Collection players = client.database().collection("players");
            players.insert(Document.of("id", "a"));
            second.requests.clear();
            first.refuseNext(ErrorCode.NO_LEADER, 1);
            second.refuseNext(ErrorCode.NO_LEADER, 1);
            players.insert(Document.of("id", "b"));

            assertThat(second.received(InsertRequest.class)).singleElement()
                    .satisfies(request -> assertThat(request.getOperation().getRegion()).isEqualTo("sa-east-1"));
        }
    }

    @Test
    void aHostOfThePreferredRegionIsUsedFirst() {
        try (AvilaClient client = client("?region=us-east-1")) {
            assertThat(client.database().collection("players").insert(Document.of("id", "a")).answer().region()).isEqualTo("us-east-1");
            assertThat(first.requests).isEmpty();
        }
    }

    @Test
    void whereNobodyListensNothingWasApplied() {
        try (AvilaClient client = client("?timeout=3s")) {
            first.close();
            second.close();
            assertThatThrownBy(() -> client.database().collection("players").insert(Document.of("id", "a")))
                    .isInstanceOfSatisfying(UnavailableException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_APPLIED));
        }
    }
}
