package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiAnswer;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.load.ImportState;
import io.aviladb.cli.load.Importer;
import io.aviladb.cli.load.Progress;
import io.aviladb.cli.load.ProgressLine;
import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.load.Sources;
import io.aviladb.core.document.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports documents from a file or standard input. */
@Command(name = "import", description = {"Imports JSON lines, a JSON array or CSV into a collection.",
        "What is refused goes to a file, with line number and code. An interrupted import goes on where it stood when the same command is"
                + " given again.",
        "Exit code: 0 everything is in; 6 some records were rejected; 3 the cluster could not be reached for too long."})
public final class ImportCommand extends DbCommand.Base {
    @Parameters(index = "0", paramLabel = "DATABASE/COLLECTION")
    private String collection = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The file; .gz is decompressed; - is standard input.")
    private String file = "";

    @Option(names = "--type", paramLabel = "TYPE", description = "${COMPLETION-CANDIDATES}. Default: by name and first character.")
    private Sources.@Nullable Type type;

    @Option(names = "--separator", paramLabel = "C", description = "Between the cells of CSV. Default: a comma; a tab for .tsv.")
    private char separator;

    @Option(names = "--string-column", paramLabel = "NAME", description = "A column of CSV whose cells are strings, whatever they look like.")
    private Set<String> stringColumns = new LinkedHashSet<>();

    @Option(names = "--create", paramLabel = "/FIELD", description = "Creates database and collection where they are missing, with this partition key; several fields with commas between.")
    private String create = "";

    @Option(names = "--batch", paramLabel = "N", defaultValue = "100", description = "Documents in a request, 1 to 100. Default: 100.")
    private int batchSize = 100;

    @Option(names = "--in-flight", paramLabel = "N", defaultValue = "8", description = "Requests at a time. Default: 8.")
    private int inFlight = 8;

    @Option(names = "--retry-for", paramLabel = "SECONDS", defaultValue = "120", description = "How long a batch is retried while the cluster is unavailable. Default: 120.")
    private long retrySeconds = 120;

    @Option(names = "--rejects", paramLabel = "FILE", description = "Default: FILE.rejects.ndjson.")
    private String rejects = "";

    @Option(names = "--state", paramLabel = "FILE", description = "Where progress is kept. Default: FILE.import.json; none for -.")
    private String stateFile = "";

    @Option(names = "--restart", description = "Begins again, whatever the state file says.")
    private boolean restart;

    @Option(names = {"-q", "--quiet"}, description = "Shows no progress.")
    private boolean quiet;

    @Override
    public Integer call() throws Exception {
        if (batchSize < 1 || batchSize > 100 || inFlight < 1 || inFlight > 256) {
            throw CommandFailure.usage("--batch is 1 to 100, --in-flight 1 to 256", "");
        }
        boolean stdin = file.equals("-");
        Optional<Path> statePath = !stateFile.isEmpty()
                ? Optional.of(Path.of(stateFile))
                : stdin ? Optional.empty() : Optional.of(Path.of(file + ".import.json"));
        Path rejectPath = Path.of(!rejects.isEmpty() ? rejects : stdin ? "stdin.rejects.ndjson" : file + ".rejects.ndjson");
        long size = stdin || !Files.exists(Path.of(file)) || file.endsWith(".gz") ? 0 : Files.size(Path.of(file));
        try (ApiClient api = cluster.client(); InputStream in = Sources.open(file)) {
            String path = cluster.collectionPath(collection);
            ImportState begin = begin(api, path, statePath, size);
            if (!create.isEmpty()) {
                create(api, path, create);
            }
            Sources.Type of = type != null ? type : Sources.detect(file, in);
            Progress progress = quiet
                    ? Progress.SILENT
                    : new ProgressLine(spec.commandLine().getErr(), OutputOptions.isTerminal(), "importing", size);
            long began = System.nanoTime();
            try (RecordSource source = Sources.of(of, file, in, separator, stringColumns)) {
                Importer.Plan plan = new Importer.Plan(path, inFlight, Duration.ofSeconds(retrySeconds), statePath,
                        Optional.of(rejectPath));
                ImportState end = new Importer(api, plan, begin, progress).run(source);
                if (statePath.isPresent()) {
                    Files.deleteIfExists(statePath.get());
                }
                return report(begin, end, (System.nanoTime() - began) / 1e9, rejectPath);
            }
        }
    }

    private ImportState begin(ApiClient api, String path, Optional<Path> statePath, long size) throws IOException {
        String source = file + ":" + size;
        if (statePath.isPresent() && !restart) {
            Optional<ImportState> known = ImportState.load(statePath.get());
            if (known.isPresent()) {
                ImportState state = known.get();
                if (!state.source().equals(source) || !state.target().equals(path) || state.batchSize() != batchSize) {
                    throw CommandFailure.failed("the state file " + statePath.get() + " is of another import",
                            "Give the same file, collection and --batch as then, or begin again with --restart.");
                }
                return state;
            }
        }
        String region = Json.string(api.get("/v1/status").orThrow().object(), "region", "");
        return new ImportState(UUID.randomUUID().toString(), region, path, source, batchSize, 0, 0, 0, 0, 0);
    }

    /** Creates what is missing; what exists is left as it is. */
    public static void create(ApiClient api, String path, String partitionKey) {
        String[] steps = path.split("/", -1); // "", v1, databases, D, collections, C
        exists(api.post("/v1/databases", Json.object("name", steps[3])));
        JsonObject body = Json.object("name", steps[5], "partitionKey", CollCommand.partitionKey(List.of(partitionKey.split(",", -1)), 0));
        exists(api.post("/v1/databases/" + steps[3] + "/collections", body));
    }

    private static void exists(ApiAnswer answer) {
        if (answer.status() != 409) {
            answer.orThrow();
        }
    }

    private Integer report(ImportState begin, ImportState end, double seconds, Path rejectPath) {
        long imported = end.imported() - begin.imported();
        JsonObject row = Json.object("imported", end.imported(), "rejected", end.rejected(), "resumedAt", begin.records(), "seconds",
                Math.round(seconds * 10) / 10.0, "perSecond", Math.round(imported / Math.max(1e-3, seconds)));
        printed(end.rejected() > 0 ? row.with("rejects", new io.aviladb.core.document.JsonString(rejectPath.toString())) : row);
        return end.rejected() == 0 ? ExitCode.OK : ExitCode.PARTLY;
    }
}
