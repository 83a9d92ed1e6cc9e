package io.aviladb.cli.command;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.http.Json;
import io.aviladb.cli.output.Format;
import io.aviladb.cli.output.RowPrinter;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.error.ErrorCode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains error codes; needs no cluster. */
@Command(name = "errors", description = "Explains an error code, or lists all.")
public final class ErrorsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;
    @Mixin
    private OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "CODE", arity = "0..1", description = "5003, or AVL-5003.")
    private String code = "";

    @Override
    public Integer call() {
        if (code.isEmpty()) {
            try (RowPrinter rows = output.printer(spec, "code", "name", "status", "retryable", "cause")) {
                for (ErrorCode each : ErrorCode.values()) {
                    rows.row(row(each));
                }
            }
            return 0;
        }
        ErrorCode found = find(code);
        if (output.formatOr(Format.table) != Format.table) {
            try (RowPrinter rows = output.printer(spec)) {
                rows.row(row(found));
            }
            return 0;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(found.code() + " " + found.name());
        out.println("  cause    " + found.explanation());
        out.println("  fix      " + found.fix());
        out.println("  status   HTTP " + found.httpStatus() + ", gRPC " + found.grpc());
        out.println("  retry    " + (found.retryable() ? "yes: the same request can succeed later" : "no: change the request first"));
        out.println("  a write  " + (found.outcome() == ErrorCode.Outcome.NOT_APPLIED ? "was not applied" : "may have been applied"));
        out.flush();
        return 0;
    }

    private static ErrorCode find(String text) {
        String digits = text.toUpperCase(Locale.ROOT).replace("AVL-", "");
        for (ErrorCode each : ErrorCode.values()) {
            if (digits.equals(Integer.toString(each.number())) || digits.equals(each.name())) {
                return each;
            }
        }
        throw CommandFailure.failed("there is no error '" + text + "'", "'aviladb errors' lists all.");
    }

    private static JsonObject row(ErrorCode each) {
        return Json.object("code", each.code(), "name", each.name(), "status", each.httpStatus(), "retryable", each.retryable(), "cause",
                each.explanation(), "fix", each.fix());
    }
}
