package io.aviladb.proto.node;

import io.aviladb.core.region.NodeId;

/** Gives the way to a node. Never blocks: an unreachable node shows in the calls. */
public interface NodeConnector {
    /** @param rpcAddress {@code host:port} */
    NodeApi connect(NodeId node, String rpcAddress);
}
