package io.aviladb.benchmarks.micro;

import java.io.IOException;
import java.io.UncheckedIOException;

/** For constructors of benchmarks, which JMH doesn't let throw. */
final class Unchecked {
    /** What may throw. */
    interface Source<T> {
        T get() throws IOException;
    }

    private Unchecked() {
    }

    static <T> T get(Source<T> source) {
        try {
            return source.get();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
