package io.aviladb.cli.server;

import io.aviladb.cli.Awaiting;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.config.NodeFile;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.Formation;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.proto.node.JoinReply;
import io.aviladb.proto.node.JoinRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeRpc;
import io.aviladb.proto.node.NodeRpcServer;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A node without data becomes part of a cluster. Where {@code cluster init} has left the list of nodes in its data folder it is the one that
 * forms the cluster; otherwise it asks its seeds.
 */
public final class Joining {
    /** The nodes that the cluster will have, one a line, in order. */
    static final String EXPECTED_FILE = "forming.txt";
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final NodeFile file;
    private final PrintWriter out;
    private int lastKnown = -1;

    Joining(NodeFile file, PrintWriter out) {
        this.file = file;
        this.out = out;
    }

    /** What {@code cluster init} leaves for the first node. @throws CommandFailure where the folder has a cluster already */
    public static void prepare(NodeFile file, List<NodeId> expected) throws IOException {
        try (DataFolder folder = DataFolder.open(file.data())) {
            if (ClusterLayout.load(folder.path()).isPresent()) {
                throw CommandFailure.of(io.aviladb.cli.ExitCode.CONFLICT, "the data in " + file.data() + " are of a cluster already",
                        "A cluster is formed once. Start its nodes with 'aviladb node'.");
            }
            Files.writeString(folder.path().resolve(EXPECTED_FILE),
                    String.join("\n", expected.stream().map(NodeId::toString).toList()) + "\n");
        }
    }

    ClusterLayout layout(GrpcConnector grpc) throws IOException, InterruptedException {
        JoinRequest self = self();
        Path expected = file.data().resolve(EXPECTED_FILE);
        try {
            if (Files.exists(expected)) {
                return form(self, Files.readAllLines(expected).stream().filter(line -> !line.isBlank()).map(NodeId::parse).toList());
            }
            if (file.seeds().isEmpty()) {
                throw CommandFailure.failed(file.node() + " has no data and no seeds",
                        "On the cluster's first node run 'aviladb cluster init'; on the others name it in 'seeds'.");
            }
            ClusterLayout layout = Formation.join(self, file.seeds(), grpc, LONGEST, this::progress);
            layout.store(file.data());
            return layout;
        } catch (NodeRefusal refused) {
            throw CommandFailure.failed("the cluster refuses " + file.node() + ": " + refused.detail(), "Correct node.yaml.");
        } catch (Formation.NotFormedException e) {
            throw CommandFailure.unavailable(String.valueOf(e.getMessage()), "Start the other nodes, and this one again.");
        }
    }

    /** The first node answers the others until all have come. Its own server takes over afterwards: it knows the layout too. */
    private ClusterLayout form(JoinRequest self, List<NodeId> expected) throws IOException, InterruptedException {
        Formation.Seed seed = new Formation.Seed(file.cluster(), expected, layout -> {
            try {
                layout.store(file.data());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        progress(seed.join(self));
        int port = Integer.parseInt(self.rpcAddress().substring(self.rpcAddress().lastIndexOf(':') + 1));
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(file.host(), file.rpcPort() == 0 ? port : file.rpcPort()))
                .maxInboundMessageSize(NodeRpc.MAX_MESSAGE_BYTES).addService(NodeRpcServer.bind(new FormingNode(request -> {
                    JoinReply reply = seed.join(request);
                    progress(reply);
                    return reply;
                }))).build().start();
        try {
            return Awaiting.present(BETWEEN_LOOKS, seed::layout);
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    private synchronized void progress(JoinReply reply) {
        if (reply.known() != lastKnown) {
            lastKnown = reply.known();
            out.println(reply.expected() == 0
                    ? "JOINING the region asks its controller"
                    : "FORMING " + reply.known() + " of " + reply.expected() + " nodes");
            out.flush();
        }
    }

    private JoinRequest self() {
        Ports ports = new Ports();
        String client = file.advertisedClient().orElse(file.host() + ":" + file.clientPort());
        String rpc = file.advertisedRpc().orElse(file.host() + ":" + (file.rpcPort() != 0 ? file.rpcPort() : ports.free(1)));
        String raft = file.advertisedRaft().orElse(file.host() + ":" + (file.raftPort() != 0 ? file.raftPort() : ports.free(1)));
        if (file.host().equals("0.0.0.0") && (file.advertisedRpc().isEmpty() || file.advertisedRaft().isEmpty())) {
            throw CommandFailure.usage("a node that listens on 0.0.0.0 has to say where others reach it",
                    "Set advertise.client, advertise.rpc and advertise.raft.");
        }
        return new JoinRequest(file.cluster(), file.node(), rpc, raft, "http://" + client);
    }
}
