package io.aviladb.node.consensus.ratis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one replica's log and state lie, and the two facts about it that must outlive both: how it voted, and whether it may vote.
 *
 * <p>Invariant: while {@code <log>.rebuilding} exists, this replica may have lost entries that it acknowledged.
 */
final class ReplicaFiles {
    static final String ASIDE = ".damaged-";
    private static final String VOTE = "raft-meta";

    private final Path log;
    private final Path state;
    private final Path marker;

    ReplicaFiles(Path log, Path state) {
        this.log = log;
        this.state = state;
        this.marker = log.resolveSibling(log.getFileName() + ".rebuilding");
    }

    Path log() {
        return log;
    }

    Path state() {
        return state;
    }

    /** Durable. */
    boolean isRebuilding() {
        return Files.exists(marker);
    }

    /** Call before anything is moved: a crash in between must find it. */
    void beginRebuilding(String why) throws IOException {
        Files.createDirectories(parent(marker));
        Files.write(marker, why.getBytes(StandardCharsets.UTF_8));
        DiskFiles.flushOne(marker);
        DiskFiles.flushOne(parent(marker));
    }

    void endRebuilding() throws IOException {
        Files.deleteIfExists(marker);
        DiskFiles.flushOne(parent(marker));
    }

    /** Whether this replica has ever had a state, so that it has voted, too. */
    boolean wasOpened() throws IOException {
        if (Files.exists(state.resolve("db"))) {
            return true;
        }
        Path current = log.resolve("current");
        if (Files.notExists(current)) {
            return false;
        }
        try (Stream<Path> all = Files.list(current)) {
            return all.anyMatch(p -> p.getFileName().toString().startsWith("log_"));
        }
    }

    /** Term and vote can be read. Where they are gone Ratis would begin anew, and format what it finds. */
    boolean knowsItsVote() throws IOException {
        return isVote(log.resolve("current").resolve(VOTE));
    }

    private static boolean isVote(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        Properties read = new Properties();
        try (var in = Files.newInputStream(file)) {
            read.load(in);
            return Long.parseLong(read.getProperty("term", "")) >= 0 && read.getProperty("votedFor") != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Moves log and state out of the way; of earlier damage only this one stays. Term and vote are kept where they can be read: a replica that
     * forgot them could vote twice in a term.
     *
     * @return where they are now
     */
    List<Path> setAside() throws IOException {
        Path asideLog = aside(log);
        Path asideState = aside(state);
        Path current = Files.createDirectories(log.resolve("current"));
        if (asideLog != null && isVote(asideLog.resolve("current").resolve(VOTE))) {
            Files.copy(asideLog.resolve("current").resolve(VOTE), current.resolve(VOTE));
        }
        DiskFiles.flush(log);
        DiskFiles.flushOne(parent(log));
        return Stream.of(asideLog, asideState).flatMap(Stream::ofNullable).toList();
    }

    /** As if this replica had voted for itself in the term, which it hasn't: so it votes for nobody in it. */
    void writeVote(long term, String self) throws IOException {
        Path current = Files.createDirectories(log.resolve("current"));
        Path fresh = log.resolve(VOTE + ".new");
        Files.writeString(fresh, "term=" + term + "\nvotedFor=" + self + "\n");
        DiskFiles.flushOne(fresh);
        DiskFiles.publish(fresh, current.resolve(VOTE));
        DiskFiles.flushOne(log);
    }

    static boolean isAside(Path path) {
        return path.getFileName().toString().contains(ASIDE);
    }

    /** Renames what is damaged to {@code <name>.damaged-<milliseconds>} and deletes what was set aside under that name before. */
    static @Nullable Path aside(Path damaged) throws IOException {
        if (Files.notExists(damaged)) {
            return null;
        }
        String prefix = damaged.getFileName() + ASIDE;
        List<Path> before;
        try (Stream<Path> all = Files.list(parent(damaged))) {
            before = all.filter(p -> p.getFileName().toString().startsWith(prefix)).toList();
        }
        Path target = damaged.resolveSibling(prefix + System.currentTimeMillis());
        if (before.contains(target)) {
            target = damaged.resolveSibling(prefix + System.currentTimeMillis() + "-" + System.nanoTime());
        }
        Files.move(damaged, target, StandardCopyOption.ATOMIC_MOVE);
        DiskFiles.flushOne(parent(damaged));
        for (Path old : before) {
            DiskFiles.delete(old);
        }
        return target;
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent());
    }
}
