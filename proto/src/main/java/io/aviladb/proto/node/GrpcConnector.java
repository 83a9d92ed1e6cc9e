package io.aviladb.proto.node;

import io.aviladb.core.region.NodeId;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Channels to nodes, one for each address, kept while this lives. */
public final class GrpcConnector implements NodeConnector, AutoCloseable {
    /** Bandwidth over a long round trip is at most window / round trip. */
    private static final int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;

    private final ConcurrentHashMap<String, ManagedChannel> channels = new ConcurrentHashMap<>();

    @Override
    public NodeApi connect(NodeId node, String rpcAddress) {
        return new NodeRpcClient(channels.computeIfAbsent(rpcAddress, GrpcConnector::open));
    }

    private static ManagedChannel open(String address) {
        int colon = address.lastIndexOf(':');
        return NettyChannelBuilder.forAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))).usePlaintext()
                .directExecutor().maxInboundMessageSize(NodeRpc.MAX_MESSAGE_BYTES).flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .keepAliveTime(15, TimeUnit.SECONDS).keepAliveTimeout(5, TimeUnit.SECONDS).keepAliveWithoutCalls(true).build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
