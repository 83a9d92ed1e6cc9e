package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.config.NodeFile;
import io.aviladb.cli.server.Joining;
import io.aviladb.core.region.NodeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Clusters. */
@Command(name = "cluster", description = "Forms a cluster.", synopsisSubcommandLabel = "COMMAND", subcommands = ClusterCommand.Init.class)
public final class ClusterCommand extends Group {
    @Command(name = "init", description = {
            "Makes this node the one that forms the cluster. Give it once, on the first node, before starting it.",
            "Then start all nodes with 'aviladb node'; the others name this one in 'seeds'. Further nodes join later, by their own 'seeds'."})
    static final class Init implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Option(names = {"-c", "--config"}, paramLabel = "FILE", required = true, description = "The first node's node.yaml.")
        private Path config = Path.of("node.yaml");

        @Option(names = "--nodes", split = ",", paramLabel = "NODE", required = true, description = "All nodes of the cluster: sa-east-1/1,sa-east-1/2,us-east-1/1,...")
        private List<String> nodes = new ArrayList<>();

        @Option(names = "--insecure", description = "Allows an address beyond loopback without TLS.")
        private boolean insecure;

        @Override
        public Integer call() throws Exception {
            NodeFile file = NodeFile.read(config, System.getenv(), insecure);
            List<NodeId> expected = nodes(nodes);
            if (!expected.contains(file.node())) {
                throw CommandFailure.usage("--nodes does not name this node, " + file.node(), "List all nodes of the cluster.");
            }
            Joining.prepare(file, expected);
            spec.commandLine().getOut().println("Ready to form the cluster '" + file.cluster() + "' of " + expected.size()
                    + " nodes: start them with 'aviladb node'.");
            return 0;
        }

        static List<NodeId> nodes(List<String> names) {
            List<NodeId> ids = new ArrayList<>();
            for (String name : names) {
                try {
                    ids.add(NodeId.parse(name.strip()));
                } catch (IllegalArgumentException e) {
                    throw CommandFailure.usage(String.valueOf(e.getMessage()), "A node is written sa-east-1/1.");
                }
            }
            if (new LinkedHashSet<>(ids).size() != ids.size()) {
                throw CommandFailure.usage("--nodes names one twice", "");
            }
            return ids;
        }
    }
}
