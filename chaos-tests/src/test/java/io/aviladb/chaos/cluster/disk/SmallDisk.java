package io.aviladb.chaos.cluster.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A file system in memory, of a given size, that can be filled. */
public final class SmallDisk implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    private final Path path;
    private final Path ballast;

    private SmallDisk(Path path) {
        this.path = path;
        this.ballast = path.resolve("ballast");
    }

    /** @throws IOException where it can't be mounted, with what the system said: root is needed */
    public static SmallDisk mount(Path at, long bytes) throws IOException {
        Files.createDirectories(at);
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + bytes, "aviladb-test", at.toString()));
        return new SmallDisk(at);
    }

    public Path path() {
        return path;
    }

    /** Writes a file until no more than this many bytes are free; 0 fills the disk to the last byte that it gives out. */
    public void fillTo(long freeBytes) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(ballast, java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND)) {
            int size = chunk.length;
            while (size > 0 && path.toFile().getUsableSpace() > freeBytes) {
                try {
                    out.write(chunk, 0, (int) Math.min(size, Math.max(1, path.toFile().getUsableSpace() - freeBytes)));
                } catch (IOException full) {
                    size /= 2; // what is left is smaller
                }
            }
        }
    }

    /** Gives back what {@link #fillTo} took. */
    public void free() throws IOException {
        Files.deleteIfExists(ballast);
    }

    /** Copies what goes with the disk: logs, for whoever looks for a cause. */
    public void keep(String suffix, Path into) throws IOException {
        Files.createDirectories(into);
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(f -> f.toString().endsWith(suffix)).toList()) {
                Files.copy(file, into.resolve(path.relativize(file).toString().replace('/', '-')), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void close() throws IOException {
        run(List.of("umount", "-l", path.toString()));
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream said = process.getInputStream()) {
            String text = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + status + ": " + text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
