package io.aviladb.cli.command;

import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.Format;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;

/** One screen on how a cluster is doing. */
@Command(name = "status", description = {"Shows how the cluster is doing, as one region sees it.",
        "Exit code: 0 all is well; 6 something is down, and every group has a leader; 3 a group of this region has no leader."})
public final class StatusCommand extends DbCommand.Base {
    @Override
    public Integer call() {
        try (ApiClient api = cluster.client()) {
            JsonObject status = api.get("/v1/status").orThrow().object();
            if (output.format() == Format.table) {
                screen(status, spec.commandLine().getOut());
            } else {
                printed(status);
            }
            return exitCode(status);
        }
    }

    static int exitCode(JsonObject status) {
        for (JsonObject group : Json.objects(status, "groups")) {
            if (Json.string(group, "leader", "").isEmpty()) {
                return ExitCode.UNAVAILABLE;
            }
        }
        boolean nodes = Json.objects(status, "nodes").stream().allMatch(node -> Json.string(node, "state", "").equals("up"));
        boolean regions = Json.objects(status, "regions").stream()
                .noneMatch(region -> JsonBoolean.FALSE.equals(region.getOrNull("reachable")));
        return nodes && regions ? ExitCode.OK : ExitCode.PARTLY;
    }

    static void screen(JsonObject status, PrintWriter out) {
        out.println("as " + Json.string(status, "region", "?") + " sees it");
        out.println();
        for (JsonObject region : Json.objects(status, "regions")) {
            String name = Json.string(region, "name", "?");
            StringBuilder letters = new StringBuilder();
            for (JsonObject node : Json.objects(status, "nodes")) {
                if (Json.string(node, "region", "").equals(name)) {
                    String id = Json.string(node, "id", "?");
                    letters.append("  ").append(id.substring(id.indexOf('/') + 1)).append(':').append(letters(node));
                }
            }
            String reachable = JsonBoolean.FALSE.equals(region.getOrNull("reachable")) ? "unreachable" : "reachable";
            out.printf("  %-16s %-12s%s%n", name, reachable, letters);
        }
        out.println("  (UP up, CU catching up, DN down)");
        table(status, "groups", List.of("group", "kind", "leader", "term", "applied", "ranges"), out);
        table(status, "links", List.of("from", "to", "lagMs", "lagEntries", "state"), out);
        out.flush();
    }

    private static void table(JsonObject status, String member, List<String> columns, PrintWriter out) {
        out.println();
        out.println(member);
        try (RowPrinter rows = new RowPrinter(out, Format.table, columns)) {
            Json.objects(status, member).forEach(rows::row);
        }
    }

    /** Two letters that can be searched for. */
    private static String letters(JsonObject node) {
        return switch (Json.string(node, "state", "")) {
            case "up" -> "UP";
            case "catching-up" -> "CU";
            default -> "DN";
        };
    }
}
