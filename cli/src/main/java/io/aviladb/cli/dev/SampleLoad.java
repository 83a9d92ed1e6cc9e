package io.aviladb.cli.dev;

import io.aviladb.cli.command.ImportCommand;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.load.ImportState;
import io.aviladb.cli.load.Importer;
import io.aviladb.cli.load.Progress;
import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.sample.SampleData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Loads a sample data set once for a data folder; an interrupted load goes on at the next start. */
final class SampleLoad {
    private static final int IN_FLIGHT = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SEED = 1;

    private SampleLoad() {
    }

    /** @return what was done, for people */
    static String load(SampleData sample, String endpoint, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path loaded = folder.resolve(sample.name() + ".loaded");
        if (Files.exists(loaded)) {
            return sample.name() + " was loaded before";
        }
        Path stateFile = folder.resolve(sample.name() + ".import.json");
        String path = "/v1/databases/" + sample.database() + "/collections/" + sample.collection();
        try (ApiClient api = new ApiClient(ClusterUrl.parse(endpoint));
                RecordSource source = sample.open(sample.defaultCount(), SEED, folder)) {
            ImportCommand.create(api, path, sample.partitionKey());
            Optional<ImportState> known = ImportState.load(stateFile);
            String region = Json.string(api.get("/v1/status").orThrow().object(), "region", "");
            ImportState begin = known.orElse(
                    new ImportState(UUID.randomUUID().toString(), region, path, sample.name(), 100, 0, 0, 0, 0, 0));
            Importer.Plan plan = new Importer.Plan(path, IN_FLIGHT, PATIENCE, Optional.of(stateFile),
                    Optional.of(folder.resolve(sample.name() + ".rejects.ndjson")));
            ImportState end = new Importer(api, plan, begin, Progress.SILENT).run(source);
            Files.writeString(loaded, Long.toString(end.imported()));
            Files.deleteIfExists(stateFile);
            return String.format(Locale.ROOT, "loaded %s/%s: %,d documents%s", sample.database(), sample.collection(), end.imported(),
                    end.rejected() == 0 ? "" : ", " + end.rejected() + " rejected");
        }
    }
}
