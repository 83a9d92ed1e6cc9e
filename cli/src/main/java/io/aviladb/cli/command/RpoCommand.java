package io.aviladb.cli.command;

import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;

/** What the loss of a region would cost now. */
@Command(name = "rpo", description = {
        "Shows for each two regions the age of the oldest write of the one that the other isn't known to have.",
        "basis: measured (both answered), acknowledged (the second doesn't: what it had said counts), unknown (the first doesn't).",
        "Exit code: 0 all was measured; 6 some was not."})
public final class RpoCommand extends DbCommand.Base {
    @Override
    public Integer call() {
        List<JsonObject> links;
        try (ApiClient api = cluster.client()) {
            links = Json.objects(api.get("/v1/rpo").orThrow().object(), "links");
        }
        try (RowPrinter rows = output.printer(spec, "from", "to", "oldestAgeMs", "unconfirmedWrites", "complete", "basis")) {
            links.forEach(rows::row);
        }
        return exitCode(links);
    }

    static int exitCode(List<JsonObject> links) {
        return links.stream().allMatch(link -> Json.string(link, "basis", "").equals("measured")) ? ExitCode.OK : ExitCode.PARTLY;
    }
}
