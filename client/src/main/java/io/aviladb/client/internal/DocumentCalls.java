package io.aviladb.client.internal;

import io.aviladb.client.BatchResult;
import io.aviladb.client.InsertResult;
import io.aviladb.client.Page;
import io.aviladb.client.Scope;
import io.aviladb.client.StoredDocument;
import io.aviladb.client.WriteResult;
import io.aviladb.client.option.RequestOptions;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.proto.v1.BatchRequest;
import io.aviladb.proto.v1.BatchResponse;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.DeleteRequest;
import io.aviladb.proto.v1.DocumentsGrpc;
import io.aviladb.proto.v1.GetRequest;
import io.aviladb.proto.v1.GetResponse;
import io.aviladb.proto.v1.InsertRequest;
import io.aviladb.proto.v1.ListRequest;
import io.aviladb.proto.v1.ListResponse;
import io.aviladb.proto.v1.OperationId;
import io.aviladb.proto.v1.PatchRequest;
import io.aviladb.proto.v1.Payload;
import io.aviladb.proto.v1.PutRequest;
import io.aviladb.proto.v1.WriteResponse;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The operations on one collection's documents, as calls. */
public final class DocumentCalls {
    private final Transport transport;
    private final OperationIds ids;
    private final CollectionRef collection;
    private final RequestOptions options;

    public DocumentCalls(Transport transport, OperationIds ids, String database, String collection, RequestOptions options) {
        this(transport, ids, CollectionRef.newBuilder().setDatabase(database).setCollection(collection).build(), options);
    }

    private DocumentCalls(Transport transport, OperationIds ids, CollectionRef collection, RequestOptions options) {
        this.transport = transport;
        this.ids = ids;
        this.collection = collection;
        this.options = options;
    }

    public DocumentCalls with(RequestOptions other) {
        return new DocumentCalls(transport, ids, collection, other);
    }

    /** Statements of the same collection, asked the same way. */
    public QueryCalls queries() {
        return new QueryCalls(transport, ids, collection, options);
    }

    public String database() {
        return collection.getDatabase();
    }

    public String collection() {
        return collection.getCollection();
    }

    public RequestOptions options() {
        return options;
    }

    public CompletableFuture<InsertResult> insert(Document document) {
        Payload payload = Wire.payload(document.json());
        return write(DocumentsGrpc.getInsertMethod(), (terms, id) -> InsertRequest.newBuilder().setCollection(collection)
                .setDocument(payload).setContext(Wire.writing(options, terms)).setOperation(id).build())
                .thenApply(reply -> Wire.inserted(reply.answer(), Wire.answer(reply.answer().getContext(), reply)));
    }

    public CompletableFuture<BatchResult> batch(List<Document> documents, boolean atomic) {
        List<Payload> payloads = documents.stream().map(document -> Wire.payload(document.json())).toList();
        return send(DocumentsGrpc.getBatchMethod(), (terms, id) -> BatchRequest.newBuilder().setCollection(collection)
                .addAllDocuments(payloads).setAtomic(atomic).setContext(Wire.writing(options, terms)).setOperation(id).build(),
                (BatchResponse answer) -> answer.getContext().getSession())
                .thenApply(reply -> Wire.batch(reply.answer(), Wire.answer(reply.answer().getContext(), reply)));
    }

    public CompletableFuture<StoredDocument> get(Key key) {
        return transport.call(new Operation<>(DocumentsGrpc.getGetMethod(), Kind.READ, options.timeout(),
                terms -> GetRequest.newBuilder().setDocument(Wire.document(collection, key)).setContext(Wire.reading(options, terms))
                        .build(),
                (GetResponse answer) -> answer.getContext().getSession()))
                .thenApply(reply -> new StoredDocument(key.id(), key.partition(), Wire.document(reply.answer().getDocument()),
                        reply.answer().getVersion(), reply.answer().getEtag(), Wire.answer(reply.answer().getContext(), reply)));
    }

    public CompletableFuture<WriteResult> put(Key key, Document body, Guard guard) {
        Payload payload = Wire.payload(body.json());
        return written(DocumentsGrpc.getPutMethod(), (terms, id) -> {
            PutRequest.Builder request = PutRequest.newBuilder().setDocument(Wire.document(collection, key)).setBody(payload)
                    .setContext(Wire.writing(options, terms)).setOperation(id);
            return (guard instanceof Guard.None ? request : request.setPrecondition(Wire.precondition(guard))).build();
        });
    }

    public CompletableFuture<WriteResult> patch(Key key, List<PatchOperation> operations, Guard guard) {
        return written(DocumentsGrpc.getPatchMethod(), (terms, id) -> {
            PatchRequest.Builder request = PatchRequest.newBuilder().setDocument(Wire.document(collection, key))
                    .addAllOperations(operations.stream().map(Wire::patch).toList()).setContext(Wire.writing(options, terms))
                    .setOperation(id);
            return (guard instanceof Guard.None ? request : request.setPrecondition(Wire.precondition(guard))).build();
        });
    }

    public CompletableFuture<WriteResult> delete(Key key, Guard guard) {
        return written(DocumentsGrpc.getDeleteMethod(), (terms, id) -> {
            DeleteRequest.Builder request = DeleteRequest.newBuilder().setDocument(Wire.document(collection, key))
                    .setContext(Wire.writing(options, terms)).setOperation(id);
            return (guard instanceof Guard.None ? request : request.setPrecondition(Wire.precondition(guard))).build();
        });
    }

    /** What a listing asks for. */
    public record ListTerms(List<JsonValue> prefix, int pageSize, Scope scope, boolean refusePartial, boolean metadata) {}

    public CompletableFuture<Page> list(ListTerms asked, Optional<String> continuation) {
        return transport.call(new Operation<>(DocumentsGrpc.getListMethod(), Kind.READ, options.timeout(), terms -> {
            ListRequest.Builder request = ListRequest.newBuilder().setCollection(collection).setPageSize(asked.pageSize())
                    .setScope(io.aviladb.proto.v1.Scope.valueOf("SCOPE_" + asked.scope().name())).setRefusePartial(asked.refusePartial())
                    .setMetadata(asked.metadata()).setContext(Wire.reading(options, terms));
            continuation.ifPresent(request::setContinuationToken);
            return (asked.prefix().isEmpty() ? request : request.setPartitionKeyPrefix(Wire.payload(asked.prefix()))).build();
        }, (ListResponse answer) -> answer.getContext().getSession()))
                .thenApply(reply -> Wire.page(reply.answer(), Wire.answer(reply.answer().getContext(), reply)));
    }

    private <Q> CompletableFuture<WriteResult> written(MethodDescriptor<Q, WriteResponse> method,
            BiFunction<Terms, OperationId, Q> request) {
        return write(method, request).thenApply(reply -> Wire.written(reply.answer(), Wire.answer(reply.answer().getContext(), reply)));
    }

    private <Q> CompletableFuture<Reply<WriteResponse>> write(MethodDescriptor<Q, WriteResponse> method,
            BiFunction<Terms, OperationId, Q> request) {
        return send(method, request, answer -> answer.getContext().getSession());
    }

    /** The id is chosen here, before the first attempt, and is the same in all. */
    private <Q, A> CompletableFuture<Reply<A>> send(MethodDescriptor<Q, A> method, BiFunction<Terms, OperationId, Q> request,
            Function<A, String> session) {
        OperationId chosen = ids.next().build();
        return transport.call(new Operation<>(method, Kind.WRITE, options.timeout(),
                terms -> request.apply(terms, chosen.toBuilder().setRegion(terms.region()).build()), session));
    }
}
