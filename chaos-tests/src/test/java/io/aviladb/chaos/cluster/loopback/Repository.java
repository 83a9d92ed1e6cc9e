package io.aviladb.chaos.cluster.loopback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The clone that is under test: its launcher, its distribution, and where tests leave their files. */
public final class Repository {
    private static final Path ROOT = root();
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(15);
    private static boolean current; // guarded by the class

    private Repository() {
    }

    private static Path root() {
        String configured = System.getProperty("avila.repository");
        for (Path folder = Path.of(configured == null ? "" : configured).toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("aviladb"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above has the launcher 'aviladb'");
    }

    public static Path path() {
        return ROOT;
    }

    /** The launcher's command line with these arguments. The distribution is there and is that of the sources. */
    public static List<String> command(List<String> arguments) {
        requireDistribution();
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(ROOT.resolve("aviladb").toString()), arguments.stream()).toList();
    }

    /** A missing distribution is a failure and never a reason to skip. One that is older than the sources is built again, once. */
    private static synchronized void requireDistribution() {
        if (current) {
            return;
        }
        Path launcher = ROOT.resolve("deploy/target/aviladb/bin/aviladb");
        if (!Files.exists(launcher)) {
            throw new IllegalStateException("there is no distribution in deploy/target/aviladb: run './aviladb --version' first");
        }
        Path folder = folder("build");
        try (ChildProcess version = ChildProcess.start("version", List.of(ROOT.resolve("aviladb").toString(), "--version"), folder,
                Map.of())) {
            int status = version.awaitExit(LONGEST_BUILD);
            if (status != 0) {
                throw new IllegalStateException("'./aviladb --version' ended with " + status + ": " + version.errors());
            }
        }
        current = true;
    }

    /** An empty folder for a test's files, kept after it for who looks for the cause of a failure. */
    public static Path folder(String name) {
        Path folder = ROOT.resolve("chaos-tests/target/loopback").resolve(name);
        try {
            if (Files.exists(folder)) {
                try (var all = Files.walk(folder)) {
                    for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
