package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.time.Clock;
import java.nio.file.Path;

/**
 * What one node needs to start.
 *
 * @param bindHost the address that RPC and Raft listen on; what others are told stands in the layout
 * @param clock the seam for a shifted clock in tests
 */
public record NodeConfig(NodeId node, Path data, String bindHost, int rpcPort, int raftPort, boolean faultsEnabled, NodeLimits limits,
        Clock clock) {
    public static NodeConfig of(NodeId node, Path data, String bindHost, int rpcPort, int raftPort) {
        return new NodeConfig(node, data, bindHost, rpcPort, raftPort, false, NodeLimits.DEFAULTS, Clock.system());
    }

    public NodeConfig(NodeId node, Path data, String bindHost, int rpcPort, int raftPort, boolean faultsEnabled, NodeLimits limits) {
        this(node, data, bindHost, rpcPort, raftPort, faultsEnabled, limits, Clock.system());
    }

    public NodeConfig withFaults() {
        return new NodeConfig(node, data, bindHost, rpcPort, raftPort, true, limits, clock);
    }

    public NodeConfig withLimits(NodeLimits other) {
        return new NodeConfig(node, data, bindHost, rpcPort, raftPort, faultsEnabled, other, clock);
    }
}
