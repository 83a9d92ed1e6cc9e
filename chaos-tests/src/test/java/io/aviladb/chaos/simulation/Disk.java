package io.aviladb.chaos.simulation;

import io.aviladb.node.consensus.ReplicatedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One replica's directory. What was written since the last checkpoint is lost in a crash; without one, all is. */
final class Disk {
    private final Path base;
    private Path live;
    private @Nullable Path kept; // what a crash leaves
    private int generation;

    Disk(Path base) {
        this.base = base;
        this.live = next();
    }

    private Path next() {
        return base.resolve("state" + generation++);
    }

    Path live() {
        return live;
    }

    /** What is there now outlives a crash. */
    void keep(ReplicatedState state) {
        Path copy = copy(state);
        if (kept != null) {
            delete(kept);
        }
        kept = copy;
    }

    private Path copy(ReplicatedState state) {
        Path copy = next();
        try {
            Files.createDirectories(base);
            state.checkpoint(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    /** The state was closed; what wasn't kept goes. */
    void crash() {
        delete(live);
        live = kept == null ? next() : kept;
        kept = null;
    }

    /** Another replica's state takes the place of what is here. */
    void install(ReplicatedState other) {
        Path copy = copy(other);
        delete(live);
        live = copy;
        kept = null;
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
