package io.aviladb.storage.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Directories of snapshots: publishing, listing, and deleting old ones. */
public final class SnapshotFiles {
    private SnapshotFiles() {
    }

    /**
     * Gives a complete directory its name, durably: files, then the directory, are on the disk before the name is; the name is when this
     * returns.
     *
     * @param target
     *            must not exist; on the same file system
     */
    public static void publish(Path temporary, Path target) throws IOException {
        try (var files = Files.newDirectoryStream(temporary)) {
            for (Path file : files) {
                sync(file);
            }
        }
        sync(temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        sync(parentOf(target));
        Path source = parentOf(temporary);
        if (!source.equals(parentOf(target))) {
            sync(source);
        }
    }

    private static Path parentOf(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(path + " has no parent");
        }
        return parent;
    }

    /** On the disk when this returns: a file's bytes, or a directory's names. */
    public static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Published snapshots, newest first. A directory that doesn't exist has none. */
    public static List<SnapshotName> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var all = Files.list(directory)) {
            return all.filter(Files::isDirectory).map(path -> SnapshotName.parse(path.getFileName().toString())).flatMap(Optional::stream)
                    .sorted(Collections.reverseOrder()).toList();
        }
    }

    /** Deletes published snapshots but the newest ones. Unpublished directories stay: one may be under way. */
    public static void cleanUp(Path directory, int keep) throws IOException {
        for (SnapshotName old : list(directory).stream().skip(keep).toList()) {
            deleteRecursively(directory.resolve(old.toString()));
        }
    }

    /** Deletes what is there; nothing where nothing is. Follows no links. */
    public static void deleteRecursively(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) { // gone between listing and visiting: what we want
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
