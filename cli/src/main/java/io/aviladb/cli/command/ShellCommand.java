package io.aviladb.cli.command;

import io.aviladb.cli.http.ApiClient;
import io.aviladb.cli.shell.LineSource;
import io.aviladb.cli.shell.Shell;
import io.aviladb.cli.shell.ShellSettings;
import io.aviladb.cli.shell.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An interactive shell, or a script of statements. */
@Command(name = "shell", description = {"Runs statements one after the other, typed or from a file or pipe.",
        "A script ends at its first failure, with that failure's exit code."})
public final class ShellCommand extends DbCommand.Base {
    @Parameters(paramLabel = "DATABASE", arity = "0..1", description = "Default: the URL's database.")
    private String database = "";

    @Option(names = "--file", paramLabel = "FILE", description = "Reads statements from a file; - is standard input.")
    private String file = "";

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ShellSettings settings = new ShellSettings(database.isEmpty() ? cluster.url().database() : database, output.format());
        try (ApiClient api = cluster.client()) {
            Shell shell = new Shell(api, out, err, settings);
            if (file.isEmpty() && OutputOptions.isTerminal()) {
                try (Terminal terminal = new Terminal(Path.of(System.getProperty("user.home"), ".aviladb_history"))) {
                    return shell.run(terminal);
                }
            }
            boolean piped = file.isEmpty() || file.equals("-");
            try (BufferedReader lines = piped
                    ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                    : Files.newBufferedReader(Path.of(file))) {
                return shell.run(LineSource.of(lines));
            } catch (java.nio.file.NoSuchFileException missing) {
                throw io.aviladb.cli.CommandFailure.usage("there is no file '" + file + "'", "Name one with --file.");
            }
        }
    }
}
