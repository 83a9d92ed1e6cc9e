package io.aviladb.client.internal;

import io.aviladb.client.CollectionInfo;
import io.aviladb.client.CollectionSpec;
import io.aviladb.client.option.RequestOptions;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.CollectionsGrpc;
import io.aviladb.proto.v1.CreateCollectionRequest;
import io.aviladb.proto.v1.CreateDatabaseRequest;
import io.aviladb.proto.v1.Database;
import io.aviladb.proto.v1.DatabasesGrpc;
import io.aviladb.proto.v1.DeleteCollectionRequest;
import io.aviladb.proto.v1.DeleteDatabaseRequest;
import io.aviladb.proto.v1.GetCollectionRequest;
import io.aviladb.proto.v1.ListCollectionsRequest;
import io.aviladb.proto.v1.ListDatabasesRequest;
import io.grpc.MethodDescriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The operations on databases and collections, as calls. They carry neither token nor id: the catalog is linearizable. */
public record DefinitionCalls(Transport transport, RequestOptions options) {
    public List<String> databases() {
        return Await.get(call(DatabasesGrpc.getListDatabasesMethod(), Kind.READ, ListDatabasesRequest.getDefaultInstance()))
                .getDatabasesList().stream().map(Database::getName).toList();
    }

    public void createDatabase(String name) {
        Await.get(call(DatabasesGrpc.getCreateDatabaseMethod(), Kind.DEFINITION, CreateDatabaseRequest.newBuilder().setName(name).build()));
    }

    public void deleteDatabase(String name) {
        Await.get(call(DatabasesGrpc.getDeleteDatabaseMethod(), Kind.DEFINITION, DeleteDatabaseRequest.newBuilder().setName(name).build()));
    }

    public void createCollection(String database, CollectionSpec spec) {
        CreateCollectionRequest.Builder request = CreateCollectionRequest.newBuilder().setDatabase(database).setName(spec.name())
                .setPartitionKey(Wire.payload(spec.partitionKey()));
        if (!spec.fieldTypes().isEmpty()) {
            Map<String, JsonValue> types = new LinkedHashMap<>();
            spec.fieldTypes().forEach((path, type) -> types.put(path.toString(), new JsonString(type)));
            request.setMergePolicy(Wire.payload(JsonObject.of("default", new JsonString("lww")).with("fields", new JsonObject(types))));
        }
        spec.schema().ifPresent(schema -> request.setSchema(Wire.payload(schema)));
        spec.ttl().ifPresent(ttl -> request.setTtl(Wire.payload(ttl)));
        Await.get(call(CollectionsGrpc.getCreateCollectionMethod(), Kind.DEFINITION, request.build()));
    }

    public List<CollectionInfo> collections(String database) {
        return Await.get(call(CollectionsGrpc.getListCollectionsMethod(), Kind.READ,
                ListCollectionsRequest.newBuilder().setDatabase(database).build())).getCollectionsList().stream().map(Wire::collection)
                .toList();
    }

    public CollectionInfo collection(String database, String name) {
        return Wire.collection(Await.get(call(CollectionsGrpc.getGetCollectionMethod(), Kind.READ,
                GetCollectionRequest.newBuilder().setCollection(ref(database, name)).build())));
    }

    public void deleteCollection(String database, String name) {
        Await.get(call(CollectionsGrpc.getDeleteCollectionMethod(), Kind.DEFINITION,
                DeleteCollectionRequest.newBuilder().setCollection(ref(database, name)).build()));
    }

    private static CollectionRef ref(String database, String name) {
        return CollectionRef.newBuilder().setDatabase(database).setCollection(name).build();
    }

    private <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Kind kind, Q request) {
        return transport.call(new Operation<>(method, kind, options.timeout(), terms -> request, answer -> "")).thenApply(Reply::answer);
    }
}
