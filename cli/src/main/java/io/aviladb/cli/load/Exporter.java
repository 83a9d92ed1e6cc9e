package io.aviladb.cli.load;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Writes a listing's documents as JSON lines, a page at a time. A file bears another name until it is whole; what was written of it when the export
 * broke off is kept, and the same export goes on behind it.
 */
public final class Exporter {
    private static final int PAGE_SIZE = 500;

    private final ApiClient api;
    private final String listing;
    private final LongConsumer progress;

    /**
     * @param listing path and parameters of the listing
     * @param progress told how many documents are written, after each page
     */
    public Exporter(ApiClient api, String listing, LongConsumer progress) {
        this.api = api;
        this.listing = listing;
        this.progress = progress;
    }

    /** Writes all of it; tells how many documents there were. @throws CommandFailure where a region that the answer needs doesn't answer */
    public long to(OutputStream out) throws IOException {
        ExportState state = ExportState.beginning(listing);
        do {
            state = page(state, out);
            out.flush();
        } while (!state.token().isEmpty());
        return state.documents();
    }

    /**
     * As {@link #to(OutputStream)}, into a file that must not exist yet.
     *
     * @param restart whether what an earlier one has left is thrown away
     */
    public ExportState to(Path file, boolean restart) throws IOException {
        if (Files.exists(file)) {
            throw CommandFailure.failed("the file " + file + " exists", "Name another, or remove it.");
        }
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Path stateFile = file.resolveSibling(file.getFileName() + ".export.json");
        Optional<ExportState> known = restart ? Optional.empty() : ExportState.load(stateFile);
        if (known.isPresent() && !known.get().listing().equals(listing)) {
            throw CommandFailure.failed("the state file " + stateFile + " is of another export",
                    "Give the same collection and options as then, or begin again with --restart.");
        }
        ExportState state = known.orElse(ExportState.beginning(listing));
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.size() < state.bytes()) {
                throw CommandFailure.failed("the file " + unfinished + " is shorter than its export had written",
                        "Begin again with --restart.");
            }
            channel.truncate(state.bytes()).position(state.bytes());
            OutputStream out = Channels.newOutputStream(channel);
            do {
                state = page(state, out);
                channel.force(false); // before the state says that it is there
                state.save(stateFile);
            } while (!state.token().isEmpty());
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(stateFile);
        return state;
    }

    private ExportState page(ExportState state, OutputStream out) throws IOException {
        String token = state.token().isEmpty() ? "" : "&continuationToken=" + URLEncoder.encode(state.token(), StandardCharsets.UTF_8);
        JsonObject answer = api.get(listing + "&pageSize=" + PAGE_SIZE + "&partial=refuse" + token).orThrow().object();
        if (answer.getOrNull("coverage") instanceof JsonObject coverage && JsonBoolean.FALSE.equals(coverage.getOrNull("complete"))) {
            throw CommandFailure.unavailable("not every region answered", "Try again: the export goes on where it stands.");
        }
        long documents = state.documents();
        long bytes = state.bytes();
        for (JsonObject document : Json.objects(answer, "documents")) {
            byte[] line = (document.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
            out.write(line);
            documents++;
            bytes += line.length;
        }
        progress.accept(documents);
        return new ExportState(listing, Json.string(answer, "continuationToken", ""), documents, bytes);
    }
}
