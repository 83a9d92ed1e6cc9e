package io.aviladb.cli.server;

import io.aviladb.cli.Awaiting;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.config.NodeFile;
import io.aviladb.cli.fault.ClusterFaults;
import io.aviladb.cli.http.Json;
import io.aviladb.core.time.Clock;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.LayoutFormatException;
import io.aviladb.node.server.NodeConfig;
import io.aviladb.node.server.NodeServer;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.FaultyConnector;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.proto.node.NodeConnector;
import io.aviladb.router.edge.FaultControl;
import io.aviladb.router.server.RouterConfig;
import io.aviladb.router.server.RouterServer;
import io.aviladb.router.topology.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code aviladb node}: one node with its router, from configuration to stop. */
public final class NodeRun {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private record Running(NodeServer node, RouterServer router, GrpcConnector grpc, ScheduledExecutorService timer) {
        void close() {
            router.close();
            node.close();
            grpc.close();
            timer.shutdownNow();
        }
    }

    private final NodeFile file;
    private final PrintWriter out;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

    private NodeRun(NodeFile file, PrintWriter out) {
        this.file = file;
        this.out = out;
    }

    /** Runs until a signal ends the process; returns only by an exception. */
    public static void run(NodeFile file, PrintWriter out) throws IOException, InterruptedException {
        new NodeRun(file, out).run();
    }

    private void run() throws IOException, InterruptedException {
        try (DataFolder folder = DataFolder.open(file.data())) {
            StopSignal signal = StopSignal.onStop(this::stop);
            try {
                ServerLog.install(folder.path());
                start();
                signal.await();
            } catch (Throwable failed) {
                signal.cancel();
                stop();
                throw failed;
            }
        }
    }

    private void start() throws IOException, InterruptedException {
        GrpcConnector grpc = new GrpcConnector();
        ClusterLayout layout = layout(grpc);
        requireSame(layout);
        ClusterLayout.Node self = layout.node(file.node());
        layout = Peers.reached(layout, file.peerAddresses());
        FaultTable table = new FaultTable();
        ScheduledExecutorService timer = Executors
                .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("distance").factory());
        NodeConnector connector = new FaultyConnector(Peers.reaching(grpc, file.peerAddresses()), file.node().toString(), table, timer);
        NodeServer node = node(new NodeConfig(file.node(), file.data(), file.host(), port(file.rpcPort(), self.rpcAddress()),
                port(file.raftPort(), self.raftAddress()), file.faults(), file.limits(), clock()), layout, connector, table);
        Optional<FaultControl> faults = file.faults()
                ? Optional.of(new ClusterFaults(layout.nodes().stream().map(ClusterLayout.Node::node).toList(),
                        new RemoteNodes(layout, Peers.reaching(grpc, file.peerAddresses()), file.node(), table),
                        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("faults").factory()), table))
                : Optional.empty();
        RouterConfig config = new RouterConfig(file.node().region(), file.node().toString(), file.host(), file.clientPort(),
                layout.nodes().stream().map(each -> new Seed(each.node(), each.rpcAddress())).toList(), file.requestTimeout(),
                Optional.of(file.node()), file.maxInFlight());
        RouterServer router;
        try {
            router = RouterServer.start(config, connector, faults);
        } catch (RuntimeException e) {
            node.close();
            throw CommandFailure.failed("port " + file.clientPort() + " can't be opened: " + e.getMessage(),
                    "'listen.client' chooses another.");
        }
        running.set(new Running(node, router, grpc, timer));
        Awaiting.holds(BETWEEN_LOOKS, node::isReady);
        out.println("READY " + Json.object("node", file.node().toString(), "client", router.port(), "rpc",
                port(file.rpcPort(), self.rpcAddress()), "raft", port(file.raftPort(), self.raftAddress()), "pid",
                ProcessHandle.current().pid()).toJson());
        out.flush();
    }

    private static NodeServer node(NodeConfig config, ClusterLayout layout, NodeConnector connector, FaultTable table) {
        try {
            return NodeServer.start(config, layout, connector, table);
        } catch (IOException e) {
            throw StartFailure.of("the node " + config.node(), e);
        }
    }

    /** The cluster that the data are of; else the one that is being formed. */
    private ClusterLayout layout(GrpcConnector grpc) throws IOException, InterruptedException {
        try {
            Optional<ClusterLayout> known = ClusterLayout.load(file.data());
            return known.isPresent() ? known.get() : new Joining(file, out).layout(grpc);
        } catch (LayoutFormatException e) {
            throw CommandFailure.of(ExitCode.NEWER_FORMAT, "the cluster's layout in " + file.data() + " can't be read: " + e.getMessage(),
                    "Use the release that wrote it, or a later one.");
        }
    }

    private void requireSame(ClusterLayout layout) {
        if (!layout.name().equals(file.cluster()) || layout.nodes().stream().noneMatch(node -> node.node().equals(file.node()))) {
            throw CommandFailure.of(ExitCode.OTHER_CLUSTER, "the data in " + file.data() + " are of the cluster '" + layout.name()
                    + "', and the configuration is of " + file.node() + " in '" + file.cluster() + "'",
                    "Correct 'cluster', 'region' and 'node', or name another folder in 'data'.");
        }
    }

    private static int port(int configured, String address) {
        return configured != 0 ? configured : Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static Clock clock() {
        String offsetFile = System.getProperty("avila.clock.offset-file");
        return offsetFile == null ? Clock.system() : OffsetFileClock.of(Path.of(offsetFile));
    }

    private void stop() {
        Running started = running.getAndSet(null);
        if (started != null) {
            started.close();
        }
    }

    /** Ends this process with its parent, however that ends. */
    public static void endWith(long parent) {
        ProcessHandle.of(parent).ifPresentOrElse(process -> process.onExit().thenRun(() -> Runtime.getRuntime().halt(ExitCode.FAILED)),
                () -> Runtime.getRuntime().halt(ExitCode.FAILED));
    }
}
