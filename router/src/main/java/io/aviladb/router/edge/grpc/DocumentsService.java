package io.aviladb.router.edge.grpc;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.proto.v1.BatchRequest;
import io.aviladb.proto.v1.BatchResponse;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.DeleteRequest;
import io.aviladb.proto.v1.DocumentRef;
import io.aviladb.proto.v1.DocumentsGrpc;
import io.aviladb.proto.v1.GetRequest;
import io.aviladb.proto.v1.GetResponse;
import io.aviladb.proto.v1.InsertRequest;
import io.aviladb.proto.v1.ListRequest;
import io.aviladb.proto.v1.ListResponse;
import io.aviladb.proto.v1.PatchRequest;
import io.aviladb.proto.v1.PutRequest;
import io.aviladb.proto.v1.Receipt;
import io.aviladb.proto.v1.Refusal;
import io.aviladb.proto.v1.RequestContext;
import io.aviladb.proto.v1.WriteResponse;
import io.aviladb.router.edge.DocumentBodies;
import io.aviladb.router.edge.DocumentMetadata;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.Keys;
import io.aviladb.router.edge.ListTokens;
import io.aviladb.router.edge.PatchBodies;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.session.EntityTag;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Documents over gRPC. */
final class DocumentsService extends DocumentsGrpc.DocumentsImplBase {
    private final Edge edge;
    private final GrpcCalls calls;
    private final GrpcTerms messages;

    DocumentsService(Edge edge) {
        this.edge = edge;
        this.calls = new GrpcCalls(edge);
        this.messages = new GrpcTerms(edge);
    }

    private <A> CompletableFuture<A> in(CollectionRef ref, RequestContext context, GrpcCalls.Call call,
            BiFunction<CollectionDefinition, RequestTerms, CompletableFuture<A>> serve) {
        RequestTerms terms = messages.terms(context, call);
        return edge.definitions().collection(GrpcTerms.name(ref), terms.deadline())
                .thenCompose(collection -> terms.serve(at -> serve.apply(collection, at)));
    }

    private WriteResponse written(GrpcCalls.Call call, DocumentOperations.Written written) {
        return item(written).setContext(messages.context(call, written.session(), written.served())).build();
    }

    private static WriteResponse.Builder item(DocumentOperations.Written written) {
        String region = written.served().region().name();
        String version = written.unit().version().toString();
        return WriteResponse.newBuilder().setId(written.id()).setVersion(version)
                .setEtag(EntityTag.of(written.document().vector())).setCreated(written.document().created())
                .setSizeBytes(written.document().sizeBytes()).setCompressionRatio(1)
                .setReceipt(Receipt.newBuilder().setRegion(region).setGroup(written.unit().group()).setTerm(written.unit().term())
                        .setIndex(written.unit().index()).setVersion(version)
                        .addAllRegions(written.regions().stream().map(io.aviladb.core.region.RegionId::name).toList()));
    }

    @Override
    public void insert(InsertRequest request, StreamObserver<WriteResponse> observer) {
        calls.run("Insert", observer,
                call -> in(request.getCollection(), request.getContext(), call, (collection, terms) -> edge.documents()
                        .insert(collection, DocumentBodies.object(GrpcTerms.json(request.getDocument())),
                                messages.operation(request.hasOperation(), request.getOperation(), "Insert",
                                        request.toBuilder().clearContext().build()),
                                terms)
                        .thenApply(written -> written(call, written))));
    }

    @Override
    public void put(PutRequest request, StreamObserver<WriteResponse> observer) {
        DocumentRef ref = request.getDocument();
        calls.run("Put", observer, call -> in(ref.getCollection(), request.getContext(), call, (collection, terms) -> edge.documents()
                .put(collection, ref.getId(), GrpcTerms.partition(ref.hasPartitionKey(), ref.getPartitionKey()),
                        DocumentBodies.object(GrpcTerms.json(request.getBody())), GrpcTerms.precondition(request.getPrecondition()),
                        messages.operation(request.hasOperation(), request.getOperation(), "Put",
                                request.toBuilder().clearContext().build()),
                        terms)
                .thenApply(written -> written(call, written))));
    }

