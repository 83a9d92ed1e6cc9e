package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiAnswer;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.Format;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Documents. */
@Command(name = "doc", description = "Inserts, reads, replaces, patches, deletes and lists documents.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        DocCommand.Insert.class, DocCommand.Get.class, DocCommand.Put.class, DocCommand.Patch.class,
        DocCommand.Delete.class, DocCommand.ListAll.class, DocCommand.Receipt.class})
public final class DocCommand extends Group {
    /** What every verb on one collection takes. */
    abstract static class OnCollection extends DbCommand.Base {
        @Parameters(index = "0", paramLabel = "DATABASE/COLLECTION")
        String collection = "";

        String documents() {
            return cluster.collectionPath(collection) + "/documents";
        }
    }

    /** What every verb on one document takes. */
    abstract static class OnDocument extends OnCollection {
        @Parameters(index = "1", paramLabel = "ID")
        String id = "";

        @Option(names = {"-k",
                "--key"}, paramLabel = "VALUE", description = "The partition key's value; once for each level. 42 is a number, '\"42\"' a string.")
        List<String> key = new ArrayList<>();

        /** The path of something of the document. */
        String documentPath(String what) {
            return documents() + "/" + ApiClient.step(id) + what + (key.isEmpty() ? "" : "?partitionKey=" + encoded(partitionKey(key)));
        }

        String document(String query) {
            String partition = key.isEmpty() ? "" : "partitionKey=" + encoded(partitionKey(key));
            String all = partition + (partition.isEmpty() || query.isEmpty() ? "" : "&") + query;
            return documents() + "/" + ApiClient.step(id) + (all.isEmpty() ? "" : "?" + all);
        }
    }

    /** What every verb that writes takes. */
    static final class WriteOptions {
        @Option(names = "--durability", paramLabel = "LEVEL", description = "local, remote, majority or all: where the write is when it is answered.")
        private String durability = "";

        Map<String, String> and(Map<String, String> headers) {
            Map<String, String> all = new LinkedHashMap<>(headers);
            if (!durability.isEmpty()) {
                all.put("X-AvilaDB-Durability", durability);
            }
            return all;
        }
    }

    private static String encoded(JsonValue value) {
        return URLEncoder.encode(value.toJson(), StandardCharsets.UTF_8);
    }

    /** Levels as somebody wrote them: a JSON number, boolean or string is what it is, anything else a string. */
    static JsonArray partitionKey(List<String> levels) {
        List<JsonValue> values = new ArrayList<>();
        for (String level : levels) {
            try {
                JsonValue value = JsonParser.parse(level.getBytes(StandardCharsets.UTF_8));
                boolean scalar = value instanceof JsonNumber || value instanceof JsonBoolean || value instanceof JsonString;
                values.add(scalar ? value : new JsonString(level));
            } catch (AvilaError bareText) {
                values.add(new JsonString(level));
            }
        }
        return new JsonArray(values);
    }

