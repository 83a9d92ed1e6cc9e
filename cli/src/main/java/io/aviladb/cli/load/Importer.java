package io.aviladb.cli.load;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of a source to a collection in batches, several in flight, and finishes them in order: rejects to a file, then the state.
 *
 * <p>
 * Safety: a batch's idempotency key depends only on the import and the batch's place in the source, so a batch sent again inserts nothing
 * twice. Liveness: a batch is retried while its failures are retryable, for as long as the plan's patience.
 */
public final class Importer {
    /**
     * How to import.
     *
     * @param stateFile where progress is kept; none: it can't be resumed
     * @param rejectFile where rejects go; none: they are only counted
     */
    public record Plan(String collectionPath, int inFlight, Duration patience, Optional<Path> stateFile, Optional<Path> rejectFile) {}

    private record Sent(Batch batch, CompletableFuture<BatchOutcome> outcome) {}

    private final BatchSender sender;
    private final Plan plan;
    private final Progress progress;
    private ImportState state;
    private @Nullable SourceRecord held;

    public Importer(ApiClient api, Plan plan, ImportState begin, Progress progress) {
        this.sender = new BatchSender(api, plan.collectionPath, begin, plan.patience);
        this.plan = plan;
        this.progress = progress;
        this.state = begin;
    }

    /**
     * Imports from where the state stands to the source's end.
     *
     * @throws CommandFailure where it can't go on; the state file says how far it came
     */
    public ImportState run(RecordSource source) throws IOException, InterruptedException {
        skip(source, state.records());
        ArrayDeque<Sent> inFlight = new ArrayDeque<>();
        long next = state.batches();
        try (RejectFile rejects = plan.rejectFile.isPresent() ? new RejectFile(plan.rejectFile.get(), state.rejectBytes()) : null) {
            for (Batch batch = read(source, next); batch != null; batch = read(source, ++next)) {
                if (inFlight.size() == plan.inFlight) {
                    finish(inFlight.remove(), rejects);
                }
                inFlight.add(new Sent(batch, sender.send(batch)));
            }
            while (!inFlight.isEmpty()) {
                finish(inFlight.remove(), rejects);
            }
        } finally {
            inFlight.forEach(sent -> sent.outcome.cancel(true));
            progress.ended();
        }
        return state;
    }

    private static void skip(RecordSource source, long records) throws IOException {
        for (long i = 0; i < records; i++) {
            if (source.next() == null) {
                throw CommandFailure.failed("the source has fewer records than the state file says were done",
                        "Is it the same file? Remove the state file to begin again.");
            }
        }
    }

    private @Nullable Batch read(RecordSource source, long index) throws IOException {
        List<SourceRecord> records = new ArrayList<>();
        long bytes = 0;
        while (records.size() < state.batchSize()) {
            SourceRecord record = held != null ? held : source.next();
            held = null;
            if (record == null) {
                break;
            }
            bytes += record instanceof SourceRecord.Parsed parsed ? parsed.sizeBytes() : 0;
            if (bytes > Batch.MAX_BYTES && !records.isEmpty()) {
                held = record;
                break;
            }
            records.add(record);
        }
        return records.isEmpty() ? null : new Batch(index, records);
    }

    private void finish(Sent sent, @Nullable RejectFile rejects) throws IOException, InterruptedException {
        BatchOutcome outcome = await(sent.outcome);
        long rejectBytes = rejects == null ? 0 : rejects.append(outcome.rejects());
        List<SourceRecord> records = sent.batch.records();
        state = state.after(records.size(), outcome.imported(), outcome.rejects().size(), rejectBytes);
        if (plan.stateFile.isPresent()) {
            state.save(plan.stateFile.get());
        }
        progress.advanced(state, records.get(records.size() - 1).endOffset());
    }

    private static BatchOutcome await(CompletableFuture<BatchOutcome> outcome) throws InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailure known) {
                throw known;
            }
            throw new IllegalStateException("sending a batch failed", e.getCause());
        }
    }
}
