package io.aviladb.cli.command;

import io.aviladb.cli.Awaiting;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ranges: where a collection's keys are cut, what each part takes and is asked. */
@Command(name = "ranges", description = "Lists, splits, merges and moves a collection's ranges.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        RangesCommand.ListAll.class, RangesCommand.Split.class, RangesCommand.Merge.class, RangesCommand.Transfer.class,
        RangesCommand.Operation.class, RangesCommand.Operations.class})
public final class RangesCommand extends Group {
    @Command(name = "list", description = "Lists a collection's ranges in key order, as the region that answers has them.")
    static final class ListAll extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client();
                    RowPrinter rows = output.printer(spec, "range", "start", "end", "epoch", "group", "leader", "sizeBytes", "opsPerSecond",
                            "hotKeys")) {
                Json.objects(api.get(cluster.collectionPath(name) + "/ranges").orThrow().object(), "ranges").forEach(rows::row);
                return ExitCode.OK;
            }
        }
    }

    /** What begins an operation, and waits for its end. */
    abstract static class Change extends DbCommand.Base {
        private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

        @Parameters(index = "0", paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Option(names = "--no-wait", description = "Returns when the operation has begun.")
        private boolean begunOnly;

        abstract String verb();

        abstract JsonObject body();

        @Override
        public Integer call() {
            JsonObject body = body();
            try (ApiClient api = cluster.client()) {
                JsonObject operation = api.post(cluster.collectionPath(name) + "/ranges/" + verb(), body).orThrow().object();
                String path = "/v1/operations/" + ApiClient.step(Json.string(operation, "operation", ""));
                if (!begunOnly && isRunning(operation)) {
                    operation = ended(() -> api.get(path).orThrow().object());
                }
                printed(operation);
                return Json.string(operation, "state", "").equals("failed") ? ExitCode.FAILED : ExitCode.OK;
            }
        }

        private static boolean isRunning(JsonObject operation) {
            return Json.string(operation, "state", "").equals("running");
        }

        private static JsonObject ended(Supplier<JsonObject> state) {
            try {
                return Awaiting.present(BETWEEN_LOOKS, () -> Optional.of(state.get()).filter(operation -> !isRunning(operation)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CommandFailure.usage("interrupted", "The operation goes on: aviladb ranges operations.");
            }
        }
    }

    /** What cuts and unites. */
    abstract static class Cut extends Change {
        @Parameters(index = "1..*", arity = "1..*", paramLabel = "VALUE", description = "The key: a value for each level, and then perhaps an "
                + "id. JSON, or text.")
        private List<String> at = new ArrayList<>();

        @Override
        JsonObject body() {
            return JsonObject.of("at", new JsonArray(at.stream().map(Cut::value).toList()));
        }

        /** A number, a boolean, or text, quoted or not. */
        private static JsonValue value(String text) {
            boolean json = text.startsWith("\"") || text.equals("true") || text.equals("false")
                    || text.matches("-?[0-9.]+([eE][-+]?[0-9]+)?");
            return json ? CollCommand.parsed(text) : new JsonString(text);
        }
    }

    @Command(name = "split", description = "Cuts the range that holds the key in two, at the key.")
    static final class Split extends Cut {
        @Override
        String verb() {
            return "split";
        }
    }

    @Command(name = "merge", description = "Makes one range of the one that begins at the key and the one in front of it.")
    static final class Merge extends Cut {
        @Override
        String verb() {
            return "merge";
        }
    }

    @Command(name = "transfer", description = "Moves a range to another data group of its region.")
    static final class Transfer extends Change {
        @Parameters(index = "1", paramLabel = "RANGE", description = "Its number, as ranges list shows it.")
        private long range;

        @Parameters(index = "2", paramLabel = "GROUP", description = "The number of the group that gets it.")
        private int group;

        @Override
        String verb() {
            return "transfer";
        }

        @Override
        JsonObject body() {
            return JsonObject.of("range", JsonNumber.of(range)).with("group", JsonNumber.of(group));
        }
    }

    @Command(name = "operation", description = "Shows what has become of an operation.")
    static final class Operation extends DbCommand.Base {
        @Parameters(paramLabel = "OPERATION")
        private String operation = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                return printed(api.get("/v1/operations/" + ApiClient.step(operation)).orThrow().object());
            }
        }
    }

    @Command(name = "operations", description = "Lists the operations that run and the latest that are over.")
    static final class Operations extends DbCommand.Base {
        @Override
        public Integer call() {
            try (ApiClient api = cluster.client(); RowPrinter rows = output.printer(spec, "operation", "kind", "state", "at", "error")) {
                Json.objects(api.get("/v1/operations").orThrow().object(), "operations").forEach(rows::row);
                return ExitCode.OK;
            }
        }
    }
}
