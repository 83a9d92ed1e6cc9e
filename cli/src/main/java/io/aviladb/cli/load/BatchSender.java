package io.aviladb.cli.load;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiAnswer;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends a batch until every document of it has a final answer. Each try carries the same idempotency key. */
final class BatchSender {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final ApiClient api;
    private final String path;
    private final ImportState state;
    private final Duration patience;

    /** @param patience how long a batch that only meets retryable failures is tried */
    BatchSender(ApiClient api, String collectionPath, ImportState state, Duration patience) {
        this.api = api;
        this.path = collectionPath + "/documents/batch";
        this.state = state;
        this.patience = patience;
    }

    /** Fails with {@link CommandFailure} where the import can't go on. */
    CompletableFuture<BatchOutcome> send(Batch batch) {
        List<SourceRecord.Parsed> parsed = batch.parsed();
        if (parsed.isEmpty()) {
            return CompletableFuture.completedFuture(outcome(batch, parsed, List.of()));
        }
        List<JsonValue> documents = new ArrayList<>(parsed.size());
        parsed.forEach(record -> documents.add(record.document()));
        byte[] body = Json.object("documents", new JsonArray(documents)).toJsonBytes();
        Map<String, String> headers = Map.of("Idempotency-Key", '"' + state.importId() + "-" + batch.index() + "\"; region="
                + state.region());
        return attempt(batch, parsed, body, headers, System.nanoTime() + patience.toNanos(), FIRST_PAUSE_MILLIS);
    }

    private CompletableFuture<BatchOutcome> attempt(Batch batch, List<SourceRecord.Parsed> parsed, byte[] body,
            Map<String, String> headers, long deadlineNanos, long pauseMillis) {
        CompletableFuture<Object> tried = api.callAsync("POST", path, body, headers)
                .handle((answer, failure) -> failure != null ? unwrap(failure) : answer);
        return tried.thenCompose(result -> {
            @Nullable
            CommandFailure problem;
            if (result instanceof ApiAnswer answer) {
                if (answer.status() < 400) {
                    List<JsonObject> results = Json.objects(answer.object(), "results");
                    problem = retryable(results, parsed.size());
                    if (problem == null) {
                        return CompletableFuture.completedFuture(outcome(batch, parsed, results));
                    }
                } else {
                    problem = answer.failure();
                }
            } else if (result instanceof CommandFailure failure) {
                problem = failure;
            } else {
                return CompletableFuture.failedFuture((Throwable) result);
            }
            if (!problem.retryable() || System.nanoTime() > deadlineNanos) {
                return CompletableFuture.failedFuture(problem);
            }
            Executor later = CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> 0, later).thenCompose(ignored -> attempt(batch, parsed, body, headers,
                    deadlineNanos, Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2)));
        });
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static @Nullable CommandFailure retryable(List<JsonObject> results, int expected) {
        if (results.size() != expected) {
            return CommandFailure.failed("the server answered " + results.size() + " of " + expected + " documents", "");
        }
        for (JsonObject result : results) {
            if (error(result) && isRetryable(result)) {
                return new CommandFailure(io.aviladb.cli.ExitCode.UNAVAILABLE, code(result), "", message(result),
                        Json.string(result, "hint", ""), true, "");
            }
        }
        return null;
    }

    private static BatchOutcome outcome(Batch batch, List<SourceRecord.Parsed> parsed, List<JsonObject> results) {
        List<BatchOutcome.Reject> rejects = new ArrayList<>();
        for (SourceRecord record : batch.records()) {
            if (record instanceof SourceRecord.Malformed bad) {
                rejects.add(new BatchOutcome.Reject(bad.line(), bad.code(), bad.message(), bad.text()));
            }
        }
        long imported = 0;
        for (int i = 0; i < results.size(); i++) {
            JsonObject result = results.get(i);
            if (error(result)) {
                SourceRecord.Parsed record = parsed.get(i);
                rejects.add(new BatchOutcome.Reject(record.line(), code(result), message(result), record.document().toJson()));
            } else {
                imported++;
            }
        }
        rejects.sort(Comparator.comparingLong(BatchOutcome.Reject::line));
        return new BatchOutcome(batch, imported, rejects);
    }

    /** A document's result is an error where it carries a code or a status of 400 or more, bare or in a member {@code error}. */
    private static boolean error(JsonObject result) {
        return !code(result).isEmpty() || Json.number(result, "status", 0) >= 400;
    }

    private static String code(JsonObject result) {
        return Json.string(inner(result), "code", "");
    }

    private static String message(JsonObject result) {
        return Json.string(inner(result), "message", Json.string(inner(result), "detail", ""));
    }

    private static boolean isRetryable(JsonObject result) {
        String code = code(result);
        return code.startsWith("AVL-") && ErrorCode.ofNumber(Integer.parseInt(code.substring(4))).filter(ErrorCode::retryable).isPresent();
    }

    private static JsonObject inner(JsonObject result) {
        return result.getOrNull("error") instanceof JsonObject error ? error : result;
    }
}
