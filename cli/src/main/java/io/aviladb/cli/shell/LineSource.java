package io.aviladb.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Where a shell's lines come from. */
public interface LineSource {
    /** The next line, null at the end. @throws Interrupted where whoever types wants to begin the statement anew */
    @Nullable
    String read(String prompt);

    /** Whether a person sits in front of it: then an error doesn't end the shell. */
    boolean interactive();

    /** The line in hand was given up. */
    final class Interrupted extends RuntimeException {
        public Interrupted() {
            super("interrupted", null, false, false);
        }
    }

    /** Lines without prompts, from a pipe or a file. */
    static LineSource of(BufferedReader reader) {
        return new LineSource() {
            @Override
            public @Nullable String read(String prompt) {
                try {
                    return reader.readLine();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public boolean interactive() {
                return false;
            }
        };
    }
}
