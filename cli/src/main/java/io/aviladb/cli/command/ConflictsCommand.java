package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Conflicts: what merges have overwritten, why, and how it comes back. */
@Command(name = "conflicts", description = "Lists, explains and resolves what merges have overwritten.", synopsisSubcommandLabel = "COMMAND", subcommands = {
        ConflictsCommand.ListAll.class, ConflictsCommand.Show.class, ConflictsCommand.Resolve.class, ConflictsCommand.WhatIf.class})
public final class ConflictsCommand extends Group {
    @Command(name = "list", description = "Lists a collection's conflicts, as the region that answers recorded them.")
    static final class ListAll extends DocCommand.OnCollection {
        @Option(names = "--since", paramLabel = "TIME", description = "What was recorded from then on, as in 2026-01-31T12:00:00Z.")
        private String since = "";

        @Override
        public Integer call() {
            String query = since.isEmpty() ? "" : "since=" + URLEncoder.encode(since, StandardCharsets.UTF_8);
            try (ApiClient api = cluster.client();
                    RowPrinter rows = output.printer(spec, "recordedAt", "document", "overwritten", "winner", "clockDecided", "settled",
                            "id")) {
                String token = "";
                do {
                    String page = token.isEmpty() ? "" : "continuationToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
                    String all = query + (query.isEmpty() || page.isEmpty() ? "" : "&") + page;
                    JsonObject answer = api.get(cluster.collectionPath(collection) + "/conflicts" + (all.isEmpty() ? "" : "?" + all))
                            .orThrow()
                            .object();
                    Json.objects(answer, "conflicts").forEach(rows::row);
                    token = Json.string(answer, "continuationToken", "");
                } while (!token.isEmpty());
                return ExitCode.OK;
            }
        }
    }

    @Command(name = "show", description = "Explains one conflict: per field the candidates, the rule, the winner.")
    static final class Show extends DocCommand.OnCollection {
        @Parameters(index = "1", paramLabel = "CONFLICT")
        private String conflict = "";

        @Override
        public Integer call() {
            try (ApiClient api = cluster.client()) {
                return printed(
                        api.get(cluster.collectionPath(collection) + "/conflicts/" + ApiClient.step(conflict)).orThrow().object());
            }
        }
    }

    @Command(name = "whatif", description = "Lists the recorded conflicts that another merge policy would have read otherwise. Changes nothing.")
    static final class WhatIf extends DocCommand.OnCollection {
        @Parameters(index = "1", paramLabel = "POLICY", description = "A policy's name, or its JSON.")
        private String policy = "";

        @Option(names = "--since", paramLabel = "TIME", description = "What was recorded from then on, as in 2026-01-31T12:00:00Z.")
        private String since = "";

        @Override
        public Integer call() {
            byte[] body = (policy.startsWith("{") ? policy : new JsonString(policy).toJson()).getBytes(StandardCharsets.UTF_8);
            String from = since.isEmpty() ? "" : "&since=" + URLEncoder.encode(since, StandardCharsets.UTF_8);
            try (ApiClient api = cluster.client();
                    RowPrinter rows = output.printer(spec, "document", "fields", "now", "then", "byHand", "settled", "conflict")) {
                String token = "";
                do {
                    String path = cluster.collectionPath(collection) + "/mergePolicy/whatif?continuationToken="
                            + URLEncoder.encode(token, StandardCharsets.UTF_8) + from;
                    JsonObject answer = api.call("POST", path, body, Map.of()).orThrow().object();
                    Json.objects(answer, "differ").forEach(rows::row);
                    token = Json.string(answer, "continuationToken", "");
                } while (!token.isEmpty());
                return ExitCode.OK;
            }
        }
    }

    @Command(name = "resolve", description = "Lets a side of an open conflict stand, or brings any version back that is kept.")
    static final class Resolve extends DocCommand.OnDocument {
        @Option(names = "--choose", paramLabel = "VERSION", description = "The side whose lost fields come back; refused where somebody was faster.")
        private String choose = "";

        @Option(names = "--restore", paramLabel = "VERSION", description = "The version that comes back, whatever has been written since.")
        private String restore = "";

        @Override
        public Integer call() {
            if (choose.isEmpty() == restore.isEmpty()) {
                throw CommandFailure.usage("one of --choose and --restore is needed", "aviladb conflicts list shows the versions.");
            }
            JsonObject body = choose.isEmpty() ? Json.object("restore", restore) : Json.object("choose", choose);
            try (ApiClient api = cluster.client()) {
                return printed(api.call("POST", documentPath("/resolve"), body.toJsonBytes(), Map.of()).orThrow().object());
            }
        }
    }
}
