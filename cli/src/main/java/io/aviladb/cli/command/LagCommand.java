package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.ClusterUrl;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;

/** How far regions are behind each other. Each region knows its own links only: every region is asked. */
@Command(name = "lag", description = {"Shows how far each region is behind each other region.",
        "Exit code: 0 every region answered; 6 some did not."})
public final class LagCommand extends DbCommand.Base {
    @Override
    public Integer call() {
        Map<String, JsonObject> links = new LinkedHashMap<>();
        Set<String> missing = new LinkedHashSet<>();
        try (ApiClient api = cluster.client()) {
            JsonObject own = api.get("/v1/status").orThrow().object();
            collect(own, links);
            for (JsonObject region : Json.objects(own, "regions")) {
                String name = Json.string(region, "name", "");
                if (!name.equals(Json.string(own, "region", "")) && !asked(own, name, links)) {
                    missing.add(name);
                }
            }
        }
        try (RowPrinter rows = output.printer(spec, "from", "to", "lagMs", "lagEntries", "state")) {
            links.values().forEach(rows::row);
            missing.forEach(region -> rows.row(Json.object("from", "?", "to", region, "state", "unknown")));
        }
        return missing.isEmpty() ? ExitCode.OK : ExitCode.PARTLY;
    }

    private static boolean asked(JsonObject status, String region, Map<String, JsonObject> links) {
        for (JsonObject node : Json.objects(status, "nodes")) {
            String endpoint = Json.string(node, "endpoint", "");
            if (Json.string(node, "region", "").equals(region) && Json.string(node, "state", "").equals("up") && !endpoint.isEmpty()) {
                try (ApiClient api = new ApiClient(ClusterUrl.parse(endpoint + "?timeout=5s"))) {
                    collect(api.get("/v1/status").orThrow().object(), links);
                    return true;
                } catch (CommandFailure tryTheNext) {
                    continue;
                }
            }
        }
        return false;
    }

    private static void collect(JsonObject status, Map<String, JsonObject> links) {
        for (JsonObject link : Json.objects(status, "links")) {
            links.putIfAbsent(Json.string(link, "from", "") + ">" + Json.string(link, "to", ""), link);
        }
    }
}
