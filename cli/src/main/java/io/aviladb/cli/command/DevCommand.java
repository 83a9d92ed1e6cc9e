package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.dev.DevOptions;
import io.aviladb.cli.dev.DevRun;
import io.aviladb.core.region.RegionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A whole cluster on this machine. */
@Command(name = "dev", description = "Runs a whole multi-region cluster on this machine, for development and tests.")
public final class DevCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--regions", split = ",", paramLabel = "NAME", description = "Default: sa-east-1,us-east-1,eu-west-1, or what the data folder has.")
    private List<String> regions = new ArrayList<>();

    @Option(names = "--nodes-per-region", paramLabel = "N", description = "1 to 9. Default: 3, or what the data folder has.")
    private int nodesPerRegion;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "aviladb_data/dev", description = "Default: ./${DEFAULT-VALUE}.")
    private Path data = Path.of("aviladb_data/dev");

    @Option(names = "--temporary", description = "Keeps the data in a folder of its own, which is removed at the end.")
    private boolean temporary;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "8000", description = "Region k, from 0, listens on PORT + 100*k, its nodes on the ports after it; 0: any. Default: 8000.")
    private int port = 8_000;

    @Option(names = "--rtt", paramLabel = "A:B=Nms", description = "Simulated round trips, comma-separated, or none.")
    private String roundTrips = "";

    @Option(names = "--processes", description = "One process for each node, so that nodes can be killed for real.")
    private boolean processes;

    @Option(names = "--load", paramLabel = "NAME", description = "Loads a sample data set; 'list' shows them.")
    private @Nullable String load;

    @Option(names = "--ready-file", paramLabel = "FILE", description = "Written once every region serves reads and writes.")
    private @Nullable Path readyFile;

    @Override
    public Integer call() throws Exception {
        if ("list".equals(load)) {
            SampleCommand.list(output.printer(spec));
            return 0;
        }
        if (nodesPerRegion < 0 || nodesPerRegion > 9) {
            throw CommandFailure.usage("--nodes-per-region is 1 to 9", "");
        }
        if (port < 0 || port > 60_000) {
            throw CommandFailure.usage("--port is 0 to 60000", "");
        }
        DevOptions options = new DevOptions(regionIds(), nodesPerRegion, folder(), temporary, port, roundTrips, processes,
                Optional.ofNullable(load), Optional.ofNullable(readyFile), System.getProperty("aviladb.command", "aviladb"));
        DevRun.run(options, spec.commandLine().getOut());
        return 0;
    }

    private Path folder() throws IOException {
        if (temporary) {
            return Files.createTempDirectory("aviladb-dev-");
        }
        return data.toAbsolutePath().normalize();
    }

    private List<RegionId> regionIds() {
        try {
            List<RegionId> ids = regions.stream().map(String::strip).map(RegionId::new).toList();
            if (new LinkedHashSet<>(ids).size() != ids.size()) {
                throw CommandFailure.usage("--regions names one twice", "");
            }
            return ids;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "");
        }
    }
}
