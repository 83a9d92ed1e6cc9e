package io.aviladb.router.edge.grpc;

import com.linecorp.armeria.server.grpc.GrpcService;
import io.aviladb.router.edge.Edge;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;

/** All gRPC services of a router, as one Armeria service that answers on the event loop. */
public final class GrpcEdge {
    private GrpcEdge() {
    }

    public static GrpcService service(Edge edge, int maxMessageBytes) {
        return GrpcService.builder().addService(new DocumentsService(edge)).addService(new DatabasesService(edge))
                .addService(new CollectionsService(edge)).addService(new QueriesService(edge)).addService(new StatusService(edge))
                .addService(new HealthStatusManager().getHealthService()).addService(ProtoReflectionServiceV1.newInstance())
                .maxRequestMessageLength(maxMessageBytes).maxResponseMessageLength(maxMessageBytes).useBlockingTaskExecutor(false).build();
    }
}
