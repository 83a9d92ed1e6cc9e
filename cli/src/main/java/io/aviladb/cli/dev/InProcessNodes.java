package io.aviladb.cli.dev;

import io.aviladb.cli.server.StartFailure;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.NodeConfig;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.node.server.NodeServer;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.FaultyConnector;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.router.edge.FaultControl;
import io.aviladb.router.server.RouterServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** All nodes in this process. They share one table of faults; calls between them are plain calls. */
final class InProcessNodes implements DevNodes {
    private record Running(NodeServer server, RouterServer router) {}

    private final DevPlan plan;
    private final Path data;
    private final FaultTable table;
    private final ScheduledExecutorService timer;
    private final Supplier<FaultControl> faults;
    private final LocalConnector local = new LocalConnector();
    private final ConcurrentHashMap<NodeId, Running> running = new ConcurrentHashMap<>();

    InProcessNodes(DevPlan plan, Path data, FaultTable table, ScheduledExecutorService timer, Supplier<FaultControl> faults) {
        this.plan = plan;
        this.data = data;
        this.table = table;
        this.timer = timer;
        this.faults = faults;
    }

    @Override
    public void start(NodeId id) {
        ClusterLayout.Node node = plan.node(id);
        NodeConnector connector = new FaultyConnector(local, id.toString(), table, timer);
        NodeConfig config = new NodeConfig(id, plan.folderOf(data, id), DevPlan.HOST, DevPlan.port(node.rpcAddress()),
                DevPlan.port(node.raftAddress()), true, NodeLimits.DEV);
        NodeServer server;
        try {
            server = NodeServer.start(config, plan.layout(), connector, table);
        } catch (IOException e) {
            throw StartFailure.of(id.toString(), e);
        }
        local.up(id, server.api());
        try {
            RouterServer router = RouterServer.start(Routers.ofNode(plan, id), connector, java.util.Optional.of(faults.get()));
            running.put(id, new Running(server, router));
        } catch (RuntimeException e) {
            local.down(id);
            server.close();
            throw e;
        }
    }

    @Override
    public void kill(NodeId id) {
        local.down(id);
        Running node = running.remove(id);
        if (node != null) {
            node.server.kill();
            node.router.close();
        }
    }

    @Override
    public boolean isRunning(NodeId id) {
        return running.containsKey(id);
    }

    @Override
    public long pid(NodeId id) {
        return ProcessHandle.current().pid();
    }

    @Override
    public NodeConnector connector() {
        return local;
    }

    @Override
    public void play(FaultSet now) {
        table.replace(now);
    }

    @Override
    public void close() {
        List<Thread> stopping = new ArrayList<>();
        for (NodeId id : List.copyOf(running.keySet())) {
            Running node = running.remove(id);
            if (node != null) {
                stopping.add(Thread.ofVirtual().start(() -> {
                    node.router.close();
                    node.server.close();
                }));
            }
        }
        Routers.join(stopping);
    }
}
