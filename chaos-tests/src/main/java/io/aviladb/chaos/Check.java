package io.aviladb.chaos;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges histories in files: {@code java -jar aviladb-chaos-tests.jar FILE --model register}. Ends with 0 where all are valid, 1 where one is
 * violated, 2 where none is but one is undecided or can't be judged, or the command line is wrong.
 */
public final class Check {
    private static final int VALID = 0;
    private static final int VIOLATED = 1;
    private static final int NOT_JUDGED = 2;
    private static final String USAGE = """
            Judges histories of what clients did and were told.

            java -jar aviladb-chaos-tests.jar [--model NAME]... [--json] FILE...

              --model NAME   by which checker; may be repeated. Default: what the file asks for, else what its operations tell.
              --json         one JSON object a line instead of text

            Ends with 0: all valid; 1: a violation; 2: undecided, not a history of this model, unreadable, or wrong usage.
            Models:
            """;

    private final List<String> models = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private boolean json;

    private Check() {
    }

    /** The command. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** The command without the end of the process; returns its exit status. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help")) {
            out.print(USAGE + Checkers.HELP.indent(2));
            return VALID;
        }
        try {
            return new Check().parse(arguments).judge(out);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage() + "; --help lists what there is");
            return NOT_JUDGED;
        }
    }

    private Check parse(List<String> arguments) {
        for (int n = 0; n < arguments.size(); n++) {
            String argument = arguments.get(n);
            if (argument.equals("--model")) {
                if (++n == arguments.size()) {
                    throw new IllegalArgumentException("--model lacks its name");
                }
                Checkers.of(arguments.get(n)); // refuses what it doesn't know
                models.add(arguments.get(n));
            } else if (argument.equals("--json")) {
                json = true;
            } else if (argument.startsWith("-")) {
                throw new IllegalArgumentException("unknown option " + argument);
            } else {
                files.add(argument);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no file is named");
        }
        return this;
    }

    private int judge(PrintStream out) {
        Judgement.Result worst = Judgement.Result.VALID;
        for (String file : files) {
            for (Judgement judgement : judged(file)) {
                out.println(json ? judgement.json() : judgement.text());
                worst = judgement.result().compareTo(worst) > 0 ? judgement.result() : worst;
            }
        }
        return switch (worst) {
            case VALID -> VALID;
            case UNDECIDED, REFUSED -> NOT_JUDGED;
            case VIOLATED -> VIOLATED;
        };
    }

    private List<Judgement> judged(String file) {
        try {
            History history = History.read(Path.of(file));
            List<String> by = models.isEmpty() ? Checkers.of(history) : models;
            return by.stream().map(model -> Judgement.of(file, model, history)).toList();
        } catch (MalformedHistoryException e) {
            return List.of(Judgement.refused(file, String.valueOf(e.getMessage())));
        } catch (IOException | UncheckedIOException e) {
            return List.of(Judgement.refused(file, "can't be read: " + e));
        }
    }
}
