package io.aviladb.chaos;

import io.aviladb.chaos.checker.Checkers;
import io.aviladb.chaos.checker.Verdict;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one checker says of one file.
 *
 * @param judged how many operations of clients the file has; 0 where it can't be read
 */
record Judgement(String file, String checker, Result result, String why, List<Operation> offending, int judged) {
    /** The worse, the later. */
    enum Result {
        VALID, UNDECIDED, REFUSED, VIOLATED
    }

    Judgement {
        offending = List.copyOf(offending);
    }

    static Judgement of(String file, String checker, History history) {
        int judged = history.operations().size();
        try {
            return switch (Checkers.of(checker).check(history)) {
                case Verdict.Valid() -> new Judgement(file, checker, Result.VALID, "", List.of(), judged);
                case Verdict.Undecided(String why) -> new Judgement(file, checker, Result.UNDECIDED, why, List.of(), judged);
                case Verdict.Violated(String why, List<Operation> offending) ->
                    new Judgement(file, checker, Result.VIOLATED, why, offending, judged);
            };
        } catch (MalformedHistoryException e) {
            return new Judgement(file, checker, Result.REFUSED, String.valueOf(e.getMessage()), List.of(), judged);
        }
    }

    /** A file that no checker may judge. */
    static Judgement refused(String file, String why) {
        return new Judgement(file, "", Result.REFUSED, why, List.of(), 0);
    }

    /** For people: a line, and what proves a violation below it. */
    String text() {
        String verdict = switch (result) {
            case VALID -> "VALID, " + judged + " operations";
            case UNDECIDED -> "UNDECIDED: " + why;
            case REFUSED -> "REFUSED: " + why;
            case VIOLATED -> "VIOLATED: " + why;
        };
        return file + (checker.isEmpty() ? "" : "  " + checker) + "  " + verdict
                + offending.stream().map(operation -> "\n    " + operation.describe()).collect(Collectors.joining());
    }

    /** For programs: one JSON object on one line. Values are EDN in strings. */
    String json() {
        String operations = offending.stream().map(operation -> "{\"index\":" + operation.began() + ",\"process\":"
                + quoted(operation.process().text()) + ",\"f\":" + quoted(operation.f()) + ",\"value\":" + quoted(operation.value().text())
                + ",\"outcome\":" + quoted(lower(operation.outcome().name())) + "}").collect(Collectors.joining(",", "[", "]"));
        return "{\"file\":" + quoted(file) + ",\"checker\":" + quoted(checker) + ",\"verdict\":" + quoted(lower(result.name()))
                + ",\"why\":" + quoted(why) + ",\"operations\":" + operations + ",\"judged\":" + judged + "}";
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
