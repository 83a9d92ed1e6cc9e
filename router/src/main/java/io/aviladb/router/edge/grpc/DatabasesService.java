package io.aviladb.router.edge.grpc;

import io.aviladb.core.region.RegionId;
import io.aviladb.proto.v1.CreateDatabaseRequest;
import io.aviladb.proto.v1.Database;
import io.aviladb.proto.v1.DatabasesGrpc;
import io.aviladb.proto.v1.DeleteDatabaseRequest;
import io.aviladb.proto.v1.DeleteDatabaseResponse;
import io.aviladb.proto.v1.GetDatabaseRequest;
import io.aviladb.proto.v1.ListDatabasesRequest;
import io.aviladb.proto.v1.ListDatabasesResponse;
import io.aviladb.router.edge.Edge;
import io.grpc.stub.StreamObserver;

/** Databases over gRPC. */
final class DatabasesService extends DatabasesGrpc.DatabasesImplBase {
    private final Edge edge;
    private final GrpcCalls calls;
    private final GrpcTerms messages;

    DatabasesService(Edge edge) {
        this.edge = edge;
        this.calls = new GrpcCalls(edge);
        this.messages = new GrpcTerms(edge);
    }

    private Database database(String name) {
        return Database.newBuilder().setName(name)
                .addAllRegions(edge.tracker().map().regionNames().stream().map(RegionId::name).toList()).build();
    }

    @Override
    public void createDatabase(CreateDatabaseRequest request, StreamObserver<Database> observer) {
        calls.run("CreateDatabase", observer,
                call -> edge.definitions().createDatabase(request.getName(), messages.deadline(call)).thenApply(this::database));
    }

    @Override
    public void listDatabases(ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> observer) {
        calls.run("ListDatabases", observer, call -> edge.definitions().databases(messages.deadline(call)).thenApply(
                names -> ListDatabasesResponse.newBuilder().addAllDatabases(names.stream().map(this::database).toList()).build()));
    }

    @Override
    public void getDatabase(GetDatabaseRequest request, StreamObserver<Database> observer) {
        calls.run("GetDatabase", observer,
                call -> edge.definitions().database(request.getName(), messages.deadline(call)).thenApply(this::database));
    }

    @Override
    public void deleteDatabase(DeleteDatabaseRequest request, StreamObserver<DeleteDatabaseResponse> observer) {
        calls.run("DeleteDatabase", observer, call -> edge.definitions().dropDatabase(request.getName(), messages.deadline(call))
                .thenApply(done -> DeleteDatabaseResponse.getDefaultInstance()));
    }
}
