package io.aviladb.cli.shell;

import java.io.IOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** A line editor with history and completion. */
public final class Terminal implements LineSource, AutoCloseable {
    private static final String[] WORDS = {"SELECT", "DISTINCT", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET",
            "UNNEST",
            "JOIN", "EXISTS", "COUNT(*)", "SUM(", "AVG(", "MIN(", "MAX(", "UPDATE", "SET", "DELETE FROM", "EXPLAIN", "EXPLAIN ANALYZE"};

    private final org.jline.terminal.Terminal terminal;
    private final LineReader reader;

    /** @param history the file that keeps what was typed */
    public Terminal(Path history) throws IOException {
        terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        reader = LineReaderBuilder.builder().terminal(terminal).appName("aviladb").completer(new StringsCompleter(WORDS))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true).option(LineReader.Option.CASE_INSENSITIVE, true)
                .variable(LineReader.HISTORY_FILE, history).build();
    }

    @Override
    public @Nullable String read(String prompt) {
        try {
            return reader.readLine(prompt);
        } catch (EndOfFileException end) {
            return null;
        } catch (UserInterruptException abandoned) {
            throw new Interrupted();
        }
    }

    @Override
    public boolean interactive() {
        return true;
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