    private static byte[] body(String given) {
        try {
            return given.equals("-") ? System.in.readAllBytes() : given.getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Command(name = "insert", description = "Inserts a document.")
    static final class Insert extends OnCollection {
        @Parameters(index = "1", paramLabel = "JSON", description = "The document; - reads it from standard input.")
        private String document = "";

        @Mixin
        private WriteOptions options = new WriteOptions();

        @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Makes a retry safe: the same key inserts once.")
        private String idempotencyKey = "";

        @Override
        public Integer call() {
            Map<String, String> headers = idempotencyKey.isEmpty() ? Map.of() : Map.of("Idempotency-Key", '"' + idempotencyKey + '"');
            try (ApiClient api = cluster.client()) {
                return printed(api.call("POST", documents(), body(document), options.and(headers)).orThrow().object());
            }
        }
    }

    @Command(name = "get", description = "Reads a document.")
    static final class Get extends OnDocument {
        @Option(names = "--metadata", description = "With _version, _ts, _etag and _regions.")
        private boolean metadata;

        @Option(names = "--consistency", paramLabel = "LEVEL", description = "strong, bounded, session, prefix or eventual.")
        private String consistency = "";

        @Override
        public Integer call() {
            Map<String, String> headers = consistency.isEmpty() ? Map.of() : Map.of("X-AvilaDB-Consistency", consistency);
            try (ApiClient api = cluster.client()) {
                ApiAnswer answer = api.call("GET", document(metadata ? "metadata=true" : ""), null, headers).orThrow();
                Format format = output.formatOr(Format.ndjson); // a document is no row: a table shows little of it
                try (RowPrinter rows = new RowPrinter(spec.commandLine().getOut(), format, List.of())) {
                    rows.row(answer.object());
                }
                return 0;
            }
        }
    }

    @Command(name = "put", description = "Replaces or inserts a document.")
    static final class Put extends OnDocument {
        @Parameters(index = "2", paramLabel = "JSON", description = "The document; - reads it from standard input.")
        private String document = "";

        @Mixin
        private WriteOptions options = new WriteOptions();

        @Option(names = "--if-match", paramLabel = "ETAG", description = "Only replaces this version; * any version.")
        private String ifMatch = "";

        @Option(names = "--if-none-match", description = "Only inserts.")
        private boolean ifNoneMatch;

        @Override
        public Integer call() {
            Map<String, String> headers = new LinkedHashMap<>();
            if (!ifMatch.isEmpty()) {
                headers.put("If-Match", ifMatch.equals("*") || ifMatch.startsWith("\"") ? ifMatch : '"' + ifMatch + '"');
            }
            if (ifNoneMatch) {
                headers.put("If-None-Match", "*");
            }
            try (ApiClient api = cluster.client()) {
                return printed(api.call("PUT", document(""), body(document), options.and(headers)).orThrow().object());
            }
        }
    }

    @Command(name = "patch", description = "Changes parts of a document.")
    static final class Patch extends OnDocument {
        @Mixin
        private WriteOptions options = new WriteOptions();

        @Option(names = "--set", paramLabel = "/PATH=JSON", description = "Sets a value.")
        private List<String> sets = new ArrayList<>();

        @Option(names = "--inc", paramLabel = "/PATH=NUMBER", description = "Adds to a number.")
        private List<String> increments = new ArrayList<>();

        @Option(names = "--unset", paramLabel = "/PATH", description = "Removes a member.")
        private List<String> unsets = new ArrayList<>();

        @Option(names = "--ops", paramLabel = "JSON", description = "An array of operations as in the REST interface.")
        private String operations = "";

        @Override
        public Integer call() {
            List<JsonValue> ops = new ArrayList<>();
            sets.forEach(text -> ops.add(operation("set", text)));
            increments.forEach(text -> ops.add(operation("inc", text)));
            unsets.forEach(path -> ops.add(Json.object("op", "unset", "path", path)));
            if (!operations.isEmpty() && CollCommand.parsed(operations) instanceof JsonArray more) {
                ops.addAll(more.elements());
            }
            if (ops.isEmpty()) {
                throw CommandFailure.usage("nothing to change", "Give --set, --inc, --unset or --ops.");
            }
            try (ApiClient api = cluster.client()) {
                byte[] body = Json.object("ops", new JsonArray(ops)).toJsonBytes();
                return printed(api.call("PATCH", document(""), body, options.and(Map.of())).orThrow().object());
            }
        }

        private static JsonValue operation(String op, String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.usage("'" + text + "' is no change", "Write /path=value.");
            }
            JsonValue value = partitionKey(List.of(text.substring(equals + 1))).elements().get(0);
            String given = text.substring(equals + 1).strip();
            boolean composed = given.startsWith("{") || given.startsWith("[") || given.equals("null");
            return Json.object("op", op, "path", text.substring(0, equals), "value", composed ? CollCommand.parsed(given) : value);
        }
    }

    @Command(name = "receipt", description = "Shows which regions have a write by now.")
    static final class Receipt extends DbCommand.Base {
        @Parameters(index = "0", paramLabel = "RECEIPT", description = "receipt.id of the write's answer.")
        private String receipt = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                return printed(api.call("GET", "/v1/receipts/" + ApiClient.step(receipt), null, Map.of()).orThrow().object());
            }
        }
    }

    @Command(name = "delete", description = "Deletes a document.")
    static final class Delete extends OnDocument {
        @Mixin
        private WriteOptions options = new WriteOptions();

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                api.call("DELETE", document(""), null, options.and(Map.of())).orThrow();
                return printed(Json.object("deleted", id));
            }
        }
    }

    @Command(name = "list", description = "Lists documents in the order of their keys.")
    static final class ListAll extends OnCollection {
        @Option(names = {"-k", "--key"}, paramLabel = "VALUE", description = "Only documents whose partition key begins so; once a level.")
        private List<String> prefix = new ArrayList<>();

        @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "How many; 0: all. Default: ${DEFAULT-VALUE}.")
        private long limit = 20;

        @Option(names = "--scope", paramLabel = "SCOPE", defaultValue = "LOCAL", description = "LOCAL or GLOBAL. Default: LOCAL.")
        private String scope = "LOCAL";

        @Override
        public Integer call() {
            String query = "?scope=" + scope + (prefix.isEmpty() ? "" : "&partitionKeyPrefix=" + encoded(partitionKey(prefix)));
            String token = "";
            long left = limit == 0 ? Long.MAX_VALUE : limit;
            try (ApiClient api = cluster.client(); RowPrinter rows = output.printer(spec)) {
                do {
                    String page = query + "&pageSize=" + Math.min(left, 500)
                            + (token.isEmpty() ? "" : "&continuationToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
                    JsonObject answer = api.get(documents() + page).orThrow().object();
                    for (JsonObject document : Json.objects(answer, "documents")) {
                        if (left-- > 0) {
                            rows.row(document);
                        }
                    }
                    token = Json.string(answer, "continuationToken", "");
                } while (!token.isEmpty() && left > 0);
            }
            return 0;
        }
    }
}
