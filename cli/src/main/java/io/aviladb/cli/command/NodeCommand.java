package io.aviladb.cli.command;

import io.aviladb.cli.config.NodeFile;
import io.aviladb.cli.server.NodeRun;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One node. */
@Command(name = "node", description = {"Runs one node with its router. Prints one line when it serves: READY {\"client\": port, ...}.",
        "Exit status: 0 stopped by a signal; 1 failed; 2 the configuration is refused; 71 disk full; 72 data damaged;",
        "73 data folder in use; 74 data of another cluster; 75 data of a newer format."})
public final class NodeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = {"-c", "--config"}, paramLabel = "FILE", required = true, description = "node.yaml; see docs/configuration.md.")
    private Path config = Path.of("node.yaml");

    @Option(names = "--insecure", description = "Allows an address beyond loopback without TLS.")
    private boolean insecure;

    @Option(names = "--peer-address", paramLabel = "NODE=HOST:RPC[,HOST:RAFT]", description = "Reaches a node elsewhere than where it says that it is.")
    private Map<String, String> peerAddresses = new LinkedHashMap<>();

    @Option(names = "--parent", hidden = true, description = "A process to end with.")
    private long parent;

    @Override
    public Integer call() throws Exception {
        if (parent != 0) {
            NodeRun.endWith(parent);
        }
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        NodeFile file = NodeFile.read(config, environment, insecure).withPeers(peerAddresses);
        NodeRun.run(file, spec.commandLine().getOut());
        return 0;
    }
}
