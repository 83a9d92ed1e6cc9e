package io.aviladb.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.v1.*;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A server of one map, over real gRPC: it records requests, applies an operation once, and fails as it is told to. */
final class FakeServer implements AutoCloseable {
    final List<Message> requests = new CopyOnWriteArrayList<>();
    /** Applied before, or instead of, an answer: one is taken for each document request. */
    final Queue<Script> script = new ConcurrentLinkedQueue<>();
    private final String region;
    private final TreeMap<String, JsonObject> documents = new TreeMap<>();
    private final Map<ByteString, Message> applied = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private final List<String> databases = new CopyOnWriteArrayList<>();
    private final List<io.aviladb.proto.v1.Collection> collections = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final Server server;

    /** What happens to a request. */
    record Script(StatusRuntimeException error, boolean appliedBefore) {}

    FakeServer(String region) {
        this(region, 0);
    }

    FakeServer(String region, int port) {
        this.region = region;
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port)).maxInboundMessageSize(20 << 20)
                    .addService(new Docs()).addService(new Dbs()).addService(new Colls()).addService(new Queries()).addService(new Stat())
                    .build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return "aviladb://127.0.0.1:" + port();
    }

    void refuseNext(ErrorCode code, int times) {
        for (int i = 0; i < times; i++) {
            script.add(new Script(error(code, 0), false));
        }
    }

    /** A refusal that asks for a longer wait than any test allows. */
    void refuseForLong(ErrorCode code) {
        script.add(new Script(error(code, 600_000), false));
    }

    void applyButLoseAnswer() {
        script.add(new Script(Status.UNAVAILABLE.withDescription("connection reset").asRuntimeException(), true));
    }

    static StatusRuntimeException error(ErrorCode code, int retryAfterMillis) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.valueOf(code.grpc().name()).value()).setMessage("said by the fake")
                .addDetails(Any.pack(ErrorInfo.newBuilder().setReason(code.name()).setDomain("aviladb").putMetadata("code", code.code())
                        .putMetadata("hint", code.fix()).build()));
        if (retryAfterMillis > 0) {
            status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(com.google.protobuf.Duration.newBuilder()
                    .setSeconds(retryAfterMillis / 1_000).setNanos(retryAfterMillis % 1_000 * 1_000_000)).build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    <M extends Message> List<M> received(Class<M> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private synchronized <A extends Message> void answer(Message request, StreamObserver<A> out, Supplier<A> work) {
        requests.add(request);
        Script next = script.poll();
        if (next != null && !next.appliedBefore()) {
            out.onError(next.error());
            return;
        }
        try {
            A answer = work.get();
            if (next != null) {
                out.onError(next.error());
                return;
            }
            out.onNext(answer);
            out.onCompleted();
        } catch (StatusRuntimeException refused) {
            out.onError(refused);
        }
    }

    @SuppressWarnings("unchecked")
    private <A extends Message> A once(OperationId id, Supplier<A> work) {
        if (id.getClient().size() != 16 || !id.getRegion().equals(region) && applied.isEmpty()) {
            throw error(ErrorCode.MALFORMED_REQUEST, 0);
        }
        ByteString key = id.toByteString();
        Message known = applied.get(key);
        if (known == null) {
            known = work.get();
            applied.put(key, known);
        }
        return (A) known;
    }

    private AnswerContext context() {
        return AnswerContext.newBuilder().setRegion(region).setNode(region + "/1").setReason("leader").setLatencyMs(0.5)
                .setSession("token-" + answers.incrementAndGet()).setRequestId("r1").build();
    }

    private WriteResponse written(String id, boolean created) {
        return WriteResponse.newBuilder().setId(id).setVersion("0000000000000001-1").setEtag(etag(id)).setCreated(created).setSizeBytes(10)
                .setCompressionRatio(2.5)
                .setReceipt(
                        io.aviladb.proto.v1.Receipt.newBuilder().setRegion(region).setGroup(3).setTerm(2).setIndex(9).addRegions(region))
                .setContext(context()).build();
    }

    private String etag(String id) {
        JsonObject document = documents.get(id);
        return document == null ? "" : "e" + document.hashCode();
    }

    private static JsonObject parse(Payload payload) {
        return Document.parse(payload.getData().toByteArray()).root();
    }

    private static Payload payload(JsonValue value) {
        return Payload.newBuilder().setData(ByteString.copyFrom(value.toJsonBytes())).build();
    }

    private WriteResponse insert(JsonObject document) {
        String id = document.get("id").map(value -> ((JsonString) value).value()).orElse("made-" + documents.size());
        if (documents.containsKey(id)) {
            throw error(ErrorCode.DOCUMENT_EXISTS, 0);
        }
        documents.put(id, document.with("id", new JsonString(id)));
        return written(id, true);
    }

    private JsonObject present(String id) {
        JsonObject document = documents.get(id);
        if (document == null) {
            throw error(ErrorCode.DOCUMENT_NOT_FOUND, 0);
        }
        return document;
    }

    private void check(Precondition precondition, String id) {
        if (precondition.hasIfPresent()) {
            present(id);
        }
        if (precondition.hasIfMatch() && !precondition.getIfMatch().equals(etag(id))) {
            throw error(ErrorCode.PRECONDITION_FAILED, 0);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Docs extends DocumentsGrpc.DocumentsImplBase {
        @Override
        public void insert(InsertRequest request, StreamObserver<WriteResponse> out) {
            answer(request, out, () -> once(request.getOperation(), () -> FakeServer.this.insert(parse(request.getDocument()))));
        }

        @Override
        public void batch(BatchRequest request, StreamObserver<BatchResponse> out) {
            answer(request, out, () -> once(request.getOperation(), () -> {
                BatchResponse.Builder results = BatchResponse.newBuilder().setContext(context());
                for (Payload document : request.getDocumentsList()) {
                    try {
                        WriteResponse one = FakeServer.this.insert(parse(document));
                        results.addResults(BatchResponse.Result.newBuilder().setId(one.getId()).setWritten(one));
                    } catch (StatusRuntimeException exists) {
                        ErrorCode code = ErrorCode.DOCUMENT_EXISTS;
                        results.addResults(BatchResponse.Result.newBuilder().setId("taken").setRefusal(Refusal.newBuilder()
                                .setCode(code.code()).setReason(code.name()).setMessage("exists").setHint(code.fix())));
                    }
                }
                return results.build();
            }));
        }

        @Override
        public void get(GetRequest request, StreamObserver<GetResponse> out) {
            answer(request, out, () -> {
                String id = request.getDocument().getId();
                return GetResponse.newBuilder().setDocument(payload(present(id))).setVersion("0000000000000001-1").setEtag(etag(id))
                        .setContext(context()).build();
            });
        }

        @Override
        public void put(PutRequest request, StreamObserver<WriteResponse> out) {
            answer(request, out, () -> once(request.getOperation(), () -> {
                String id = request.getDocument().getId();
                check(request.getPrecondition(), id);
                return written(id, documents.put(id, parse(request.getBody())) == null);
            }));
        }

        @Override
        public void patch(PatchRequest request, StreamObserver<WriteResponse> out) {
            answer(request, out, () -> once(request.getOperation(), () -> {
                String id = request.getDocument().getId();
                check(request.getPrecondition(), id);
                JsonObject document = present(id);
                for (PatchOperation operation : request.getOperationsList()) {
                    if (operation.getKind() == PatchOperation.Kind.INC) {
                        String field = FieldPath.parse(operation.getPath()).last();
                        JsonNumber by = (JsonNumber) JsonParser.parse(operation.getValue().getData().toByteArray());
                        long before = document.get(field).map(value -> ((JsonNumber) value).toLong().orElseThrow()).orElse(0L);
                        document = document.with(field, JsonNumber.of(before + by.toLong().orElseThrow()));
                    }
                }
                documents.put(id, document);
                return written(id, false);
            }));
        }

        @Override
        public void delete(DeleteRequest request, StreamObserver<WriteResponse> out) {
            answer(request, out, () -> once(request.getOperation(), () -> {
                String id = request.getDocument().getId();
                check(request.getPrecondition(), id);
                present(id);
                documents.remove(id);
                return written(id, false);
            }));
        }

        @Override
        public void list(ListRequest request, StreamObserver<ListResponse> out) {
            answer(request, out, () -> {
                int size = request.getPageSize() == 0 ? 100 : request.getPageSize();
                ListResponse.Builder page = ListResponse.newBuilder().setContext(context()).setCoverage(
                        io.aviladb.proto.v1.Coverage.newBuilder().setComplete(true).addRegions(
                                io.aviladb.proto.v1.Coverage.Region.newBuilder().setRegion(region).setAnswered(true)));
                documents.tailMap(request.getContinuationToken(), false).entrySet().stream().limit(size).forEach(entry -> {
                    page.addDocuments(payload(entry.getValue())).setContinuationToken(entry.getKey());
                });
                return page.getDocumentsCount() < size ? page.clearContinuationToken().build() : page.build();
            });
        }
    }

    /** Answers every query with all documents, a page at a time, and every change with the number of documents. */
    private final class Queries extends QueriesGrpc.QueriesImplBase {
        @Override
        public void query(QueryRequest request, StreamObserver<QueryPage> out) {
            answer(request, out, () -> {
                QueryPage.Builder page = QueryPage.newBuilder().setContext(context()).setVersion("0000000000000002-1").setCoverage(
                        io.aviladb.proto.v1.Coverage.newBuilder().setComplete(true));
                if (request.getQuery().startsWith("EXPLAIN")) {
                    return page.setPlan("Result").addRows(payload(new JsonObject(Map.of("operator", new JsonString("Result"))))).build();
                }
                boolean values = request.getQuery().startsWith("SELECT VALUE");
                int size = request.getPageSize() == 0 ? 100 : request.getPageSize();
                documents.tailMap(request.getContinuationToken(), false).entrySet().stream().limit(size).forEach(entry -> {
                    page.addRows(payload(values ? new JsonString(entry.getKey()) : entry.getValue())).setContinuationToken(entry.getKey());
                });
                return page.getRowsCount() < size ? page.clearContinuationToken().build() : page.build();
            });
        }

        @Override
        public void change(ChangeRequest request, StreamObserver<ChangeResponse> out) {
            answer(request, out, () -> once(request.getOperation(), () -> ChangeResponse.newBuilder().setCount(documents.size())
                    .setVersion("0000000000000003-1").setContext(context()).build()));
        }
    }

    private final class Dbs extends DatabasesGrpc.DatabasesImplBase {
        @Override
        public void createDatabase(CreateDatabaseRequest request, StreamObserver<io.aviladb.proto.v1.Database> out) {
            answer(request, out, () -> {
                if (databases.contains(request.getName())) {
                    throw error(ErrorCode.DATABASE_EXISTS, 0);
                }
                databases.add(request.getName());
                return io.aviladb.proto.v1.Database.newBuilder().setName(request.getName()).build();
            });
        }

        @Override
        public void listDatabases(ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> out) {
            answer(request, out, () -> ListDatabasesResponse.newBuilder().addAllDatabases(databases.stream()
                    .map(name -> io.aviladb.proto.v1.Database.newBuilder().setName(name).build()).toList()).build());
        }

        @Override
        public void deleteDatabase(DeleteDatabaseRequest request, StreamObserver<DeleteDatabaseResponse> out) {
            answer(request, out, () -> {
                databases.remove(request.getName());
                return DeleteDatabaseResponse.getDefaultInstance();
            });
        }
    }

    private final class Colls extends CollectionsGrpc.CollectionsImplBase {
        @Override
        public void createCollection(CreateCollectionRequest request, StreamObserver<io.aviladb.proto.v1.Collection> out) {
            answer(request, out, () -> {
                io.aviladb.proto.v1.Collection.Builder made = io.aviladb.proto.v1.Collection.newBuilder()
                        .setDatabase(request.getDatabase()).setName(request.getName()).setPartitionKey(request.getPartitionKey())
                        .setMergePolicy(request.getMergePolicy()).setCatalogVersion(1);
                if (request.hasSchema()) {
                    made.setSchema(request.getSchema());
                }
                if (request.hasTtl()) {
                    made.setTtl(request.getTtl());
                }
                collections.add(made.build());
                return made.build();
            });
        }

        @Override
        public void listCollections(ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> out) {
            answer(request, out, () -> ListCollectionsResponse.newBuilder().addAllCollections(collections).build());
        }

        @Override
        public void deleteCollection(DeleteCollectionRequest request, StreamObserver<DeleteCollectionResponse> out) {
            answer(request, out, () -> {
                collections.removeIf(known -> known.getName().equals(request.getCollection().getCollection()));
                return DeleteCollectionResponse.getDefaultInstance();
            });
        }
    }

    private final class Stat extends StatusGrpc.StatusImplBase {
        @Override
        public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> out) {
            out.onNext(GetStatusResponse.newBuilder().setRegion(region).build());
            out.onCompleted();
        }
    }
}
