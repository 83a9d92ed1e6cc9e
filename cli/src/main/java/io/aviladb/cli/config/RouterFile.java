package io.aviladb.cli.config;

import io.aviladb.cli.CommandFailure;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code router.yaml}.
 *
 * @param nodes RPC addresses of nodes that are known at start; the others are learnt from them
 * @param logs folder of the log; none: no log
 */
public record RouterFile(RegionId region, String host, int port, Map<NodeId, String> nodes, Duration requestTimeout, int maxInFlight,
        Optional<Path> logs) {
    static final List<String> KEYS = List.of("cluster", "region", "listen.host", "listen.client", "nodes.*", "logs", "tls", "tls.*",
            "limits.request-timeout-ms", "limits.max-in-flight");

    public RouterFile {
        nodes = Map.copyOf(nodes);
    }

    /** @throws CommandFailure a usage error that names the key */
    public static RouterFile read(Path file, Map<String, String> environment, boolean insecure) throws IOException {
        Settings settings = Settings.read(file, environment, KEYS);
        Listen.refuseTls(settings);
        Map<NodeId, String> nodes = new LinkedHashMap<>();
        settings.below("nodes").forEach((name, value) -> nodes.put(NodeFile.nodeId(name), NodeFile.address("nodes." + name, value)));
        if (nodes.isEmpty()) {
            throw CommandFailure.usage(file + " has no 'nodes'", "Name at least one node: nodes: {sa-east-1/1: host:8001}.");
        }
        try {
            return new RouterFile(new RegionId(settings.required("region")),
                    Listen.checked(settings.text("listen.host").orElse("127.0.0.1"), insecure),
                    (int) settings.number("listen.client", NodeFile.DEFAULT_CLIENT_PORT, 0, 65_535), nodes,
                    Duration.ofMillis(
                            settings.number("limits.request-timeout-ms", NodeFile.DEFAULT_REQUEST_TIMEOUT.toMillis(), 1, 300_000)),
                    (int) settings.number("limits.max-in-flight", NodeFile.DEFAULT_MAX_IN_FLIGHT, 1, 1_000_000),
                    settings.text("logs").map(Path::of));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "'region' is a name, as in sa-east-1.");
        }
    }
}
