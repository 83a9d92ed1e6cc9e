package io.aviladb.cli.load;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.error.AvilaError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * How far an import has come. Invariant: everything before {@code batches} is acknowledged or rejected; everything from there on is sent
 * again under the same idempotency keys, so that what had arrived is not inserted twice.
 *
 * @param importId begins every idempotency key
 * @param region where the keys count
 * @param source identifies what is read: its name and size
 * @param batches done, from the first on without a gap
 * @param records in them, good and bad
 * @param rejectBytes how much of the reject file belongs to them
 */
public record ImportState(String importId, String region, String target, String source, int batchSize, long batches, long records,
        long imported, long rejected, long rejectBytes) {
    /** This with one more batch done. */
    public ImportState after(long batchRecords, long batchImported, long batchRejected, long rejectFileBytes) {
        return new ImportState(importId, region, target, source, batchSize, batches + 1, records + batchRecords,
                imported + batchImported, rejected + batchRejected, rejectFileBytes);
    }

    /** Written beside and renamed: a crash leaves the old or the new one. */
    public void save(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, toJson().toJsonBytes());
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** @throws CommandFailure where the file is no such state */
    public static Optional<ImportState> load(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (JsonParser.parse(Files.readAllBytes(file)) instanceof JsonObject json && Json.number(json, "batchSize", 0) > 0) {
                return Optional.of(ofJson(json));
            }
        } catch (AvilaError damaged) {
            throw CommandFailure.failed("the state file " + file + " is damaged: " + damaged.detail(), "Remove it to begin again.");
        }
        throw CommandFailure.failed("the file " + file + " is no import's state", "Name another with --state.");
    }

    private JsonObject toJson() {
        return Json.object("importId", importId, "region", region, "target", target, "source", source, "batchSize", batchSize, "batches",
                batches, "records", records, "imported", imported, "rejected", rejected, "rejectBytes", rejectBytes);
    }

    private static ImportState ofJson(JsonObject json) {
        return new ImportState(Json.string(json, "importId", ""), Json.string(json, "region", ""), Json.string(json, "target", ""),
                Json.string(json, "source", ""), (int) Json.number(json, "batchSize", 0), Json.number(json, "batches", 0),
                Json.number(json, "records", 0), Json.number(json, "imported", 0), Json.number(json, "rejected", 0),
                Json.number(json, "rejectBytes", 0));
    }
}
