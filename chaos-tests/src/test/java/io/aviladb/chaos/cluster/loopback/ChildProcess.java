package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that a test started. Its output goes to files, so that it never waits for a reader. */
public final class ChildProcess implements AutoCloseable {
    static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final Path out;
    private final Path errors;

    private ChildProcess(String name, Process process, Path out, Path errors) {
        this.name = name;
        this.process = process;
        this.out = out;
        this.errors = errors;
    }

    /** @param folder gets {@code name.out} and {@code name.err} */
    public static ChildProcess start(String name, List<String> command, Path folder, Map<String, String> environment) {
        Path out = folder.resolve(name + ".out");
        Path errors = folder.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(Repository.path().toFile()).redirectOutput(out.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new ChildProcess(name, process, out, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public String output() {
        return read(out);
    }

    public String errors() {
        return read(errors);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end; returns the exit status. */
    public int awaitExit(Duration longest) {
        try {
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " still runs after " + longest.toSeconds() + " s; it printed " + output() + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM. The process ends in time, with status 0, and has written nothing to standard error. */
    public void stopCleanly() {
        process.destroy();
        assertThat(awaitExit(LONGEST_STOP)).as("exit status of %s", name).isZero();
        assertThat(errors()).as("standard error of %s", name).isEmpty();
    }

    /** kill -9. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(LONGEST_STOP);
    }

    /** kill -9 of a process that another one started; returns when it is gone. */
    public static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(handle -> {
            handle.destroyForcibly();
            handle.onExit().orTimeout(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS).join();
        });
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
