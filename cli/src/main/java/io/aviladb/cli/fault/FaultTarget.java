package io.aviladb.cli.fault;

import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.FaultSet;

/** The nodes that faults act on. Safe for several threads. */
public interface FaultTarget {
    /** Starts a node that is not running. Returns once it is up; it may still be catching up. */
    void start(NodeId node);

    /** Ends a node like a crash does: no flush, no farewell. Nothing where it isn't running. */
    void kill(NodeId node);

    boolean isRunning(NodeId node);

    /** Gives the faults to all running nodes, and to what else plays them. */
    void play(FaultSet faults);
}
