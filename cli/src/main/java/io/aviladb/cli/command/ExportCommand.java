package io.aviladb.cli.command;

import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.load.ExportState;
import io.aviladb.cli.load.Exporter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Exports a collection's documents to a file or standard output. */
@Command(name = "export", description = {"Writes a collection's documents as JSON lines, in the order of their keys, as they were written.",
        "Documents that change meanwhile may be in it as they were or as they are. An interrupted export to a file goes on where it stood when the"
                + " same command is given again.",
        "Exit code: 0 all of them are written; 3 a region that is needed didn't answer."})
public final class ExportCommand extends DbCommand.Base {
    @Parameters(index = "0", paramLabel = "DATABASE/COLLECTION")
    private String collection = "";

    @Parameters(index = "1", paramLabel = "FILE", arity = "0..1", defaultValue = "-", description = "A file that doesn't exist yet. Default: standard output.")
    private String file = "-";

    @Option(names = {"-k", "--key"}, paramLabel = "VALUE", description = "Only documents whose partition key begins so; once a level.")
    private List<String> prefix = new ArrayList<>();

    @Option(names = "--scope", paramLabel = "SCOPE", defaultValue = "LOCAL", description = "LOCAL or GLOBAL. Default: LOCAL.")
    private String scope = "LOCAL";

    @Option(names = "--restart", description = "Begins again, whatever an earlier export has left.")
    private boolean restart;

    @Option(names = {"-q", "--quiet"}, description = "Shows no progress.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        String key = prefix.isEmpty()
                ? ""
                : "&partitionKeyPrefix=" + URLEncoder.encode(DocCommand.partitionKey(prefix).toJson(), StandardCharsets.UTF_8);
        String listing = cluster.collectionPath(collection) + "/documents?scope=" + scope.toUpperCase(Locale.ROOT) + key;
        try (ApiClient api = cluster.client()) {
            if (file.equals("-")) {
                OutputStream out = new BufferedOutputStream(System.out);
                new Exporter(api, listing, documents -> {}).to(out);
                return 0;
            }
            long began = System.nanoTime();
            ExportState end = new Exporter(api, listing, quiet ? documents -> {} : line()).to(Path.of(file), restart);
            return printed(Json.object("exported", end.documents(), "bytes", end.bytes(), "file", file, "seconds",
                    Math.round((System.nanoTime() - began) / 1e8) / 10.0));
        }
    }

    /** One line that is drawn again; nothing where standard error is no terminal. */
    private LongConsumer line() {
        if (!OutputOptions.isTerminal()) {
            return documents -> {};
        }
        return documents -> {
            spec.commandLine().getErr().printf(Locale.ROOT, "\rexporting  %,d documents\033[K", documents);
            spec.commandLine().getErr().flush();
        };
    }
}
