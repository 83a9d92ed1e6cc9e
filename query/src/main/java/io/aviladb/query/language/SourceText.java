package io.aviladb.query.language;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;

/** The text of a statement, to show where something is wrong. */
final class SourceText {
    private static final int SHOWN = 100;
    private static final int BEFORE_CARET = 60;

    private final String text;

    SourceText(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The error with the position, the line that it stands in, and a caret under the column. */
    AvilaError error(ErrorCode code, Position at, String what) {
        String line = text.lines().skip(at.line() - 1L).findFirst().orElse("");
        int points = line.codePointCount(0, line.length());
        int column = Math.min(at.column() - 1, points);
        int from = Math.max(0, column - BEFORE_CARET);
        int to = Math.min(points, from + SHOWN);
        String part = line.substring(line.offsetByCodePoints(0, from), line.offsetByCodePoints(0, to)).replace('\t', ' ');
        return new AvilaError(code, "at " + at + ": " + what + "\n" + part + "\n" + " ".repeat(column - from) + "^");
    }
}
