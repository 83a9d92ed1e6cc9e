package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Collections. */
@Command(name = "coll", description = "Creates, lists, describes, alters and drops collections.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        CollCommand.Create.class, CollCommand.ListAll.class, CollCommand.Describe.class, CollCommand.Alter.class,
        CollCommand.Violations.class, CollCommand.Drop.class})
public final class CollCommand extends Group {
    @Command(name = "create", description = "Creates a collection.")
    static final class Create extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Option(names = {"-k",
                "--partition-key"}, paramLabel = "/FIELD", description = "The partition key's field; several make a hierarchical key. Default: /id.")
        private List<String> fields = new ArrayList<>();

        @Option(names = "--synthetic", paramLabel = "PARTITIONS", description = "Spreads documents by a hash of their id instead.")
        private int partitions;

        @Option(names = "--counter", paramLabel = "/FIELD", description = "A field whose concurrent increments add up.")
        private List<String> counters = new ArrayList<>();

        @Option(names = "--merge-policy", paramLabel = "JSON", description = "The whole merge policy, as in the REST interface.")
        private String mergePolicy = "";

        @Option(names = "--schema", paramLabel = "JSON|@FILE", description = "The JSON Schema of its documents; with its modes {\"jsonSchema\", \"level\", \"action\"}; null for none.")
        private String schema = "";

        @Option(names = "--ttl", paramLabel = "SECONDS|JSON", description = "How long a document lives after its last write; with a field {\"seconds\", \"field\"}; null for ever.")
        private String ttl = "";

        @Override
        public Integer call() {
            String path = cluster.collectionPath(name);
            int cut = path.lastIndexOf('/');
            Map<String, JsonValue> body = new LinkedHashMap<>();
            body.put("name", new JsonString(name.substring(name.indexOf('/') + 1)));
            body.put("partitionKey", partitionKey(fields, partitions));
            mergePolicy(mergePolicy, counters, body);
            schema(schema, body);
            if (!ttl.isEmpty()) {
                body.put("ttl", parsed(ttl));
            }
            try (ApiClient api = cluster.client()) {
                return printed(api.post(path.substring(0, cut), new JsonObject(body)).orThrow().object());
            }
        }
    }

    /** As the REST interface takes it. @param partitions 0 where documents aren't spread by a hash */
    static JsonValue partitionKey(List<String> fields, int partitions) {
        if (partitions != 0) {
            return Json.object("strategy", "synthetic", "partitions", partitions);
        }
        return fields.size() > 1
                ? Json.object("strategy", "hierarchical", "fields",
                        new JsonArray(fields.stream().map(field -> (JsonValue) new JsonString(field)).toList()))
                : new JsonString(fields.isEmpty() ? "/id" : fields.get(0));
    }

    private static void mergePolicy(String policy, List<String> counters, Map<String, JsonValue> body) {
        if (!policy.isEmpty()) {
            body.put("mergePolicy", policy.startsWith("{") ? parsed(policy) : new JsonString(policy));
        } else if (!counters.isEmpty()) {
            Map<String, JsonValue> types = new LinkedHashMap<>();
            counters.forEach(field -> types.put(field, new JsonString("counter")));
            body.put("mergePolicy", Json.object("default", "lww", "fields", new JsonObject(types)));
        }
    }

    private static void schema(String schema, Map<String, JsonValue> body) {
        if (schema.startsWith("@")) {
            try {
                body.put("schema", parsed(Files.readString(Path.of(schema.substring(1)))));
            } catch (IOException e) {
                throw CommandFailure.usage("the schema's file can't be read: " + e.getMessage(),
                        "Give --schema @FILE with a file of JSON.");
            }
        } else if (!schema.isEmpty()) {
            body.put("schema", parsed(schema));
        }
    }

    /** JSON that somebody gave on the command line. */
    static JsonValue parsed(String text) {
        try {
            return JsonParser.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (AvilaError e) {
            throw new CommandFailure(ExitCode.USAGE, e.code().code(), e.code().name(), e.detail(), e.code().fix(), false,
                    "");
        }
    }

    @Command(name = "list", description = "Lists a database's collections.")
    static final class ListAll extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE", arity = "0..1", description = "Default: the URL's database.")
        private String database = "";

        @Override
        public Integer call() {
            String path = cluster.collectionPath(database.isEmpty() ? "" : database + "/");
            try (ApiClient api = cluster.client(); RowPrinter rows = output.printer(spec)) {
                Json.objects(api.get(path.substring(0, path.length() - 1)).orThrow().object(), "collections").forEach(rows::row);
                return 0;
            }
        }
    }

    @Command(name = "describe", description = "Shows a collection's definition.")
    static final class Describe extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                return printed(api.get(cluster.collectionPath(name)).orThrow().object());
            }
        }
    }

    @Command(name = "alter", description = "Changes a collection's merge policy, schema or time to live.")
    static final class Alter extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Option(names = "--counter", paramLabel = "/FIELD", description = "A field whose concurrent increments add up.")
        private List<String> counters = new ArrayList<>();

        @Option(names = "--merge-policy", paramLabel = "JSON", description = "The whole merge policy, as in the REST interface.")
        private String mergePolicy = "";

        @Option(names = "--schema", paramLabel = "JSON|@FILE", description = "The JSON Schema of its documents; with its modes {\"jsonSchema\", \"level\", \"action\"}; null for none.")
        private String schema = "";

        @Option(names = "--ttl", paramLabel = "SECONDS|JSON", description = "How long a document lives after its last write; with a field {\"seconds\", \"field\"}; null for ever.")
        private String ttl = "";

        @Override
        public Integer call() {
            Map<String, JsonValue> body = new LinkedHashMap<>();
            mergePolicy(mergePolicy, counters, body);
            schema(schema, body);
            if (!ttl.isEmpty()) {
                body.put("ttl", parsed(ttl));
            }
            if (body.isEmpty()) {
                throw CommandFailure.usage("nothing to change", "Give --merge-policy, --counter, --schema or --ttl.");
            }
            try (ApiClient api = cluster.client()) {
                return printed(api.call("PATCH", cluster.collectionPath(name), new JsonObject(body).toJsonBytes(), Map.of()).orThrow()
                        .object());
            }
        }
    }

    @Command(name = "violations", description = "Lists the documents that break the collection's schema; exit code 1 where there are some.")
    static final class Violations extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Override
        public Integer call() {
            String path = cluster.collectionPath(name) + "/schema/violations";
            boolean found = false;
            try (ApiClient api = cluster.client(); RowPrinter rows = output.printer(spec)) {
                String token = "";
                do {
                    String page = token.isEmpty() ? "" : "?continuationToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
                    JsonObject answer = api.get(path + page).orThrow().object();
                    List<JsonObject> documents = Json.objects(answer, "documents");
                    documents.forEach(rows::row);
                    found |= !documents.isEmpty();
                    token = Json.string(answer, "continuationToken", "");
                } while (!token.isEmpty());
            }
            return found ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    @Command(name = "drop", description = "Drops a collection with all its documents.")
    static final class Drop extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                api.call("DELETE", cluster.collectionPath(name), null, Map.of()).orThrow();
                return printed(Json.object("dropped", name));
            }
        }
    }
}
