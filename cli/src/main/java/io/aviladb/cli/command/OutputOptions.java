package io.aviladb.cli.command;

import io.aviladb.cli.output.Format;
import io.aviladb.cli.output.RowPrinter;
import java.io.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a command writes its rows. */
public final class OutputOptions {
    @Option(names = {"-f",
            "--format"}, paramLabel = "FORMAT", defaultValue = "${env:AVILADB_FORMAT}", description = "${COMPLETION-CANDIDATES}. Default: table on a terminal, ndjson when piped.")
    private @Nullable Format format;

    public Format format() {
        return format != null ? format : isTerminal() ? Format.table : Format.ndjson;
    }

    /** The format, where somebody chose one. */
    public Format formatOr(Format otherwise) {
        return format != null ? format : otherwise;
    }

    public RowPrinter printer(CommandSpec spec, String... columns) {
        return new RowPrinter(spec.commandLine().getOut(), format(), List.of(columns));
    }

    public static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
