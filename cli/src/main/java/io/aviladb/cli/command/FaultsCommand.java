package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Injected faults. */
@Command(name = "faults", description = {"Injects faults where they are enabled, and lists what is in force.",
        "  faults                                  what is in force",
        "  faults kill sa-east-1/1                 a region's name kills its nodes",
        "  faults restart sa-east-1/1", "  faults cut sa-east-1 us-east-1          nothing passes, either way",
        "  faults isolate sa-east-1", "  faults delay sa-east-1 us-east-1 200    round trip, milliseconds",
        "  faults clock sa-east-1/1 3600000        offset, milliseconds", "  faults heal"})
public final class FaultsCommand extends DbCommand.Base {
    @Parameters(paramLabel = "FAULT", arity = "0..*")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        try (ApiClient api = cluster.client()) {
            return printed((words.isEmpty() ? api.get("/v1/faults") : api.post("/v1/faults", command(words))).orThrow().object());
        }
    }

    /** The body of {@code POST /v1/faults} for the words of a command line. */
    static JsonObject command(List<String> words) {
        String verb = words.get(0);
        int places = switch (verb) {
            case "heal" -> 0;
            case "kill", "restart", "isolate" -> 1;
            case "cut", "clock" -> 2;
            case "delay" -> 3;
            default -> throw CommandFailure.usage("there is no fault '" + verb + "'",
                    io.aviladb.cli.config.NearestName.didYouMean(verb,
                            List.of("kill", "restart", "cut", "isolate", "delay", "clock", "heal")));
        };
        if (words.size() != places + 1) {
            throw CommandFailure.usage("'" + verb + "' takes " + places + " values, not " + (words.size() - 1),
                    "aviladb faults --help shows them.");
        }
        return switch (verb) {
            case "heal" -> Json.object("heal", true);
            case "cut" -> Json.object("cut", pair(words));
            case "delay" -> Json.object("delay", pair(words), "ms", millis(words.get(3)));
            case "clock" -> Json.object("clock", words.get(1), "offsetMs", millis(words.get(2)));
            default -> Json.object(verb, words.get(1));
        };
    }

    private static JsonArray pair(List<String> words) {
        return JsonArray.of(new JsonString(words.get(1)), new JsonString(words.get(2)));
    }

    private static long millis(String text) {
        try {
            return Long.parseLong(text.endsWith("ms") ? text.substring(0, text.length() - 2) : text);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("'" + text + "' is no number of milliseconds", "Write 200 or 200ms.");
        }
    }
}
