package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What would stop and what would be lost with a region. */
@Command(name = "survive", description = {"Tells what stops and what is lost if a region is gone from now on. Changes nothing.",
        "Exit code: 0 nothing would be lost and definitions would go on; 6 otherwise."})
public final class SurviveCommand extends DbCommand.Base {
    @Parameters(index = "0", paramLabel = "KIND", description = "What would be lost: region.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    public Integer call() {
        if (!kind.equals("region")) {
            throw CommandFailure.usage("'" + kind + "' can't be asked about", "aviladb survive region NAME");
        }
        JsonObject report;
        try (ApiClient api = cluster.client()) {
            report = api.get("/v1/whatif?lose=" + URLEncoder.encode(name, StandardCharsets.UTF_8)).orThrow().object();
        }
        try (RowPrinter rows = output.printer(spec, "what", "answer")) {
            lines(report).forEach(rows::row);
        }
        return exitCode(report);
    }

    static int exitCode(JsonObject report) {
        boolean nothingLost = report.getOrNull("loss") instanceof JsonObject loss && Json.number(loss, "writes", -1) == 0;
        boolean defined = report.getOrNull("goesOn") instanceof JsonObject goesOn
                && JsonBoolean.TRUE.equals(goesOn.getOrNull("definitions"));
        return nothingLost && defined ? ExitCode.OK : ExitCode.PARTLY;
    }

    /** A line for each thing that a reader asks about. */
    static List<JsonObject> lines(JsonObject report) {
        List<JsonObject> lines = new ArrayList<>();
        if (report.getOrNull("stops") instanceof JsonObject stops) {
            lines.add(line("groups that stop", Integer.toString(Json.objects(stops, "groups").size())));
            lines.add(line("ranges that stop", Long.toString(Json.number(stops, "ranges", 0))));
        }
        if (report.getOrNull("loss") instanceof JsonObject loss) {
            lines.add(line("writes lost", exposure(loss)));
        }
        Json.objects(report, "copies")
                .forEach(copy -> lines.add(line("writes that " + Json.string(copy, "region", "?") + " lacks", exposure(copy))));
        lines.add(line("sessions that can't be met", Json.string(report, "tokensUnmetFrom", "").isEmpty()
                ? "none"
                : "those that have seen " + Json.string(report, "tokensUnmetFrom", "") + " or later"));
        if (report.getOrNull("goesOn") instanceof JsonObject goesOn) {
            goesOn.members().forEach((what, answer) -> lines.add(line(what + " go on", JsonBoolean.TRUE.equals(answer) ? "yes" : "no")));
        }
        return lines;
    }

    private static String exposure(JsonObject exposure) {
        long writes = Json.number(exposure, "writes", -1);
        String more = JsonBoolean.TRUE.equals(exposure.getOrNull("complete")) ? "" : " at least";
        String basis = Json.string(exposure, "basis", "?");
        return writes < 0
                ? "unknown"
                : writes + more + (writes > 0 ? ", the oldest " + Json.number(exposure, "oldestAgeMs", 0) + " ms old" : "") + " (" + basis
                        + ")";
    }

    private static JsonObject line(String what, String answer) {
        return Json.object("what", what, "answer", answer);
    }
}
