package io.aviladb.cli.command;

import io.aviladb.cli.http.Json;
import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.load.SourceRecord;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.cli.sample.SampleData;
import io.aviladb.cli.sample.Samples;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes sample data as JSON lines, for 'import'. */
@Command(name = "sample", description = "Writes a sample data set as JSON lines; without a name, lists the sets.")
public final class SampleCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "NAME", arity = "0..1")
    private String name = "list";

    @Option(names = {"-o", "--out"}, paramLabel = "FILE", description = "Default: standard output.")
    private @Nullable Path out;

    @Option(names = "--count", paramLabel = "N", description = "How many documents. Default: 20,000 generated, or all that there are.")
    private long count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of what is generated. Default: 1.")
    private long seed = 1;

    @Override
    public Integer call() throws Exception {
        if (name.equals("list")) {
            list(output.printer(spec));
            return 0;
        }
        SampleData data = Samples.named(name);
        try (RecordSource source = data.open(count > 0 ? count : data.defaultCount(), seed, userCache());
                PrintWriter lines = out == null
                        ? spec.commandLine().getOut()
                        : new PrintWriter(Files.newBufferedWriter(out, StandardCharsets.UTF_8))) {
            long written = 0;
            for (SourceRecord record = source.next(); record != null; record = source.next()) {
                if (record instanceof SourceRecord.Parsed parsed) {
                    lines.print(parsed.document().toJson());
                    lines.print('\n');
                    written++;
                }
            }
            lines.flush();
            if (out != null) {
                spec.commandLine().getOut().println(written + " documents in " + out);
                spec.commandLine().getOut().print(data.attribution().isEmpty() ? "" : data.attribution() + "\n");
            }
        }
        return 0;
    }

    /** Lists the data sets and closes the printer. */
    public static void list(RowPrinter rows) {
        try (rows) {
            for (SampleData each : Samples.ALL) {
                rows.row(Json.object("name", each.name(), "collection", each.database() + "/" + each.collection(), "description",
                        each.description(), "attribution", each.attribution()));
            }
        }
    }

    private static Path userCache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        return (xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg))
                .resolve("aviladb/samples");
    }
}
