package io.aviladb.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;

/** The process' beginning. Every way out passes through {@link System#exit}: servers' threads would keep the process alive otherwise. */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) {
        PrintStream stdout = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream stderr = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.setOut(stdout);
        System.setErr(stderr);
        int code;
        try {
            code = run(args, new PrintWriter(stdout, true, StandardCharsets.UTF_8), new PrintWriter(stderr, true, StandardCharsets.UTF_8));
        } catch (Throwable unexpected) { // an Error too: it would leave the process hanging
            unexpected.printStackTrace(stderr);
            code = ExitCode.FAILED;
        }
        stdout.flush();
        System.exit(code);
    }

    /** Runs one command line and gives its exit code. */
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        boolean jsonErrors = Arrays.asList(args).contains("--json-errors");
        CommandLine commands = new CommandLine(new AvilaCommand());
        commands.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true).setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    out.flush();
                    if (failure instanceof CommandFailure known) {
                        err.print(jsonErrors ? known.toJson() + "\n" : known.toText());
                        err.flush();
                        return known.exitCode();
                    }
                    if (jsonErrors) {
                        err.println(CommandFailure.failed(String.valueOf(failure), "").toJson());
                    } else {
                        err.println("error: the command met something that it didn't expect");
                        failure.printStackTrace(err);
                    }
                    return ExitCode.FAILED;
                });
        if (jsonErrors) {
            commands.setParameterExceptionHandler((refused, given) -> {
                err.println(CommandFailure.usage(String.valueOf(refused.getMessage()), "aviladb --help lists the commands.").toJson());
                return ExitCode.USAGE;
            });
        }
        return commands.execute(args);
    }
}
