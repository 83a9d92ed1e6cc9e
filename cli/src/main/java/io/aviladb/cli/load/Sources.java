package io.aviladb.cli.load;

import io.aviladb.cli.CommandFailure;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Opens what is to be imported. */
public final class Sources {
    /** How records stand in the source. */
    public enum Type {
        ndjson, json, csv
    }

    private Sources() {
    }

    /** Opens a file, {@code .gz} decompressed; {@code -} is standard input. */
    public static InputStream open(String name) throws IOException {
        if (name.equals("-")) {
            return new BufferedInputStream(System.in, 1 << 16);
        }
        try {
            InputStream file = new BufferedInputStream(Files.newInputStream(Path.of(name)), 1 << 16);
            return name.endsWith(".gz") ? new BufferedInputStream(new GZIPInputStream(file), 1 << 16) : file;
        } catch (NoSuchFileException e) {
            throw CommandFailure.failed("there is no file " + name, "");
        }
    }

    /** What the name says, else what the first character says. The stream must support marks. */
    public static Type detect(String name, InputStream in) throws IOException {
        String lower = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (lower.endsWith(".csv") || lower.endsWith(".tsv")) {
            return Type.csv;
        }
        if (lower.endsWith(".ndjson") || lower.endsWith(".jsonl")) {
            return Type.ndjson;
        }
        in.mark(4_096);
        int b = in.read();
        for (int i = 0; i < 4_000 && (b == ' ' || b == '\t' || b == '\r' || b == '\n'); i++) {
            b = in.read();
        }
        in.reset();
        if (b == '[') {
            return Type.json;
        }
        if (b == '{' || b < 0) {
            return Type.ndjson;
        }
        throw CommandFailure.usage("it can't be seen what " + name + " holds", "Say so: --type ndjson, json or csv.");
    }

    public static RecordSource of(Type type, String name, InputStream in, char separator, Set<String> stringColumns) {
        return switch (type) {
            case ndjson -> new JsonLinesSource(in);
            case json -> new JsonArraySource(in);
            case csv -> {
                Counting counting = new Counting(in);
                char between = separator != 0 ? separator : name.contains(".tsv") ? '\t' : ',';
                yield new CsvSource(counting, () -> counting.count, between, stringColumns);
            }
        };
    }

    private static final class Counting extends FilterInputStream {
        private volatile long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = super.read(bytes, from, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
