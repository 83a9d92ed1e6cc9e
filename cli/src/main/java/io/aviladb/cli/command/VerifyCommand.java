package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has the cluster check itself. */
@Command(name = "verify", description = {
        "Compares what the replicas of all regions hold at one cut, down to the document that differs, and tells of reads that went back.",
        "Exit code: 0 all that was asked for is the same everywhere; 1 something differs, or a read went back; 6 somebody couldn't be asked."})
final class VerifyCommand extends DbCommand.Base {
    @Parameters(paramLabel = "DATABASE[/COLLECTION]", arity = "0..1", description = "Only this; everything where nothing is named.")
    private String name = "";

    @Option(names = "--documents", paramLabel = "N", defaultValue = "10000", description = "How many of each collection are compared at least, where it has so many (default: ${DEFAULT-VALUE}).")
    private int documents;

    @Override
    public Integer call() {
        JsonObject answer;
        try (ApiClient api = cluster.client()) {
            answer = api.get("/v1/verify?documents=" + documents + scope(name)).orThrow().object();
        }
        try (RowPrinter rows = output.printer(spec, "database", "collection", "place", "state", "documents", "whole", "because")) {
            Json.objects(answer, "collections").forEach(collection -> rows(collection).forEach(rows::row));
        }
        List<JsonObject> found = found(answer);
        if (!found.isEmpty()) {
            try (RowPrinter rows = output.printer(spec, "key", "kind", "at", "reference")) {
                found.forEach(rows::row);
            }
        }
        return switch (Json.string(answer, "verdict", "")) {
            case "identical" -> ExitCode.OK;
            case "incomplete" -> ExitCode.PARTLY;
            default -> ExitCode.FAILED;
        };
    }

    private static String scope(String name) {
        if (name.isEmpty()) {
            return "";
        }
        String[] parts = name.split("/", -1);
        if (parts.length > 2 || parts[0].isEmpty() || parts[parts.length - 1].isEmpty()) {
            throw CommandFailure.usage("'" + name + "' is no DATABASE, and no DATABASE/COLLECTION",
                    "for example: aviladb doctor verify shop/orders");
        }
        return "&database=" + parts[0] + (parts.length == 2 ? "&collection=" + parts[1] : "");
    }

    /** One for the collection, one for each region and node. */
    static List<JsonObject> rows(JsonObject collection) {
        List<JsonObject> rows = new ArrayList<>();
        rows.add(row(collection, "all", Json.string(collection, "verdict", ""), collection));
        Json.objects(collection, "regions").forEach(region -> rows.add(row(collection, Json.string(region, "region", ""),
                Json.string(region, "state", ""), region)));
        Json.objects(collection, "nodes").forEach(node -> rows.add(row(collection, Json.string(node, "node", ""),
                Json.string(node, "state", ""), node)));
        return rows;
    }

    private static JsonObject row(JsonObject collection, String place, String state, JsonObject of) {
        return Json.object("database", Json.string(collection, "database", ""), "collection", Json.string(collection, "collection", ""),
                "place", place, "state", state, "documents", Json.number(of, "documents", 0), "whole",
                JsonBoolean.TRUE.equals(collection.getOrNull("whole")), "because", Json.string(of, "because", ""));
    }

    /** Documents that differ, and reads that went back. */
    private static List<JsonObject> found(JsonObject answer) {
        List<JsonObject> found = new ArrayList<>();
        Json.objects(answer, "collections").forEach(collection -> Json.objects(collection, "differences").forEach(difference -> found
                .add(Json.object("key", key(difference), "kind", Json.string(difference, "kind", ""), "at",
                        Json.string(difference, "at", ""), "reference", Json.string(difference, "reference", "")))));
        answer.get("order").filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                .ifPresent(order -> Json.objects(order, "violations").forEach(violation -> found.add(Json.object("key", key(violation),
                        "kind", "went back (" + Json.string(violation, "consistency", "") + ")", "at", node(violation, "read"),
                        "reference", node(violation, "before")))));
        return found;
    }

    private static String key(JsonObject of) {
        return of.get("key").map(key -> key.toJson()).orElse("");
    }

    private static String node(JsonObject violation, String which) {
        return violation.get(which).filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                .map(shown -> Json.string(shown, "node", "") + " at " + Json.string(shown, "at", "")).orElse("");
    }
}
