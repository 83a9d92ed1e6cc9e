package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.v1.ChangeRequest;
import io.aviladb.proto.v1.ChangeResponse;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.Payload;
import io.aviladb.proto.v1.QueriesGrpc;
import io.aviladb.proto.v1.QueryPage;
import io.aviladb.proto.v1.QueryRequest;
import io.aviladb.proto.v1.RequestContext;
import io.aviladb.proto.v1.Scope;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries over gRPC: pages as a stream, changes, and the errors that REST gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryGrpcTest {
    private static final int DOCUMENTS = 60;
    private RouterFixture router;
    private ManagedChannel channel;
    private QueriesGrpc.QueriesBlockingStub queries;

    @BeforeAll
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
        for (int i = 0; i < DOCUMENTS; i++) {
            String body = "{\"id\":\"p%02d\",\"userId\":\"u%d\",\"level\":%d}".formatted(i, i % 3, i);
            assertThat(router.call("POST", RouterFixture.PLAYERS, body).status()).isEqualTo(201);
        }
        channel = NettyChannelBuilder.forAddress("127.0.0.1", router.server.port()).usePlaintext().build();
        queries = QueriesGrpc.newBlockingStub(channel);
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        router.close();
    }

    private static Payload json(String text) {
        return Payload.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
    }

    private static QueryRequest.Builder ask(String query) {
        return QueryRequest.newBuilder().setDatabase("game").setQuery(query);
    }

    private static List<String> rows(List<QueryPage> pages) {
        return pages.stream().flatMap(page -> page.getRowsList().stream()).map(row -> row.getData().toStringUtf8()).toList();
    }

    private List<QueryPage> pages(QueryRequest.Builder request) {
        List<QueryPage> pages = new ArrayList<>();
        queries.query(request.build()).forEachRemaining(pages::add);
        return pages;
    }

    private long count(String condition) {
        return Long.parseLong(rows(pages(ask("SELECT VALUE COUNT(*) FROM players WHERE " + condition))).get(0));
    }

    @Test
    void theStreamHasAllPagesOfTheQuery() {
        QueryRequest.Builder request = ask("SELECT VALUE level FROM players WHERE level >= @from ORDER BY level DESC")
                .putParameters("from", json("11")).setPageSize(7);
        List<QueryPage> pages = pages(request);
        assertThat(pages).hasSize(7);
        assertThat(rows(pages)).hasSize(49).startsWith("59", "58").endsWith("12", "11");
        assertThat(pages).allSatisfy(page -> {
            assertThat(page.getCoverage().getComplete()).isTrue();
            assertThat(page.getContext().getSession()).isNotEmpty();
            assertThat(page.getContext().getRegion()).isEqualTo("sa-east-1");
            assertThat(page.getVersion()).matches("[0-9a-f]{16}-[0-9]+");
        });
        assertThat(pages.get(6).getContinuationToken()).isEmpty();
        // A call that ended, for whatever reason, goes on with the last page's token.
        List<QueryPage> first = pages(request.setMaxPages(2));
        assertThat(first).hasSize(2);
        List<QueryPage> rest = pages(request.setMaxPages(0).setContinuationToken(first.get(1).getContinuationToken()));
        assertThat(rows(rest)).hasSize(35).startsWith("45").endsWith("11");
    }

    /** That the region's nodes have been asked to run. */
    private int fragments() {
        return router.cluster.region("sa-east-1").leaders.values().stream().distinct()
                .mapToInt(leader -> router.cluster.node(leader.toString()).fragments.get()).sum();
    }

    @Test
    void aCallerThatTakesNothingHoldsTheStreamUp() throws Exception {
        int pages = 40;
        String large = "x".repeat(300_000);
        assertThat(router.call("POST", "/v1/databases/game/collections", "{\"name\":\"large\",\"partitionKey\":\"/id\"}").status())
                .isEqualTo(201);
        for (int i = 0; i < pages; i++) {
            router.call("POST", "/v1/databases/game/collections/large/documents", "{\"id\":\"d%d\",\"x\":\"%s\"}".formatted(i, large));
        }
        int before = fragments();
        CompletableFuture<ClientCallStreamObserver<QueryRequest>> started = new CompletableFuture<>();
        AtomicInteger received = new AtomicInteger();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        QueriesGrpc.newStub(channel).query(ask("SELECT * FROM large").setPageSize(1).build(),
                new ClientResponseObserver<QueryRequest, QueryPage>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<QueryRequest> stream) {
                        stream.disableAutoRequestWithInitial(1);
                        started.complete(stream);
                    }

                    @Override
                    public void onNext(QueryPage page) {
                        received.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        ended.complete(thrown);
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(new IllegalStateException("all pages came"));
                    }
                });
        ClientCallStreamObserver<QueryRequest> stream = started.get(20, TimeUnit.SECONDS);
        Awaitility.await().until(() -> received.get() == 1);
        AtomicInteger last = new AtomicInteger(-1);
        Awaitility.await().pollInterval(Duration.ofMillis(300)).until(() -> last.getAndSet(fragments()) == fragments());
        assertThat(fragments() - before).as("pages made for a caller that takes one").isLessThan(pages / 2);
        stream.cancel("enough", null);
        assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessageStartingWith("CANCELLED");
        assertThat(received).hasValue(1);
        Awaitility.await().untilAsserted(() -> assertThat(router.call("GET", "/metrics", "").text()).contains(
                "aviladb_requests_in_flight 0.0"));
    }

    @Test
    void globalQueriesAndPlansComeTheSameWay() {
        List<QueryPage> global = pages(ask("SELECT COUNT(*) AS n FROM players").setScope(Scope.SCOPE_GLOBAL));
        assertThat(global.get(0).getCoverage().getRegionsList()).extracting(region -> region.getRegion()).containsExactlyInAnyOrder(
                "sa-east-1", "us-east-1");
        QueryPage plan = pages(ask("EXPLAIN ANALYZE SELECT * FROM players WHERE userId = 'u1'")).get(0);
        assertThat(plan.getPlan()).contains("access: PREFIX");
        assertThat(plan.getRows(0).getData().toStringUtf8()).contains("\"rows\":20,", "\"milliseconds\":");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT * FROM players WHERE              | QUERY_SYNTAX
            SELECT * FROM players WHERE level > @min | QUERY_PARAMETER
            SELECT LENGHT(id) FROM players           | QUERY_INVALID
            SELECT * FROM nobody                     | COLLECTION_NOT_FOUND
            DELETE FROM players WHERE level = 1      | QUERY_INVALID
            ''                                       | MALFORMED_REQUEST
            """)
    void refusesAsRestDoes(String query, ErrorCode code) throws InvalidProtocolBufferException {
        refused(() -> pages(ask(query)), code);
    }

    private static void refused(Runnable call, ErrorCode code) throws InvalidProtocolBufferException {
        StatusRuntimeException thrown = Assertions.assertThrows(StatusRuntimeException.class, call::run);
        com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(thrown), thrown::toString);
        assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo(code.name());
        assertThat(thrown.getStatus().getCode().name()).isEqualTo(code.grpc().name());
    }

    @Test
    void theSessionOfARequestIsMetAndItsDeadlineHolds() throws InvalidProtocolBufferException {
        refused(() -> pages(ask("SELECT * FROM players").setContext(RequestContext.newBuilder().setSession("no token"))),
                ErrorCode.INVALID_SESSION);
        refused(() -> pages(ask("SELECT * FROM players").setContext(RequestContext.newBuilder().setTimeoutMs(-1))),
                ErrorCode.MALFORMED_REQUEST);
        refused(() -> pages(ask("SELECT * FROM players").setMaxPages(-1)), ErrorCode.MALFORMED_REQUEST);
        refused(() -> pages(ask("SELECT * FROM players").setPageSize(1_001)), ErrorCode.MALFORMED_REQUEST);
        try (Context.CancellableContext over = Context.current().withCancellation()) {
            over.cancel(null);
            assertThatThrownBy(() -> over.call(() -> {
                Iterator<QueryPage> none = queries.query(ask("SELECT * FROM players").build());
                return none.hasNext();
            })).hasMessageStartingWith("CANCELLED");
        }
    }

    private ChangeResponse change(ChangeRequest.Builder request) {
        return queries.change(request.setCollection(CollectionRef.newBuilder().setDatabase("game").setCollection("players")).build());
    }

    private static ChangeRequest.Assignment.Builder assignment(String path) {
        return ChangeRequest.Assignment.newBuilder().setPath(path);
    }

    @Test
    void changesByConditionTellHowManyThereWere() throws InvalidProtocolBufferException {
        ChangeResponse changed = change(ChangeRequest.newBuilder().setWhere("`userId` = @user AND level < 30").putParameters("user",
                json("\"u2\"")).setUpdate(
                        ChangeRequest.Update.newBuilder().addAssignments(assignment("/wins").setIncrement(json("3")))
                                .addAssignments(assignment("/seen").setSet(json("{\"by\":\"grpc\"}")))));
        assertThat(changed.getCount()).isEqualTo(10);
        assertThat(changed.getContext().getSession()).isNotEmpty();
        assertThat(changed.getVersion()).isNotEmpty();
        assertThat(count("wins = 3 AND seen.by = 'grpc'")).isEqualTo(10);
        assertThat(change(ChangeRequest.newBuilder().setStatement("UPDATE players SET wins = wins + 1 WHERE wins = 3")).getCount())
                .isEqualTo(10);
        assertThat(change(ChangeRequest.newBuilder().setWhere("wins = 4").setUpdate(
                ChangeRequest.Update.newBuilder().addAssignments(assignment("/seen").setUnset(true)))).getCount()).isEqualTo(10);
        assertThat(count("seen IS MISSING AND wins = 4")).isEqualTo(10);
        assertThat(count("wins IS MISSING")).isEqualTo(DOCUMENTS - 10);

        ChangeRequest.Update touch = ChangeRequest.Update.newBuilder().addAssignments(assignment("/x").setSet(json("1"))).build();
        refused(() -> change(ChangeRequest.newBuilder().setUpdate(touch)), ErrorCode.CONFIRMATION_REQUIRED);
        refused(() -> change(ChangeRequest.newBuilder().setDelete(ChangeRequest.Delete.getDefaultInstance())),
                ErrorCode.CONFIRMATION_REQUIRED);
        refused(() -> change(ChangeRequest.newBuilder().setUpdate(ChangeRequest.Update.getDefaultInstance()).setWhere("level = 1")),
                ErrorCode.INVALID_PATCH);
        refused(() -> change(ChangeRequest.newBuilder().setStatement("DELETE FROM others WHERE a = 1")), ErrorCode.MALFORMED_REQUEST);
        refused(() -> change(ChangeRequest.newBuilder().setStatement("SELECT * FROM players")), ErrorCode.QUERY_INVALID);
        refused(() -> change(ChangeRequest.newBuilder().setWhere("level = 1")), ErrorCode.MALFORMED_REQUEST);
        assertThat(count("x = 1")).isZero();
    }
}