    @Override
    public void patch(PatchRequest request, StreamObserver<WriteResponse> observer) {
        DocumentRef ref = request.getDocument();
        calls.run("Patch", observer, call -> in(ref.getCollection(), request.getContext(), call, (collection, terms) -> {
            Mutation mutation;
            if (request.hasMerge()) {
                if (request.getOperationsCount() > 0) {
                    throw new AvilaError(ErrorCode.INVALID_PATCH, "a patch is a list of operations or a merge, not both");
                }
                mutation = PatchBodies.merge(GrpcTerms.json(request.getMerge()), collection.strategy());
            } else {
                mutation = PatchBodies.patch(operations(request), collection.strategy());
            }
            return edge.documents()
                    .change(key(collection, ref), ref.getId(), GrpcTerms.precondition(request.getPrecondition()), mutation,
                            messages.operation(request.hasOperation(), request.getOperation(), "Patch",
                                    request.toBuilder().clearContext().build()),
                            terms)
                    .thenApply(written -> written(call, written));
        }));
    }

    private static List<PatchOperation> operations(PatchRequest request) {
        List<PatchOperation> operations = new ArrayList<>();
        for (io.aviladb.proto.v1.PatchOperation operation : request.getOperationsList()) {
            int index = operations.size();
            PatchOperation.Kind kind = switch (operation.getKind()) {
                case SET -> PatchOperation.Kind.SET;
                case UNSET -> PatchOperation.Kind.UNSET;
                case INC -> PatchOperation.Kind.INC;
                case MAX -> PatchOperation.Kind.MAX;
                case MIN -> PatchOperation.Kind.MIN;
                case APPEND -> PatchOperation.Kind.APPEND;
                case ADD_TO_SET -> PatchOperation.Kind.ADD_TO_SET;
                case REMOVE -> PatchOperation.Kind.REMOVE;
                case MOVE -> PatchOperation.Kind.MOVE;
                case KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new AvilaError(ErrorCode.INVALID_PATCH, "operation " + index + " has no known kind");
            };
            JsonValue value = operation.hasValue() ? GrpcTerms.value(operation.getValue()) : null;
            operations.add(PatchBodies.operation(kind, PatchBodies.path(operation.getPath(), index),
                    operation.getFrom().isEmpty() ? null : PatchBodies.path(operation.getFrom(), index), value, index));
        }
        return operations;
    }

    private static DocumentKey key(CollectionDefinition collection, DocumentRef ref) {
        return Keys.of(collection, GrpcTerms.partition(ref.hasPartitionKey(), ref.getPartitionKey()), ref.getId());
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<WriteResponse> observer) {
        DocumentRef ref = request.getDocument();
        calls.run("Delete", observer, call -> in(ref.getCollection(), request.getContext(), call, (collection, terms) -> edge.documents()
                .change(key(collection, ref), ref.getId(), GrpcTerms.precondition(request.getPrecondition()), new Mutation.Delete(),
                        messages.operation(request.hasOperation(), request.getOperation(), "Delete",
                                request.toBuilder().clearContext().build()),
                        terms)
                .thenApply(written -> written(call, written))));
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> observer) {
        DocumentRef ref = request.getDocument();
        calls.run("Get", observer, call -> in(ref.getCollection(), request.getContext(), call,
                (collection, terms) -> edge.snapshots().chosen(terms, collection.id(), KeyRange.prefix(key(collection, ref).bytes()))
                        .thenCompose(at -> edge.documents().get(key(collection, ref), at).thenApply(found -> {
                            byte[] json = found.reply().json().orElseThrow(() -> new RefusedException(
                                    new AvilaError(ErrorCode.DOCUMENT_NOT_FOUND,
                                            "no document '" + ref.getId() + "' has this partition key"),
                                    found.session(), found.served()));
                            var vector = found.reply().vector();
                            byte[] body = request.getMetadata() ? DocumentMetadata.append(json, found.reply(), edge.tracker().map()) : json;
                            return GetResponse.newBuilder().setDocument(GrpcTerms.payload(body))
                                    .setVersion(DocumentMetadata.newest(vector).map(Object::toString).orElse(""))
                                    .setEtag(EntityTag.of(vector))
                                    .setContext(messages.context(call, found.session(), found.served(), at)).build();
                        }))));
    }

