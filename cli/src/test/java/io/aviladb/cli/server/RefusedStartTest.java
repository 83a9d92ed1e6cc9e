package io.aviladb.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.cli.ExitCode;
import io.aviladb.cli.Main;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.NodeConfig;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.node.server.NodeServer;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.GrpcConnector;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that refuses to start says why, by its exit status, too. */
class RefusedStartTest {
    private static final NodeId NODE = NodeId.parse("sa-east-1/1");

    @TempDir
    Path root;

    private final StringWriter err = new StringWriter();
    private Path data;

    @BeforeEach
    void folder() throws IOException {
        data = Files.createDirectory(root.resolve("data"));
    }

    private int start(String more) throws IOException {
        Path config = Files.writeString(root.resolve("node.yaml"),
                "cluster: shop\nregion: sa-east-1\nnode: 1\ndata: " + data + "\nlisten: {client: 0, rpc: 0, raft: 0}\n" + more);
        return Main.run(new String[]{"node", "--config", config.toString()}, new PrintWriter(new StringWriter()),
                new PrintWriter(err, true));
    }

    private ClusterLayout layout(String name) throws IOException {
        ClusterLayout layout = ClusterLayout.plan(name, new UUID(1, 2), new byte[32],
                List.of(new ClusterLayout.Node(NODE, "127.0.0.1:" + freePort(), "127.0.0.1:" + freePort(), "")));
        layout.store(data);
        return layout;
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void folderOfAnotherProcessIsRefused() throws IOException {
        layout("shop");
        try (DataFolder held = DataFolder.open(data)) {
            assertThat(start("")).isEqualTo(ExitCode.FOLDER_IN_USE);
            assertThat(err.toString()).contains("in use", held.path().toString(), "pid " + ProcessHandle.current().pid());
        }
    }

    @Test
    void dataOfAnotherClusterAreRefused() throws IOException {
        layout("other");
        assertThat(start("")).isEqualTo(ExitCode.OTHER_CLUSTER);
        assertThat(err.toString()).contains("'other'", "'shop'");
    }

    @Test
    void dataOfANewerFormatAreRefused() throws IOException {
        layout("shop");
        Files.writeString(data.resolve("format.json"), "{\"format\":99}");
        assertThat(start("")).isEqualTo(ExitCode.NEWER_FORMAT);
        assertThat(err.toString()).contains("format 99");
    }

    @Test
    void fullDiskIsRefusedBeforeAnythingIsWritten() throws IOException {
        layout("shop");
        assertThat(data.toFile().getUsableSpace()).as("this test needs a disk with less than 512 GiB free").isLessThan(1L << 39);
        assertThat(start("limits: {min-free-bytes: " + (1L << 40) + "}\n")).isEqualTo(ExitCode.DISK_FULL);
        assertThat(err.toString()).contains("AVL-6001", "bytes free");
        assertThat(data.resolve("raft")).doesNotExist();
    }

    @Test
    void damagedDataThatNothingCanRebuildAreRefusedByName() throws IOException {
        ClusterLayout layout = layout("shop");
        try (GrpcConnector grpc = new GrpcConnector()) {
            ClusterLayout.Node self = layout.node(NODE);
            NodeServer node = NodeServer
                    .start(new NodeConfig(NODE, data, "127.0.0.1", port(self.rpcAddress()), port(self.raftAddress()), false,
                            NodeLimits.DEV), layout, grpc, new FaultTable());
            try {
                Awaitility.await().until(node::isReady);
            } finally {
                node.kill();
            }
        }
        List<Path> votes;
        try (Stream<Path> all = Files.walk(data.resolve("raft"))) {
            votes = all.filter(p -> p.getFileName().toString().equals("raft-meta")).toList();
        }
        for (Path vote : votes) {
            Files.write(vote, new byte[3]);
        }
        assertThat(start("")).isEqualTo(ExitCode.DAMAGED);
        assertThat(err.toString()).contains("AVL-6002", "only replica", "raft-meta", "restore");
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
