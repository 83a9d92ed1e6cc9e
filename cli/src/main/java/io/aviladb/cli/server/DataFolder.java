package io.aviladb.cli.server;

import io.aviladb.cli.Build;
import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import io.aviladb.cli.http.Json;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.error.AvilaError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A folder of data that belongs to this process alone while it is open. The lock dies with the process, whatever ends it. */
public final class DataFolder implements AutoCloseable {
    private static final String LOCK = "aviladb.lock";
    private static final String FORMAT = "format.json";

    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** @throws CommandFailure where another process has it, or its data are of a later format than this build knows */
    public static DataFolder open(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            if (tryLock(channel) == null) {
                String owner = readAll(channel).strip();
                throw CommandFailure.of(ExitCode.FOLDER_IN_USE, "the data in " + path.toAbsolutePath() + " are in use by another process"
                        + (owner.isEmpty() ? "" : " (pid " + owner + ")"), "Stop it first, or name another folder.");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)), 0);
            checkFormat(path.resolve(FORMAT));
            return new DataFolder(path, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            // Only the last byte of the address space is locked, so that others can read who has it where locks are mandatory.
            return channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private static String readAll(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    }

    private static void checkFormat(Path file) throws IOException {
        if (!Files.exists(file)) {
            Path beside = file.resolveSibling(FORMAT + ".new");
            Files.write(beside, Json.object("format", Build.DATA_FORMAT, "writtenBy", Build.version()).toJsonBytes());
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        long format = -1;
        try {
            format = JsonParser.parse(Files.readAllBytes(file)) instanceof JsonObject json ? Json.number(json, "format", -1) : -1;
        } catch (AvilaError damaged) {
            format = -1;
        }
        if (format < 1) {
            throw CommandFailure.of(ExitCode.DAMAGED, "the file " + file.toAbsolutePath() + " is damaged",
                    "Restore it from another node of the cluster, or remove the whole folder to begin without data.");
        }
        if (format > Build.DATA_FORMAT) {
            throw CommandFailure.of(ExitCode.NEWER_FORMAT,
                    "the data in " + file.toAbsolutePath().getParent() + " have format " + format + ", and this build ("
                            + Build.version() + ") knows formats up to " + Build.DATA_FORMAT,
                    "Use the release that wrote them, or a later one.");
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
