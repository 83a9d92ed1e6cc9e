package io.aviladb.node.server;

import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.controller.Members;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.MemberReply;
import io.aviladb.proto.node.MemberRequest;
import io.aviladb.proto.node.NodeRefusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Answers nodes that ask to be part of a cluster that runs. One that the region knows gets the layout, with itself in it; for a new id of the region the
 * controller is asked to take it in, and the node asks again until it is known. Any thread.
 */
final class Admission {
    private final ClusterLayout layout;
    private final NodeId self;
    private final Registry registry;
    private final Function<MemberRequest, CompletableFuture<MemberReply>> controller;

    /** @param controller asks the leader of the region's controller */
    Admission(ClusterLayout layout, NodeId self, Registry registry, Function<MemberRequest, CompletableFuture<MemberReply>> controller) {
        this.layout = layout;
        this.self = self;
        this.registry = registry;
        this.controller = controller;
    }

    /** Fails with {@link NodeRefusal}: {@link ErrorCode#MALFORMED_REQUEST} where asking again wouldn't help. */
    CompletableFuture<JoinReply> join(JoinRequest request) {
        NodeId id = request.node();
        if (!request.cluster().equals(layout.name())) {
            throw refused("node " + id + " asks for the cluster '" + request.cluster() + "', and this is '" + layout.name() + "'");
        }
        Optional<Members.Node> known = registry.node(id);
        if (registry.isGone(id)) {
            throw refused(id + " left the region: its id isn't used again");
        }
        if (known.isPresent()) {
            ClusterLayout.Node node = new ClusterLayout.Node(id, request.rpcAddress(), request.raftAddress(), request.endpoint());
            boolean same = known.get().equals(new Members.Node(id, request.rpcAddress(), request.raftAddress(), request.endpoint()));
            if (!same) {
                throw refused(id + " is known at other addresses: " + known.get().rpcAddress() + ", " + known.get().raftAddress());
            }
            byte[] with = with(node).toJson();
            return CompletableFuture.completedFuture(new JoinReply(with, 0, 0));
        }
        if (!id.region().equals(self.region())) {
            throw refused(id + " is of no region that this node can speak for: name a node of its own region in 'seeds'");
        }
        return controller.apply(new MemberRequest.Add(id, request.rpcAddress(), request.raftAddress(), request.endpoint(), token(request)))
                .handle((begun, failure) -> {
                    Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
                    if (cause instanceof NodeRefusal refusal && refusal.code() == ErrorCode.NODE_ID_USED) {
                        throw refused(refusal.detail());
                    }
                    return new JoinReply(new byte[0], 0, 0); // asked again until this node has heard of it
                });
    }

    private static NodeRefusal refused(String detail) {
        return NodeRefusal.of(ErrorCode.MALFORMED_REQUEST, detail);
    }

    /** The layout as it was formed, with a node more: the groups' first members are what their logs begin with, on every node. */
    private ClusterLayout with(ClusterLayout.Node node) {
        if (layout.nodes().contains(node)) {
            return layout;
        }
        List<ClusterLayout.Node> nodes = new ArrayList<>(layout.nodes());
        nodes.removeIf(other -> other.node().equals(node.node()));
        nodes.add(node);
        return new ClusterLayout(layout.clusterId(), layout.name(), layout.secret(), layout.regions(), nodes, layout.groups());
    }

    /** The same node that asks twice begins one operation. */
    private static long token(JoinRequest request) {
        long token = 0x10E5_7A11_0F40_0DE5L;
        for (char c : (request.node() + " " + request.rpcAddress()).toCharArray()) {
            token = (token ^ c) * 0x9E3779B97F4A7C15L;
            token ^= token >>> 32;
        }
        return token;
    }
}