    @Override
    public void batch(BatchRequest request, StreamObserver<BatchResponse> observer) {
        calls.run("Batch", observer, call -> in(request.getCollection(), request.getContext(), call, (collection, terms) -> {
            List<Supplier<io.aviladb.core.document.JsonObject>> bodies = new ArrayList<>();
            request.getDocumentsList().forEach(payload -> bodies.add(() -> DocumentBodies.object(GrpcTerms.json(payload))));
            return edge.documents().batch(collection, bodies, request.getAtomic(), messages.operation(request.hasOperation(),
                    request.getOperation(), "Batch", request.toBuilder().clearContext().build()), terms).thenApply(result -> {
                        BatchResponse.Builder response = BatchResponse.newBuilder();
                        result.items().forEach(item -> response.addResults(result(item)));
                        return response.setContext(messages.context(call, result.session(), served(result))).build();
                    });
        }));
    }

    /** Where the last of the batch was written. */
    private static @Nullable Served served(DocumentOperations.BatchResult result) {
        return result.items().reversed().stream().map(DocumentOperations.BatchItem::written).filter(Objects::nonNull)
                .map(DocumentOperations.Written::served).findFirst().orElse(null);
    }

    private static BatchResponse.Result result(DocumentOperations.BatchItem item) {
        BatchResponse.Result.Builder result = BatchResponse.Result.newBuilder().setId(item.id());
        DocumentOperations.Written written = item.written();
        AvilaError refusal = item.refusal();
        if (written != null) {
            result.setWritten(item(written));
        } else if (refusal != null) {
            result.setRefusal(Refusal.newBuilder().setCode(refusal.code().code()).setReason(refusal.code().name())
                    .setMessage(refusal.detail()).setHint(refusal.code().fix()).setRetryable(refusal.code().retryable()));
        }
        return result.build();
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListResponse> observer) {
        calls.run("List", observer, call -> in(request.getCollection(), request.getContext(), call, (collection, terms) -> {
            List<JsonValue> prefix = GrpcTerms.partition(request.hasPartitionKeyPrefix(), request.getPartitionKeyPrefix())
                    .orElse(List.of());
            KeyRange interval = DocumentKey.prefix(collection.id(), collection.strategy(), prefix);
            ListQuery.Scope scope = GrpcTerms.scope(request.getScope());
            ListTokens tokens = new ListTokens(edge.tokens(), interval, scope);
            int pageSize = request.getPageSize() == 0 ? ListQuery.DEFAULT_PAGE_SIZE : request.getPageSize();
            return edge.snapshots().chosen(terms, collection.id(), interval).thenCompose(at -> edge.listing()
                    .list(new ListQuery(collection.id(), interval, tokens.read(request.getContinuationToken()), pageSize, scope,
                            request.getRefusePartial(), at.region(), at.consistency(), at.demand(), at.deadline()))
                    .thenApply(page -> {
                        ListResponse.Builder response = ListResponse.newBuilder().setContinuationToken(tokens.write(page.next()))
                                .setCoverage(GrpcTerms.coverage(page.regions()));
                        page.rows().forEach(row -> response.addDocuments(GrpcTerms.payload(
                                request.getMetadata()
                                        ? DocumentMetadata.append(row.json(), row.vector(), edge.tracker().map())
                                        : row.json())));
                        response.setVersion(DocumentMetadata.newest(page.seen()).map(Object::toString).orElse(""));
                        return response.setContext(messages.context(call, at.token().join(page.seen()), page.served(), at)).build();
                    }));
        }));
    }
}
