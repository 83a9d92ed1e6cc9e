package io.aviladb.router.edge.grpc;

import io.aviladb.proto.v1.GetStatusRequest;
import io.aviladb.proto.v1.GetStatusResponse;
import io.aviladb.proto.v1.StatusGrpc;
import io.aviladb.router.edge.ClusterStatus;
import io.aviladb.router.edge.Edge;
import io.grpc.stub.StreamObserver;
import java.util.Locale;

/** Status over gRPC. */
final class StatusService extends StatusGrpc.StatusImplBase {
    private final Edge edge;
    private final GrpcCalls calls;

    StatusService(Edge edge) {
        this.edge = edge;
        this.calls = new GrpcCalls(edge);
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> observer) {
        calls.run("GetStatus", observer, call -> edge.status().report().thenApply(StatusService::response));
    }

    private static GetStatusResponse response(ClusterStatus.Report report) {
        GetStatusResponse.Builder response = GetStatusResponse.newBuilder().setRegion(report.region().name());
        report.regions().forEach(region -> response.addRegions(GetStatusResponse.Region.newBuilder().setName(region.region().name())
                .setIncarnation(region.incarnation()).setReachable(region.reachable())));
        report.nodes().forEach(node -> response.addNodes(GetStatusResponse.Node.newBuilder().setId(node.node().toString())
                .setRegion(node.node().region().name()).setEndpoint(node.endpoint()).setState(node.state())));
        report.groups().forEach(group -> response.addGroups(GetStatusResponse.Group.newBuilder().setGroup(group.group())
                .setKind(group.kind().name().toLowerCase(Locale.ROOT)).setRegion(group.region().name()).setLeader(group.leader())
                .setTerm(group.term()).setApplied(group.applied()).setClosed("%016x".formatted(group.closed().bits()))
                .setRanges(group.ranges())));
        report.links().forEach(link -> response.addLinks(GetStatusResponse.Link.newBuilder().setFrom(link.way().from().name())
                .setTo(link.way().to().name()).setLagMs(link.lagMillis()).setLagEntries(link.lagEntries()).setState(link.state())));
        return response.build();
    }
}
