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
 * How far an export has come. Invariant: the first {@code bytes} of the unfinished file are the documents in front of the token.
 *
 * @param listing what is exported: the listing's path and parameters
 * @param token where the listing goes on
 * @param documents written so far
 */
public record ExportState(String listing, String token, long documents, long bytes) {
    static ExportState beginning(String listing) {
        return new ExportState(listing, "", 0, 0);
    }

    /** Written beside and renamed: a crash leaves the old or the new one. */
    void save(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, Json.object("listing", listing, "token", token, "documents", documents, "bytes", bytes).toJsonBytes());
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** @throws CommandFailure where the file is no such state */
    static Optional<ExportState> load(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (JsonParser.parse(Files.readAllBytes(file)) instanceof JsonObject json && json.get("listing").isPresent()) {
                return Optional.of(new ExportState(Json.string(json, "listing", ""), Json.string(json, "token", ""),
                        Json.number(json, "documents", 0), Json.number(json, "bytes", 0)));
            }
        } catch (AvilaError damaged) {
            throw CommandFailure.failed("the state file " + file + " is damaged: " + damaged.detail(), "Remove it to begin again.");
        }
        throw CommandFailure.failed("the file " + file + " is no export's state", "Remove it to begin again.");
    }
}
