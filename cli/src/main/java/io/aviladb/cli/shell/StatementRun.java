package io.aviladb.cli.shell;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One statement with all its pages. */
public final class StatementRun {
    public static final int PAGE_SIZE = 500;

    private final ApiClient api;
    private final String database;
    private final JsonObject request;
    private final Map<String, String> headers;
    private final long limit;
    private long rows;

    /** @param limit how many rows are printed at most */
    public StatementRun(ApiClient api, String database, JsonObject request, Map<String, String> headers, long limit) {
        this.api = api;
        this.database = database;
        this.request = request;
        this.headers = headers;
        this.limit = limit;
    }

    /** How many rows were printed. */
    public long rows() {
        return rows;
    }

    /**
     * Prints page after page.
     *
     * @param printers opened with the first answer, so that an error leaves no empty list behind
     * @return whether all that were asked answered
     */
    public boolean print(Supplier<RowPrinter> printers) {
        boolean complete = true;
        String token = "";
        @Nullable
        RowPrinter printer = null;
        try {
            do {
                JsonObject page = token.isEmpty() ? request : request.with("continuationToken", new JsonString(token));
                JsonObject answer = api.call("POST", "/v1/databases/" + ApiClient.step(database) + "/query", page.toJsonBytes(), headers)
                        .orThrow().object();
                printer = printer == null ? printers.get() : printer;
                print(answer, printer);
                complete &= isComplete(answer);
                token = Json.string(answer, "continuationToken", "");
            } while (!token.isEmpty() && rows < limit);
        } finally {
            if (printer != null) {
                printer.close();
            }
        }
        return complete;
    }

    private void print(JsonObject answer, RowPrinter printer) {
        if (!(answer.getOrNull("documents") instanceof JsonArray documents)) {
            printer.row(counts(answer)); // of an update or delete
            rows++;
            return;
        }
        for (JsonValue document : documents.elements()) {
            if (rows == limit) {
                return;
            }
            printer.row(document instanceof JsonObject object ? object : Json.object("value", document));
            rows++;
        }
    }

    private static JsonObject counts(JsonObject answer) {
        Map<String, JsonValue> counts = new LinkedHashMap<>();
        answer.members().forEach((name, value) -> {
            if (name.endsWith("Count") && value instanceof JsonNumber) {
                counts.put(name, value);
            }
        });
        return new JsonObject(counts);
    }

    private static boolean isComplete(JsonObject answer) {
        return Optional.ofNullable(answer.getOrNull("coverage")).filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                .map(coverage -> coverage.getOrNull("complete")).filter(JsonBoolean.FALSE::equals).isEmpty();
    }

    /** A parameter's value as somebody wrote it: JSON, or else a string as it stands, unless it begins like an array or object. */
    public static JsonValue value(String text) {
        try {
            return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (AvilaError bareText) {
            if (text.startsWith("{") || text.startsWith("[")) {
                throw CommandFailure.usage("'" + text + "' is no JSON: " + bareText.detail(), "Put a string that begins so in quotes.");
            }
            return new JsonString(text);
        }
    }
}
