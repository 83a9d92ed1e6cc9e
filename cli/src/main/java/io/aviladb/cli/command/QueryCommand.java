package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.shell.StatementRun;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs one statement and prints all its rows, page after page. */
@Command(name = "query", description = {"Runs a statement of the query language: SELECT, UPDATE, DELETE or EXPLAIN.",
        "Exit code: 0 all regions that were asked answered; 6 some did not."})
public final class QueryCommand extends DbCommand.Base {
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
                limit == 0 ? StatementRun.PAGE_SIZE : (int) Math.min(limit, StatementRun.PAGE_SIZE), "scope", scope, "partial",
                requireComplete ? "refuse" : "allow");
        Map<String, String> headers = consistency.isEmpty() ? Map.of() : Map.of("X-AvilaDB-Consistency", consistency);
        try (ApiClient api = cluster.client()) {
            StatementRun run = new StatementRun(api, database, request, headers, limit == 0 ? Long.MAX_VALUE : limit);
            return run.print(() -> output.printer(spec)) ? ExitCode.OK : ExitCode.PARTLY;
        }
    }

    private JsonObject values() {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.usage("'" + parameter + "' is no parameter", "Write name=value, as in --param min=10.");
            }
            String name = parameter.substring(0, equals);
            values.put(name.startsWith("@") ? name.substring(1) : name, StatementRun.value(parameter.substring(equals + 1)));
        }
        return new JsonObject(values);
    }
}
