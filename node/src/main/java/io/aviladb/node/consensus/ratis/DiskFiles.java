package io.aviladb.node.consensus.ratis;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Directories that survive a crash whole or not at all: write beside, flush, rename, flush the parent. */
final class DiskFiles {
    private DiskFiles() {
    }

    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        for (Path p : tree(root).sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(p);
        }
    }

    /** Regular files below the directory, in a stable order. */
    static List<Path> files(Path root) throws IOException {
        return tree(root).filter(Files::isRegularFile).sorted().toList();
    }

    static void flush(Path root) throws IOException {
        for (Path p : tree(root).sorted(Comparator.reverseOrder()).toList()) {
            flushOne(p);
        }
    }

    static void flushOne(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Moves a flushed directory to its final name. */
    static void publish(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        flushOne(Objects.requireNonNull(to.toAbsolutePath().getParent()));
    }

    /** Copies a directory; files that never change their content (tables and blobs) are linked. */
    static void cloneTree(Path from, Path to) throws IOException {
        for (Path source : tree(from).sorted().toList()) {
            Path target = to.resolve(from.relativize(source).toString());
            if (Files.isDirectory(source)) {
                Files.createDirectories(target);
            } else if (isImmutable(source)) {
                Files.createLink(target, source);
            } else {
                Files.copy(source, target);
            }
        }
    }

    private static boolean isImmutable(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".sst") || name.endsWith(".blob");
    }

    private static Stream<Path> tree(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.toList().stream();
        }
    }
}
