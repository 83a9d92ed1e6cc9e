package io.aviladb.cli.shell;

import java.util.Optional;

/** Lines become statements: one ends at a semicolon that isn't inside a string, a quoted name or a comment. */
final class Statements {
    private final StringBuilder pending = new StringBuilder();
    private int scanned;
    private char inside; // a quote, '-' or '*' within a comment, 0 outside of all

    void add(String line) {
        pending.append(line).append('\n');
    }

    /** The next whole statement without its semicolon, where there is one. */
    Optional<String> next() {
        for (; scanned < pending.length(); scanned++) {
            char here = pending.charAt(scanned);
            char after = scanned + 1 < pending.length() ? pending.charAt(scanned + 1) : 0;
            if (inside == 0 && here == ';') {
                String statement = pending.substring(0, scanned).strip();
                pending.delete(0, scanned + 1);
                scanned = 0;
                if (!statement.isEmpty()) {
                    return Optional.of(statement);
                }
                scanned--;
            } else {
                step(here, after);
            }
        }
        return Optional.empty();
    }

    private void step(char here, char after) {
        if (inside == 0) {
            boolean comment = (here == '-' && after == '-') || (here == '/' && after == '*');
            if (here == '\'' || here == '"' || here == '`') {
                inside = here;
            } else if (comment) {
                inside = after;
                scanned++;
            }
        } else if (ends(here, after)) {
            scanned += inside == '*' ? 1 : 0; // a doubled quote ends one string and begins the next: the same
            inside = 0;
        }
    }

    private boolean ends(char here, char after) {
        return switch (inside) {
            case '-' -> here == '\n';
            case '*' -> here == '*' && after == '/';
            default -> here == inside;
        };
    }

    /** What was typed so far of a statement that has no end yet; empty where there is none. */
    String unfinished() {
        return pending.toString().strip();
    }

    void forget() {
        pending.setLength(0);
        scanned = 0;
        inside = 0;
    }
}
