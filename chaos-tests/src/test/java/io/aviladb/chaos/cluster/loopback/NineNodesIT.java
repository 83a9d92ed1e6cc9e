package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The example of docs/configuration.md: a cluster of nine nodes that somebody starts one by one, formed by {@code cluster init}. */
class NineNodesIT {
    private static final List<String> REGIONS = List.of("sa-east-1", "us-east-1", "eu-west-1");
    private static final int PER_REGION = 3;
    private static final Duration LONGEST_START = Duration.ofMinutes(5);
    /** Nine of them share two cores. */
    private static final Map<String, String> ENVIRONMENT = Map.of("AVILADB_JVM_OPTS",
            "-Xmx192m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");

    private record Node(String region, int number, int port, Path config) {
        String id() {
            return region + "/" + number;
        }

        Rest rest() {
            return new Rest("http://127.0.0.1:" + port);
        }
    }

    @Test
    void nineNodesStartedOneByOneFormAClusterAndServeEachOthersDocuments() throws IOException {
        Path folder = Repository.folder("nine-nodes");
        List<Node> nodes = nodes(folder);
        try (ChildProcess init = start("init", folder, "cluster", "init", "--config", nodes.get(0).config().toString(), "--nodes",
                String.join(",", nodes.stream().map(Node::id).toList()))) {
            assertThat(init.awaitExit(LONGEST_START)).as(init.errors()).isZero();
        }
        List<ChildProcess> running = new ArrayList<>();
        try {
            for (Node node : nodes) {
                running.add(start(node.region() + "-" + node.number(), folder, "node", "--config", node.config().toString()));
            }
            for (ChildProcess node : running) {
                await().atMost(LONGEST_START).until(() -> node.output().contains("READY ") || !node.isAlive());
                assertThat(node.output()).as(node.errors()).contains("READY ");
            }
            List<CollectionRest> everywhere = nodes.stream().map(node -> new CollectionRest(node.rest(), "shop", "orders")).toList();
            await().atMost(LONGEST_START).until(() -> everywhere.stream().allMatch(node -> node.rest().get("/readyz").status() == 200));
            crud(everywhere);
            assertThat(everywhere.get(0).rest().call("POST", "/v1/faults", "{\"heal\":true}", Map.of()).status())
                    .as("faults are off where the configuration doesn't enable them").isEqualTo(403);
            running.forEach(ChildProcess::stopCleanly);
        } finally {
            running.forEach(ChildProcess::close);
        }
    }

    private static void crud(List<CollectionRest> everywhere) {
        everywhere.get(0).create("\"lww\"");
        for (int k = 0; k < REGIONS.size(); k++) {
            everywhere.get(k * PER_REGION).insert("{\"id\":\"o" + k + "\",\"userId\":\"o" + k + "\",\"total\":" + k + "}").expect(201);
        }
        Convergence.awaitCount(everywhere, REGIONS.size());
        CollectionRest last = everywhere.get(everywhere.size() - 1);
        last.rest().call("PATCH", last.document("o0"), "{\"ops\":[{\"op\":\"inc\",\"path\":\"/total\",\"value\":5}]}", Map.of())
                .expect(200);
        last.rest().call("DELETE", last.document("o1"), "", Map.of()).expect(204);
        Convergence.awaitCount(everywhere, REGIONS.size() - 1L);
        assertThat(Convergence.awaitSameBytes(everywhere)).contains("\"total\":5").doesNotContain("\"o1\"");
    }

    private static ChildProcess start(String name, Path folder, String... arguments) {
        return ChildProcess.start(name, Repository.command(List.of(arguments)), folder, ENVIRONMENT);
    }

    private static List<Node> nodes(Path folder) throws IOException {
        int base = freeBase();
        List<Node> nodes = new ArrayList<>();
        for (int k = 0; k < REGIONS.size(); k++) {
            for (int n = 1; n <= PER_REGION; n++) {
                int port = base + 100 * k + 10 * n;
                Path config = folder.resolve(REGIONS.get(k) + "-" + n + ".yaml");
                Files.writeString(config, """
                        cluster: shop
                        region: %s
                        node: %d
                        data: '%s'
                        listen: {host: 127.0.0.1, client: %d, rpc: %d, raft: %d}
                        seeds: ["127.0.0.1:%d"]
                        """.formatted(REGIONS.get(k), n, folder.resolve("data-" + REGIONS.get(k) + "-" + n), port, port + 1, port + 2,
                        base + 11));
                nodes.add(new Node(REGIONS.get(k), n, port, config));
            }
        }
        return nodes;
    }

    /** Below the ports that the system gives to connections, and free all through. */
    private static int freeBase() {
        SplittableRandom random = new SplittableRandom();
        for (int attempt = 0; attempt < 100; attempt++) {
            int base = 12_000 + 10 * random.nextInt(1_900);
            boolean free = true;
            for (int port = base; port < base + 300 && free; port++) {
                free = isFree(port);
            }
            if (free) {
                return base;
            }
        }
        throw new IllegalStateException("no 300 free ports in a row");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
