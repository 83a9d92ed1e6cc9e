package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.aviladb.proto.v1.BatchRequest;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.CollectionsGrpc;
import io.aviladb.proto.v1.CreateCollectionRequest;
import io.aviladb.proto.v1.CreateDatabaseRequest;
import io.aviladb.proto.v1.DatabasesGrpc;
import io.aviladb.proto.v1.DeleteRequest;
import io.aviladb.proto.v1.DocumentRef;
import io.aviladb.proto.v1.DocumentsGrpc;
import io.aviladb.proto.v1.GetRequest;
import io.aviladb.proto.v1.GetStatusRequest;
import io.aviladb.proto.v1.InsertRequest;
import io.aviladb.proto.v1.ListRequest;
import io.aviladb.proto.v1.OperationId;
import io.aviladb.proto.v1.PatchOperation;
import io.aviladb.proto.v1.PatchRequest;
import io.aviladb.proto.v1.Payload;
import io.aviladb.proto.v1.Precondition;
import io.aviladb.proto.v1.PutRequest;
import io.aviladb.proto.v1.StatusGrpc;
import io.aviladb.proto.v1.RequestContext;
import io.aviladb.proto.v1.WriteResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcTest {
    private static final CollectionRef PLAYERS = CollectionRef.newBuilder().setDatabase("game").setCollection("players").build();
    private RouterFixture router;
    private ManagedChannel channel;
    private DocumentsGrpc.DocumentsBlockingStub documents;

    @BeforeAll
    void start() {
        router = RouterFixture.of("sa-east-1");
        channel = NettyChannelBuilder.forAddress("127.0.0.1", router.server.port()).usePlaintext().maxInboundMessageSize(20 << 20).build();
        documents = DocumentsGrpc.newBlockingStub(channel);
        DatabasesGrpc.newBlockingStub(channel).createDatabase(CreateDatabaseRequest.newBuilder().setName("game").build());
        CollectionsGrpc.newBlockingStub(channel).createCollection(
                CreateCollectionRequest.newBuilder().setDatabase("game").setName("players").setPartitionKey(json("\"/userId\"")).build());
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        router.close();
    }

    private static Payload json(String text) {
        return Payload.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
    }

    private static DocumentRef ref(String id) {
        return DocumentRef.newBuilder().setCollection(PLAYERS).setId(id).setPartitionKey(json("[\"u\"]")).build();
    }

    private WriteResponse insert(String id) {
        return documents.insert(InsertRequest.newBuilder().setCollection(PLAYERS)
                .setDocument(json("{\"id\":\"" + id + "\",\"userId\":\"u\"}")).build());
    }

    @Test
    void documentLivesAndDies() {
        WriteResponse inserted = insert("life");
        assertThat(inserted.getCreated()).isTrue();
        assertThat(inserted.getReceipt().getRegion()).isEqualTo("sa-east-1");
        assertThat(inserted.getContext().getSession()).isNotEmpty();
        documents.patch(PatchRequest.newBuilder().setDocument(ref("life")).addOperations(
                PatchOperation.newBuilder().setKind(PatchOperation.Kind.SET).setPath("/a").setValue(json("9007199254740993"))).build());
        assertThat(documents.get(GetRequest.newBuilder().setDocument(ref("life")).build()).getDocument().getData().toStringUtf8())
                .isEqualTo("{\"id\":\"life\",\"userId\":\"u\",\"a\":9007199254740993}");
        assertThatThrownBy(() -> documents.put(PutRequest.newBuilder().setDocument(ref("life")).setBody(json("{}"))
                .setPrecondition(Precondition.newBuilder().setIfMatch(inserted.getEtag())).build())).hasMessageStartingWith(
                        "FAILED_PRECONDITION");
        documents.delete(DeleteRequest.newBuilder().setDocument(ref("life")).build());
        assertThatThrownBy(() -> documents.get(GetRequest.newBuilder().setDocument(ref("life")).build()))
                .hasMessageStartingWith("NOT_FOUND");
    }

    @Test
    void errorsCarryTheirReasonAndHint() throws InvalidProtocolBufferException {
        insert("twice");
        StatusRuntimeException thrown = org.junit.jupiter.api.Assertions.assertThrows(StatusRuntimeException.class, () -> insert("twice"));
        com.google.rpc.Status status = java.util.Objects.requireNonNull(StatusProto.fromThrowable(thrown));
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("DOCUMENT_EXISTS");
        assertThat(info.getDomain()).isEqualTo("aviladb");
        assertThat(info.getMetadataMap()).containsEntry("code", "AVL-2014").containsKeys("hint", "session");
    }

    private Metadata headersOf(Consumer<DocumentsGrpc.DocumentsBlockingStub> call) {
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        call.accept(documents.withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)));
        return headers.get() == null ? trailers.get() : headers.get();
    }

    private static String header(Metadata headers, String name) {
        return String.valueOf(headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    }

    @Test
    void metadataSayWhereAndWhyOfAnswersAndOfErrors() {
        insert("routed");
        Metadata found = headersOf(stub -> stub.get(GetRequest.newBuilder().setDocument(ref("routed")).build()));
        assertThat(header(found, "x-aviladb-routed")).isEqualTo("region=sa-east-1; node=sa-east-1/1; why=leader");
        assertThat(header(found, "x-aviladb-request-id")).hasSize(16);
        Metadata missing = headersOf(stub -> assertThatThrownBy(() -> stub.get(GetRequest.newBuilder().setDocument(ref("none")).build()))
                .hasMessageStartingWith("NOT_FOUND"));
        assertThat(header(missing, "x-aviladb-routed")).as("a node proved the absence").contains("why=leader");
        Metadata malformed = headersOf(stub -> assertThatThrownBy(() -> stub.get(GetRequest.newBuilder().setDocument(ref("none"))
                .setContext(RequestContext.newBuilder().setSession("no token")).build())));
        assertThat(header(malformed, "x-aviladb-routed")).isEqualTo("region=sa-east-1; node=none; why=router");
    }

    @Test
    void aTraceIsAnsweredUnderTheRequestsId() {
        Metadata sent = new Metadata();
        sent.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        Metadata got = headersOf(stub -> assertThatThrownBy(() -> stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent))
                .get(GetRequest.newBuilder().setDocument(ref("none")).build())));
        assertThat(header(got, "traceparent"))
                .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-" + header(got, "x-aviladb-request-id") + "-01");
    }

    @Test
    void regionsOfThePreferenceAreKnownRegions() {
        insert("preferred");
        assertThatThrownBy(() -> documents.get(GetRequest.newBuilder().setDocument(ref("preferred"))
                .setContext(RequestContext.newBuilder().addRegions("mars-1")).build())).hasMessageContaining("no region 'mars-1'");
        assertThat(documents.get(GetRequest.newBuilder().setDocument(ref("preferred"))
                .setContext(RequestContext.newBuilder().addRegions("sa-east-1")).build()).getContext().getRegion()).isEqualTo("sa-east-1");
    }

    @Test
    void retryableErrorsSayWhen() throws InvalidProtocolBufferException {
        router.cluster.node("sa-east-1/1").failBefore
                .add(io.aviladb.proto.node.NodeRefusal.of(io.aviladb.core.error.ErrorCode.OVERLOADED, "full"));
        StatusRuntimeException thrown = org.junit.jupiter.api.Assertions.assertThrows(StatusRuntimeException.class,
                () -> insert("overload"));
        com.google.rpc.Status status = java.util.Objects.requireNonNull(StatusProto.fromThrowable(thrown));
        assertThat(status.getDetails(1).unpack(RetryInfo.class).getRetryDelay().getNanos()).isEqualTo(100_000_000);
    }

    @Test
    void retryUnderTheSameOperationGetsTheSameAnswer() {
        OperationId operation = OperationId.newBuilder().setClient(ByteString.copyFrom(new byte[16])).setSequence(1).setRegion("sa-east-1")
                .build();
        InsertRequest request = InsertRequest.newBuilder().setCollection(PLAYERS).setDocument(json("{\"userId\":\"u\"}"))
                .setOperation(operation).build();
        WriteResponse first = documents.insert(request);
        assertThat(documents.insert(request).getId()).isEqualTo(first.getId());
        assertThatThrownBy(() -> documents.insert(request.toBuilder().setDocument(json("{\"userId\":\"v\"}")).build()))
                .hasMessageContaining("another body");
    }

    @Test
    void batchListAndStatus() {
        var batch = documents.batch(BatchRequest.newBuilder().setCollection(PLAYERS).addDocuments(json("{\"id\":\"g1\",\"userId\":\"g\"}"))
                .addDocuments(json("{\"id\":\"g2\"}")).build());
        assertThat(batch.getResults(0).hasWritten()).isTrue();
        assertThat(batch.getResults(1).getRefusal().getReason()).isEqualTo("MISSING_PARTITION_FIELD");
        var page = documents.list(ListRequest.newBuilder().setCollection(PLAYERS).setPartitionKeyPrefix(json("[\"g\"]")).build());
        assertThat(page.getDocumentsCount()).isEqualTo(1);
        assertThat(page.getCoverage().getComplete()).isTrue();
        assertThat(StatusGrpc.newBlockingStub(channel).getStatus(GetStatusRequest.getDefaultInstance()).getNodesCount()).isEqualTo(3);
    }

    @Test
    void largestDocumentPasses() {
        String head = "{\"id\":\"large\",\"userId\":\"u\",\"t\":\"";
        String body = head + "x".repeat(4_194_304 - head.length() - 2) + "\"}";
        documents.insert(InsertRequest.newBuilder().setCollection(PLAYERS).setDocument(json(body)).build());
        assertThat(documents.get(GetRequest.newBuilder().setDocument(ref("large")).build()).getDocument().getData().size())
                .isEqualTo(4_194_304);
    }

    @Test
    void healthIsServed() {
        assertThat(HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }
}
