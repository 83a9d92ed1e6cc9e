package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one statement and prints all its rows, page after page. */
@Command(name = "query", description = {"Runs a statement of the query language: SELECT, UPDATE, DELETE or EXPLAIN.",
        "Exit code: 0 all regions that were asked answered; 6 some did not."})
public final class QueryCommand extends DbCommand.Base {
    private static final int PAGE_SIZE = 500;

    @Parameters(index = "0", paramLabel = "DATABASE")
    private String database = "";

    @Parameters(index = "1", paramLabel = "STATEMENT", description = "As in \"SELECT * FROM players WHERE level > @min\".")
    private String statement = "";

    @Option(names = {"-p", "--param"}, paramLabel = "NAME=VALUE", description = "A parameter's value: JSON, or else a string.")
    private List<String> parameters = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0", description = "At most so many rows; 0: all. Default: ${DEFAULT-VALUE}.")
    private long limit;

    @Option(names = "--scope", paramLabel = "SCOPE", defaultValue = "LOCAL", description = "LOCAL or GLOBAL. Default: LOCAL.")
    private String scope = "LOCAL";

    @Option(names = "--require-complete", description = "Fails where a region that the answer needs doesn't answer.")
    private boolean requireComplete;

    @Option(names = "--consistency", paramLabel = "LEVEL", description = "strong, session or eventual.")
    private String consistency = "";

    @Override
    public Integer call() {
        JsonObject request = Json.object("query", statement, "parameters", values(), "pageSize",
                limit == 0 ? PAGE_SIZE : (int) Math.min(limit, PAGE_SIZE), "scope", scope, "partial", requireComplete ? "refuse" : "allow");
        Map<String, String> headers = consistency.isEmpty() ? Map.of() : Map.of("X-AvilaDB-Consistency", consistency);
        boolean complete = true;
        long left = limit == 0 ? Long.MAX_VALUE : limit;
        String token = "";
        try (ApiClient api = cluster.client()) {
            RowPrinter rows = null;
            try {
                do {
                    JsonObject page = token.isEmpty() ? request : request.with("continuationToken", new JsonString(token));
                    JsonObject answer = api
                            .call("POST", "/v1/databases/" + ApiClient.step(database) + "/query", page.toJsonBytes(), headers)
                            .orThrow().object();
                    rows = rows == null ? output.printer(spec) : rows; // an error leaves no empty list behind
                    left -= print(answer, rows, left);
                    complete &= isComplete(answer);
                    token = Json.string(answer, "continuationToken", "");
                } while (!token.isEmpty() && left > 0);
            } finally {
                if (rows != null) {
                    rows.close();
                }
            }
        }
        return complete ? ExitCode.OK : ExitCode.PARTLY;
    }

    private JsonObject values() {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.usage("'" + parameter + "' is no parameter", "Write name=value, as in --param min=10.");
            }
            String name = parameter.substring(0, equals);
            values.put(name.startsWith("@") ? name.substring(1) : name, value(parameter.substring(equals + 1)));
        }
        return new JsonObject(values);
    }

    /** Arrays, objects and null are JSON; a number, boolean or string in quotes too; anything else is a string as it stands. */
    private static JsonValue value(String text) {
        String given = text.strip();
        boolean composed = given.startsWith("{") || given.startsWith("[") || given.equals("null");
        return composed ? CollCommand.parsed(given) : DocCommand.partitionKey(List.of(text)).elements().get(0);
    }

    /** @return how many rows were printed */
    private static long print(JsonObject answer, RowPrinter rows, long atMost) {
        if (!(answer.getOrNull("documents") instanceof JsonArray documents)) {
            rows.row(counts(answer)); // of an update or delete
            return 1;
        }
        long printed = 0;
        for (JsonValue document : documents.elements()) {
            if (printed == atMost) {
                break;
            }
            rows.row(document instanceof JsonObject object ? object : Json.object("value", document));
            printed++;
        }
        return printed;
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
}
