package io.aviladb.cli.config;

import io.aviladb.cli.CommandFailure;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.server.NodeLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code node.yaml}. docs/configuration.md says what each key means and what harm a wrong value does.
 *
 * @param clientPort, rpcPort and raftPort: 0 for any
 * @param advertisedClient how others reach the router: {@code host:port}; empty where it is the listening address
 * @param seeds RPC addresses of nodes that know the cluster
 * @param peerAddresses ways to nodes that differ from what these advertise
 */
public record NodeFile(String cluster, NodeId node, Path data, String host, int clientPort, int rpcPort, int raftPort,
        Optional<String> advertisedClient, Optional<String> advertisedRpc, Optional<String> advertisedRaft, List<String> seeds,
        boolean faults, NodeLimits limits, Duration requestTimeout, int maxInFlight,
        Map<NodeId, PeerAddress> peerAddresses) {
    public static final int DEFAULT_CLIENT_PORT = 8_000;
    public static final int DEFAULT_RPC_PORT = 8_001;
    public static final int DEFAULT_RAFT_PORT = 8_002;
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);
    public static final int DEFAULT_MAX_IN_FLIGHT = 4_096;

    static final List<String> KEYS = Stream.concat(
            Stream.of("cluster", "region", "node", "data", "listen.host", "listen.client", "listen.rpc", "listen.raft", "advertise.client",
                    "advertise.rpc", "advertise.raft", "seeds", "tls", "tls.*", "faults", "limits.request-timeout-ms",
                    "limits.max-in-flight", "peer-addresses.*"),
            Stream.concat(LimitSettings.KEYS.stream(), RangeSettings.KEYS.stream())).toList();

    /** Where this node reaches another one. */
    public record PeerAddress(String rpc, String raft) {
        /** @param text {@code host:rpcPort}, or {@code host:rpcPort,host:raftPort} where the Raft's differs too */
        public static PeerAddress parse(String text) {
            String[] parts = text.split(",", -1);
            return new PeerAddress(address("peer address", parts[0]), parts.length > 1 ? address("peer address", parts[1]) : "");
        }
    }

    public NodeFile {
        seeds = List.copyOf(seeds);
        peerAddresses = Map.copyOf(peerAddresses);
    }

    /**
     * @param insecure whether an address beyond loopback is meant
     * @throws CommandFailure a usage error that names the key
     */
    public static NodeFile read(Path file, Map<String, String> environment, boolean insecure) throws IOException {
        Settings settings = Settings.read(file, environment, KEYS);
        Listen.refuseTls(settings);
        Map<NodeId, PeerAddress> peers = new LinkedHashMap<>();
        settings.below("peer-addresses").forEach((name, value) -> peers.put(nodeId(name), PeerAddress.parse(value)));
        return new NodeFile(settings.required("cluster"), node(settings), Path.of(settings.required("data")),
                Listen.checked(settings.text("listen.host").orElse("127.0.0.1"), insecure),
                (int) settings.number("listen.client", DEFAULT_CLIENT_PORT, 0, 65_535),
                (int) settings.number("listen.rpc", DEFAULT_RPC_PORT, 0, 65_535),
                (int) settings.number("listen.raft", DEFAULT_RAFT_PORT, 0, 65_535), advertised(settings, "client"),
                advertised(settings, "rpc"), advertised(settings, "raft"),
                settings.list("seeds").stream().map(seed -> address("seeds", seed))
                        .toList(),
                settings.flag("faults", false),
                LimitSettings.read(settings),
                Duration.ofMillis(settings.number("limits.request-timeout-ms", DEFAULT_REQUEST_TIMEOUT.toMillis(), 1, 300_000)),
                (int) settings.number("limits.max-in-flight", DEFAULT_MAX_IN_FLIGHT, 1, 1_000_000), peers);
    }

    /** This with more ways to peers, by node. @throws CommandFailure a usage error where one is no way */
    public NodeFile withPeers(Map<String, String> more) {
        Map<NodeId, PeerAddress> peers = new LinkedHashMap<>(peerAddresses);
        more.forEach((name, way) -> peers.put(nodeId(name), PeerAddress.parse(way)));
        return new NodeFile(cluster, node, data, host, clientPort, rpcPort, raftPort, advertisedClient, advertisedRpc, advertisedRaft,
                seeds,
                faults, limits, requestTimeout, maxInFlight, peers);
    }

    private static NodeId node(Settings settings) {
        try {
            return new NodeId(new RegionId(settings.required("region")), (int) settings.number("node", 0, 1, 9_999));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "'region' and 'node' name this node, as in sa-east-1 and 1.");
        }
    }

    static NodeId nodeId(String text) {
        try {
            return NodeId.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "A node is written sa-east-1/1.");
        }
    }

    private static Optional<String> advertised(Settings settings, String what) {
        return settings.text("advertise." + what).map(value -> address("advertise." + what, value));
    }

    /** {@code host:port} as given. */
    static String address(String key, String value) {
        int colon = value.lastIndexOf(':');
        if (colon < 1 || !value.substring(colon + 1).matches("[0-9]{1,5}") || Integer.parseInt(value.substring(colon + 1)) > 65_535) {
            throw CommandFailure.usage("'" + key + "' has '" + value + "', which is no address", "Write host:port.");
        }
        return value;
    }
}
