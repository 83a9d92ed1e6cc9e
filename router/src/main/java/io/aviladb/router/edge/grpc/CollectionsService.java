package io.aviladb.router.edge.grpc;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.CollectionOptions;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.NodeId;
import io.aviladb.crdt.policy.MergePolicies;
import io.aviladb.crdt.expiry.Ttls;
import io.aviladb.crdt.schema.Schemas;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.v1.AlterCollectionRequest;
import io.aviladb.proto.v1.Collection;
import io.aviladb.proto.v1.CollectionsGrpc;
import io.aviladb.proto.v1.CreateCollectionRequest;
import io.aviladb.proto.v1.DeleteCollectionRequest;
import io.aviladb.proto.v1.DeleteCollectionResponse;
import io.aviladb.proto.v1.GetCollectionRequest;
import io.aviladb.proto.v1.ListCollectionsRequest;
import io.aviladb.proto.v1.ListCollectionsResponse;
import io.aviladb.proto.v1.ListRangesRequest;
import io.aviladb.proto.v1.ListRangesResponse;
import io.aviladb.proto.v1.Payload;
import io.aviladb.router.edge.CollectionBodies;
import io.aviladb.router.edge.Edge;
import io.aviladb.router.edge.MergePolicyJudge;
import io.aviladb.router.topology.CollectionName;
import io.aviladb.router.topology.RegionMap;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Collections over gRPC. */
final class CollectionsService extends CollectionsGrpc.CollectionsImplBase {
    private final Edge edge;
    private final GrpcCalls calls;
    private final GrpcTerms messages;

    CollectionsService(Edge edge) {
        this.edge = edge;
        this.calls = new GrpcCalls(edge);
        this.messages = new GrpcTerms(edge);
    }

    private static Collection collection(CollectionDefinition definition) {
        Collection.Builder collection = Collection.newBuilder().setDatabase(definition.database()).setName(definition.name())
                .setPartitionKey(GrpcTerms.payload(CollectionBodies.toJson(definition.strategy()).toJsonBytes()))
                .setMergePolicy(GrpcTerms.payload(MergePolicies.toJson(definition.mergePolicy()).toJsonBytes()))
                .setCatalogVersion(definition.catalogVersion());
        if (!definition.schema().isNone()) {
            collection.setSchema(GrpcTerms.payload(Schemas.toJson(definition.schema()).toJsonBytes()));
        }
        if (!definition.ttl().isNone()) {
            collection.setTtl(GrpcTerms.payload(Ttls.toJson(definition.ttl()).toJson().getBytes(StandardCharsets.UTF_8)));
        }
        return collection.build();
    }

    private static CollectionOptions options(boolean hasSchema, Payload schema, boolean hasTtl, Payload ttl) {
        return new CollectionOptions(hasSchema ? Optional.of(Schemas.parse(GrpcTerms.value(schema))) : Optional.empty(),
                hasTtl ? Optional.of(Ttls.parse(GrpcTerms.value(ttl))) : Optional.empty());
    }

    /** On a thread of its own: a custom merge is tried on many documents. */
    private static CompletableFuture<MergePolicyDefinition> policy(Payload policy) {
        JsonValue json = GrpcTerms.value(policy);
        return CompletableFuture.supplyAsync(() -> MergePolicyJudge.parse(json));
    }

    @Override
    public void createCollection(CreateCollectionRequest request, StreamObserver<Collection> observer) {
        calls.run("CreateCollection", observer, call -> {
            if (!request.hasPartitionKey()) {
                throw new AvilaError(ErrorCode.INVALID_PARTITION_STRATEGY, "the request lacks partition_key");
            }
            PartitionStrategy strategy = CollectionBodies.strategy(GrpcTerms.value(request.getPartitionKey()));
            CompletableFuture<MergePolicyDefinition> policy = request.hasMergePolicy()
                    ? policy(request.getMergePolicy())
                    : CompletableFuture.completedFuture(MergePolicyDefinition.DEFAULT);
            return policy.thenCompose(accepted -> edge.definitions()
                    .createCollection(new CollectionName(request.getDatabase(), request.getName()), strategy, accepted, List.of(),
                            options(request.hasSchema(), request.getSchema(), request.hasTtl(), request.getTtl()), messages.deadline(call)))
                    .thenApply(CollectionsService::collection);
        });
    }

    @Override
    public void listCollections(ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> observer) {
        calls.run("ListCollections", observer,
                call -> edge.definitions().collections(request.getDatabase(), messages.deadline(call))
                        .thenApply(all -> ListCollectionsResponse.newBuilder()
                                .addAllCollections(all.stream().map(CollectionsService::collection).toList()).build()));
    }

    @Override
    public void getCollection(GetCollectionRequest request, StreamObserver<Collection> observer) {
        calls.run("GetCollection", observer,
                call -> edge.definitions().collection(GrpcTerms.name(request.getCollection()), messages.deadline(call))
                        .thenApply(CollectionsService::collection));
    }

    @Override
    public void alterCollection(AlterCollectionRequest request, StreamObserver<Collection> observer) {
        calls.run("AlterCollection", observer, call -> {
            if (!request.hasMergePolicy() && !request.hasSchema() && !request.hasTtl()) {
                throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "the request has neither merge_policy nor schema nor ttl");
            }
            CollectionOptions options = options(request.hasSchema(), request.getSchema(), request.hasTtl(), request.getTtl());
            CompletableFuture<Optional<MergePolicyDefinition>> policy = request.hasMergePolicy()
                    ? policy(request.getMergePolicy()).thenApply(Optional::of)
                    : CompletableFuture.completedFuture(Optional.empty());
            return policy.thenCompose(accepted -> edge.definitions().alterCollection(GrpcTerms.name(request.getCollection()), accepted,
                    options, messages.deadline(call))).thenApply(CollectionsService::collection);
        });
    }

    @Override
    public void deleteCollection(DeleteCollectionRequest request, StreamObserver<DeleteCollectionResponse> observer) {
        calls.run("DeleteCollection", observer,
                call -> edge.definitions().dropCollection(GrpcTerms.name(request.getCollection()), messages.deadline(call))
                        .thenApply(done -> DeleteCollectionResponse.getDefaultInstance()));
    }

    @Override
    public void listRanges(ListRangesRequest request, StreamObserver<ListRangesResponse> observer) {
        calls.run("ListRanges", observer, call -> edge.definitions()
                .collection(GrpcTerms.name(request.getCollection()), messages.deadline(call)).thenApply(collection -> {
                    ListRangesResponse.Builder response = ListRangesResponse.newBuilder();
                    RegionMap own = edge.tracker().map().map(edge.tracker().own());
                    if (own != null) {
                        own.within(collection.id(), KeyRange.collection(collection.id()))
                                .forEach(range -> response.addRanges(range(own, range)));
                    }
                    return response.build();
                }));
    }

    private ListRangesResponse.Range range(RegionMap own, Topology.Range range) {
        String leader = own.group(range.group()).flatMap(group -> edge.tracker().leader(own.region(), group)).map(NodeId::toString)
                .orElse("");
        return ListRangesResponse.Range.newBuilder().setRange(range.ref().range()).setEpoch(range.ref().epoch()).setGroup(range.group())
                .setStart(HexFormat.of().formatHex(range.keys().start())).setEnd(HexFormat.of().formatHex(range.keys().end()))
                .setLeader(leader).build();
    }
}
