package io.aviladb.cli.command;

import io.aviladb.cli.config.RouterFile;
import io.aviladb.cli.server.RouterRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A router alone. */
@Command(name = "router", description = "Runs a router alone. Prints one line when it serves: READY {\"client\": port, \"pid\": n}.")
public final class RouterCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = {"-c", "--config"}, paramLabel = "FILE", required = true, description = "router.yaml; see docs/configuration.md.")
    private Path config = Path.of("router.yaml");

    @Option(names = "--insecure", description = "Allows an address beyond loopback without TLS.")
    private boolean insecure;

    @Override
    public Integer call() throws Exception {
        RouterRun.run(RouterFile.read(config, System.getenv(), insecure), spec.commandLine().getOut());
        return 0;
    }
}
