package io.aviladb.benchmarks.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL of its own on loopback, from an installed package (Debian: {@code postgresql-15}), with its defaults. It refuses to run as root, so there it
 * runs as {@code nobody}. Load comes from {@code pgbench}.
 */
public final class Postgres implements AutoCloseable {
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final Pattern LATENCY = Pattern.compile("latency average = ([0-9.]+) ms");

    private final Path programs;
    private final Path folder;
    private final String port;
    private final Process server;

    /** What a script of pgbench gave. */
    public record Load(double rate, double averageMillis) {}

    /** @param programs where {@code initdb}, {@code postgres}, {@code psql} and {@code pgbench} are */
    public Postgres(Path programs, Path folder) throws IOException, InterruptedException {
        this.programs = programs;
        this.folder = folder;
        this.port = String.valueOf(Ports.free(1).get(0));
        if (isRoot()) { // the user has to get through the folders that were made for this run
            run(List.of("chmod", "a+x", folder.toString(), String.valueOf(folder.getParent())));
        }
        if (isRoot()) {
            run(List.of("chown", "nobody", folder.toString()));
        }
        run(asUser("initdb", "-D", data(), "-U", "bench", "-A", "trust", "-E", "UTF8"));
        server = new ProcessBuilder(asUser("postgres", "-D", data(), "-h", Ports.HOST, "-p", port, "-k", folder.toString()))
                .redirectErrorStream(true).redirectOutput(folder.resolve("postgres.log").toFile()).start();
        Waiting.until("PostgreSQL", () -> isThere());
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private List<String> asUser(String program, String... arguments) {
        List<String> command = new ArrayList<>(isRoot() ? List.of("setpriv", "--reuid=nobody", "--clear-groups") : List.of());
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private boolean isThere() {
        try {
            run(asUser("psql", "-h", Ports.HOST, "-p", port, "-U", "bench", "-d", "postgres", "-c", "SELECT 1"));
            return true;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + output);
        }
        return output;
    }

    /** Runs a file of statements. */
    public void execute(String statements) throws IOException, InterruptedException {
        Path file = written("statements.sql", statements);
        run(asUser("psql", "-h", Ports.HOST, "-p", port, "-U", "bench", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-q", "-f",
                file.toString()));
    }

    /** Runs a statement again and again, prepared, from so many connections. */
    public Load load(String script, int connections, double seconds) throws IOException, InterruptedException {
        Path file = written("load.sql", script);
        String output = run(asUser("pgbench", "-n", "-h", Ports.HOST, "-p", port, "-U", "bench", "-M", "prepared", "-c",
                String.valueOf(connections), "-j", "2", "-T", String.valueOf(Math.max(1, Math.round(seconds))), "-f", file.toString(),
                "postgres"));
        return new Load(number(RATE, output), number(LATENCY, output));
    }

    private Path written(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        File readable = file.toFile();
        if (!readable.setReadable(true, false)) {
            throw new IOException(file + " can't be made readable");
        }
        return file;
    }

    private static double number(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("pgbench said: " + output);
        }
        return Double.parseDouble(matcher.group(1));
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
