package io.aviladb.cli.shell;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.output.Format;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads statements, which end with a semicolon, and commands, which begin with a backslash and end with the line. */
public final class Shell {
    private static final String HELP = """
            A statement ends with ';' and may take several lines; Ctrl-C gives it up, Ctrl-D leaves.
              \\use DATABASE       the database that statements are about
              \\dbs                lists the databases
              \\colls              lists the database's collections
              \\set NAME VALUE     a parameter for @NAME; VALUE is JSON, or else a string
              \\unset NAME
              \\scope SCOPE        LOCAL or GLOBAL
              \\format FORMAT      table, json, ndjson, csv or yaml
              \\timing             tells how long each statement took, or stops to
              \\help  \\quit""";

    private final ApiClient api;
    private final PrintWriter out;
    private final PrintWriter err;
    private final ShellSettings settings;

    public Shell(ApiClient api, PrintWriter out, PrintWriter err, ShellSettings settings) {
        this.api = api;
        this.out = out;
        this.err = err;
        this.settings = settings;
    }

    /**
     * Until the lines end or somebody leaves.
     *
     * @return the exit code. Where nobody sits in front, the first failure ends it, so that a script never goes on after one
     */
    public int run(LineSource lines) {
        Statements statements = new Statements();
        if (lines.interactive()) {
            out.println("\\help lists the commands.");
        }
        int worst = ExitCode.OK;
        while (true) {
            out.flush();
            @Nullable
            String line;
            try {
                line = lines.read(statements.unfinished().isEmpty() ? settings.database() + "> " : "  ... ");
            } catch (LineSource.Interrupted abandoned) {
                statements.forget();
                continue;
            }
            try {
                if (line == null) {
                    return last(statements, worst);
                }
                String text = line.strip();
                if (!statements.unfinished().isEmpty() || !text.startsWith("\\")) {
                    statements.add(line);
                    for (Optional<String> next = statements.next(); next.isPresent(); next = statements.next()) {
                        worst = Math.max(worst, statement(next.get()));
                    }
                } else if (text.equals("\\quit") || text.equals("\\q")) {
                    return worst;
                } else {
                    command(text.substring(1).split("\\s+", 3));
                }
            } catch (CommandFailure failure) {
                out.flush();
                err.print(failure.toText());
                err.flush();
                statements.forget();
                if (!lines.interactive()) {
                    return failure.exitCode();
                }
            }
        }
    }

    /** The last statement of a file needs no semicolon. */
    private int last(Statements statements, int worst) {
        return statements.unfinished().isEmpty() ? worst : Math.max(worst, statement(statements.unfinished()));
    }

    private int statement(String text) {
        long begun = System.nanoTime();
        StatementRun run = new StatementRun(api, settings.requireDatabase(), settings.request(text), Map.of(), Long.MAX_VALUE);
        boolean complete = run.print(() -> new RowPrinter(out, settings.format(), List.of()));
        if (!complete) {
            err.println("not every region answered: these rows may not be all");
            err.flush();
        }
        if (settings.timing()) {
            out.printf(Locale.ROOT, "%d rows in %.1f ms%n", run.rows(), (System.nanoTime() - begun) / 1e6);
        }
        return complete ? ExitCode.OK : ExitCode.PARTLY;
    }

    private void command(String[] words) {
        switch (words[0]) {
            case "help", "?", "h" -> out.println(HELP);
            case "use" -> {
                String database = argument(words, 1);
                api.get("/v1/databases/" + ApiClient.step(database)).orThrow();
                settings.use(database);
            }
            case "dbs" -> list("/v1/databases", "databases");
            case "colls" -> list("/v1/databases/" + ApiClient.step(settings.requireDatabase()) + "/collections", "collections");
            case "set" -> settings.set(argument(words, 1), StatementRun.value(argument(words, 2)));
            case "unset" -> settings.unset(argument(words, 1));
            case "scope" -> settings.scope(argument(words, 1).toUpperCase(Locale.ROOT));
            case "format" -> settings.format(format(argument(words, 1)));
            case "timing" -> settings.toggleTiming();
            default -> throw CommandFailure.usage("there is no command '\\" + words[0] + "'", "\\help lists them.");
        }
    }

    private static Format format(String name) {
        try {
            return Format.valueOf(name.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw CommandFailure.usage("'" + name + "' is no format", "Formats are table, json, ndjson, csv and yaml.");
        }
    }

    private static String argument(String[] words, int index) {
        if (words.length <= index) {
            throw CommandFailure.usage("\\" + words[0] + " lacks a word", "\\help shows what it takes.");
        }
        return words[index];
    }

    private void list(String path, String member) {
        try (RowPrinter rows = new RowPrinter(out, settings.format(), List.of())) {
            if (api.get(path).orThrow().object().getOrNull(member) instanceof JsonArray all) {
                for (JsonValue one : all.elements()) {
                    rows.row(one instanceof JsonString name ? JsonObject.of("name", name) : (JsonObject) one);
                }
            }
        }
    }
}
