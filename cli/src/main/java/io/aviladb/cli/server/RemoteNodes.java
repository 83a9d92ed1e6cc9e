package io.aviladb.cli.server;

import io.aviladb.cli.fault.FaultTarget;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.NodeConnector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A cluster of separate processes, as one of its nodes sees it: faults reach all nodes, and only this one's process can be ended. */
final class RemoteNodes implements FaultTarget {
    private static final long ANSWER_MILLIS = 200;
    private static final long TELL_SECONDS = 5;
    /** What a process that was killed exits with. */
    private static final int KILLED = 137;

    private final ClusterLayout layout;
    private final NodeConnector connector;
    private final NodeId self;
    private final FaultTable table;

    /** @param connector without faults: they never act on their own control */
    RemoteNodes(ClusterLayout layout, NodeConnector connector, NodeId self, FaultTable table) {
        this.layout = layout;
        this.connector = connector;
        this.self = self;
        this.table = table;
    }

    @Override
    public void start(NodeId node) {
        throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "a node that runs by itself is started by whoever runs it");
    }

    /** The answer leaves first. */
    @Override
    public void kill(NodeId node) {
        if (!node.equals(self)) {
            throw new AvilaError(ErrorCode.NOT_IMPLEMENTED, "a node that runs by itself can only be killed at its own router");
        }
        CompletableFuture.delayedExecutor(ANSWER_MILLIS, TimeUnit.MILLISECONDS).execute(() -> Runtime.getRuntime().halt(KILLED));
    }

    @Override
    public boolean isRunning(NodeId node) {
        return true; // or it would have to be started, which only others can
    }

    @Override
    public void play(FaultSet faults) {
        table.replace(faults);
        List<CompletableFuture<FaultSet>> told = new ArrayList<>();
        for (ClusterLayout.Node node : layout.nodes()) {
            if (!node.node().equals(self)) {
                told.add(connector.connect(node.node(), node.rpcAddress()).setFaults(faults).orTimeout(TELL_SECONDS, TimeUnit.SECONDS)
                        .exceptionally(down -> faults));
            }
        }
        told.forEach(CompletableFuture::join);
    }
}
