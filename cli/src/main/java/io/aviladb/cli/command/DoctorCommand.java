package io.aviladb.cli.command;

import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says what is the matter, and who can mend it. */
@Command(name = "doctor", description = "Says what is held up, and by whom.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        DoctorCommand.Tombstones.class, VerifyCommand.class})
public final class DoctorCommand extends Group {
    @Command(name = "tombstones", description = {
            "Shows who holds deleted documents back: per range each region that isn't known to have what another one wrote, up to where it has said so.",
            "A row without a region: nobody holds them; they wait for the retention only.",
            "Exit code: 0 all documents were looked at; 6 a range has too many."})
    static final class Tombstones extends DbCommand.Base {
        @Parameters(paramLabel = "DATABASE/COLLECTION")
        private String name = "";

        @Override
        public Integer call() {
            JsonObject answer;
            try (ApiClient api = cluster.client()) {
                answer = api.get(cluster.collectionPath(name) + "/tombstones").orThrow().object();
            }
            try (RowPrinter rows = output.printer(spec, "range", "region", "of", "acknowledged", "cursor", "tombstones", "oldest")) {
                Json.objects(answer, "ranges").forEach(range -> rows(range).forEach(rows::row));
            }
            return JsonBoolean.TRUE.equals(answer.getOrNull("complete")) ? ExitCode.OK : ExitCode.PARTLY;
        }
    }

    /** One for each that holds the range's tombstones back; one without a region where there are some and nobody does. */
    static List<JsonObject> rows(JsonObject range) {
        long number = Json.number(range, "range", 0);
        String oldest = Json.string(range, "oldest", "");
        List<JsonObject> held = Json.objects(range, "heldBy");
        long all = Json.number(range, "tombstones", 0);
        if (held.isEmpty()) {
            return all == 0 ? List.of() : List.of(Json.object("range", number, "tombstones", all, "oldest", oldest));
        }
        return held.stream().map(holder -> Json.object("range", number, "region", Json.string(holder, "region", ""), "of",
                Json.string(holder, "of", ""), "acknowledged", Json.string(holder, "acknowledged", "never"), "cursor",
                Json.string(holder, "cursor", ""), "tombstones", Json.number(holder, "tombstones", 0), "oldest", oldest)).toList();
    }
}
