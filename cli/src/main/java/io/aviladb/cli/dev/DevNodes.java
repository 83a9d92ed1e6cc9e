package io.aviladb.cli.dev;

import io.aviladb.cli.fault.FaultTarget;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.NodeConnector;

/** The nodes of a cluster on this machine, each with its own router. */
interface DevNodes extends FaultTarget, AutoCloseable {
    /** Of the process that the node runs in. */
    long pid(NodeId node);

    /** The way to the nodes, without any fault. */
    NodeConnector connector();

    /** Stops all nodes cleanly. */
    @Override
    void close();
}
