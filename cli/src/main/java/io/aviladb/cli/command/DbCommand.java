package io.aviladb.cli.command;

import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Databases. */
@Command(name = "db", description = "Creates, lists and drops databases.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        DbCommand.Create.class, DbCommand.ListAll.class, DbCommand.Drop.class})
public final class DbCommand extends Group {
    @Command(name = "create", description = "Creates a database.")
    static final class Create extends Base {
        @Parameters(paramLabel = "DATABASE")
        private String name = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                return printed(api.post("/v1/databases", Json.object("name", name)).orThrow().object());
            }
        }
    }

    @Command(name = "list", description = "Lists the databases.")
    static final class ListAll extends Base {
        @Override
        public Integer call() {
            try (ApiClient api = cluster.client(); RowPrinter rows = output.printer(spec)) {
                if (api.get("/v1/databases").orThrow().object().getOrNull("databases") instanceof JsonArray databases) {
                    for (JsonValue database : databases.elements()) {
                        rows.row(database instanceof JsonString name ? JsonObject.of("name", name) : (JsonObject) database);
                    }
                }
                return 0;
            }
        }
    }

    @Command(name = "drop", description = "Drops an empty database.")
    static final class Drop extends Base {
        @Parameters(paramLabel = "DATABASE")
        private String name = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                api.call("DELETE", "/v1/databases/" + ApiClient.step(name), null, java.util.Map.of()).orThrow();
                return printed(Json.object("dropped", name));
            }
        }
    }

    /** What the verbs share. */
    abstract static class Base implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        CommandSpec spec;
        @Mixin
        ClusterOptions cluster = new ClusterOptions();
        @Mixin
        OutputOptions output = new OutputOptions();

        Integer printed(JsonObject row) {
            try (RowPrinter rows = output.printer(spec)) {
                rows.row(row);
            }
            return 0;
        }
    }
}
