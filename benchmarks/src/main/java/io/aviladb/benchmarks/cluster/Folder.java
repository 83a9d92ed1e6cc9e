package io.aviladb.benchmarks.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that goes with what is in it. */
public record Folder(Path path) implements AutoCloseable {
    /** A new one within the given folder, which is made where it is missing. */
    public static Folder in(Path parent) throws IOException {
        return new Folder(Files.createTempDirectory(Files.createDirectories(parent), "run-"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
